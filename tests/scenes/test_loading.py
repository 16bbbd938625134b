"""Loading a scene: what is right loads, what is wrong is named with its file, its line and what to do."""

from __future__ import annotations

import pickle
from datetime import date

import pytest

from lianban.engines.scenes import (
    Force,
    SceneMissing,
    SceneRefused,
    Side,
    Status,
    check_scene,
    load_scene,
    load_scenes,
    scene_names,
)


def test_every_scene_of_the_project_loads(scenes_folder):
    """The scenes shipped with the project have no problems."""
    assert scene_names(scenes_folder)
    for name in scene_names(scenes_folder):
        assert [p.text("en") for p in check_scene(scenes_folder / name)] == []
    assert set(load_scenes(scenes_folder)) == set(scene_names(scenes_folder))


def test_new_scene_loads_as_a_draft(sandbox):
    """What `lianban scene new` writes loads, is a draft, and opens no matters."""
    scene = load_scene(sandbox.folder)
    assert scene.status is Status.DRAFT
    assert not scene.open_for_matters
    assert scene.roles["clerk"].addresses() == ("clerk@lead",)
    assert [stage.title.en for stage in scene.stages] == ["Handle", "Review"]
    assert scene.process.graph.process_id == "sample"
    assert scene.matter_form in scene.forms


def test_assistance_holds_what_records_and_actions_need(scenes_folder):
    """The letter of assistance asks and never controls, and cites the article in force on its day."""
    scene = load_scene(scenes_folder / "assistance")
    letter = scene.letters["inquiry"]
    assert letter.force is Force.ASK
    assert scene.clocks == ("assistance.sign_for", "assistance.answer")
    assert [b.code for b in scene.bases_for("inquiry", date(2023, 6, 1))] == [
        "cpl_2021_249",
        "property_lead",
        "online_query",
    ]
    assert "cpl_2023_253" in [b.code for b in scene.bases_for("inquiry", date(2024, 1, 1))]
    assert [q.code for q in scene.questions_for("inquiry", "tax")] == ["tax"]
    assert scene.roles["supervisor"].sides == (Side.SUPERVISOR,)


PROBLEMS = [
    ("scene.yaml", "owner: court #", "ownr: court #", "ownr", 'Did you mean "owner"?'),
    ("scene.yaml", "status: draft", "status: drafts", "status: drafts", 'Did you mean "draft"?'),
    ("scene.yaml", "zh: 书记员, en: Clerk,", "zh: 书记员,", "code: clerk", '"en" is missing'),
    ("scene.yaml", "en: Clerk,", "en: 书记员,", "code: clerk", '"en" holds Chinese'),
    ("scene.yaml", "code: judge", "code: clerk", "法官", "already used"),
    ("scene.yaml", "code: judge", "code: Judge", "Judge", "is not a code"),
    ("scene.yaml", "sides: [lead]", "sides: [leading]", "code: clerk", "is not a side"),
    ("scene.yaml", "years: 5", "years: five", "years: five", "whole number from 1 to 100"),
    ("scene.yaml", "name: sample", "name: other", "name: other", "Make them the same"),
    ("scene.yaml", "{number}号", "{seq}号", "number_format", 'There is no "seq" in a number'),
    ("scene.yaml", "matter_form: matter", "matter_form: mater", "matter_form", 'Did you mean "matter"?'),
    ("scene.yaml", "matter_form: matter", "matter_form: matter\nclocks: [assistance.anser]", "clocks", 'Did you mean "assistance.answer"?'),
    ("scene.yaml", 'version: "1"', "version: 1", "version: 1", "Put numbers and dates in quotes"),
    ("scene.yaml", 'version: "1"', 'version: "1"\nversion: "2"', 'version: "2"', "Not valid YAML"),
    ("scene.yaml", "roles:", "roles: &r", "roles", "anchors"),
    ("forms/review.yaml", "maxLength", "maxLenght", "maxLenght", 'Did you mean "maxLength"?'),
    ("forms/review.yaml", "return: {zh: 退回, en: Return}", "back: {zh: 退回, en: Return}", "x-enum", 'value "return" has no'),
    ("forms/review.yaml", "enum: [approve, return]", "x-codes: role", "x-codes", 'Did you mean "roles"?'),
    ("forms/matter.yaml", "type: string", "type: strin", "type: strin", "not valid JSON Schema"),
    ("indicators.yaml", "of: matters", "of: matter", "of: matter", "matters"),
    ("process.bpmn", "clerk@lead", "clark@lead", 'id="handle"', 'Did you mean "clerk@lead"?'),
    ("process.bpmn", "clerk@lead", "clerk@branch", 'id="handle"', 'in no multi-instance branch'),
    ("process.bpmn", 'formId="review"', 'formId="reviw"', 'id="review"', 'Did you mean "review"?'),
    ("process.bpmn", 'name="stage" value="handle"', 'name="stag" value="handle"', 'id="handle"', 'Did you mean "stage"?'),
    ("process.bpmn", 'name="stage" value="handle"', 'name="action" value="letters.anser"', 'id="handle"', 'Did you mean "letters.answer"?'),
    ("process.bpmn", 'name="stage" value="handle"', 'name="clock" value="assistance.answer"', 'id="handle"', "not listed under clocks"),
    ("process.bpmn", 'name="stage" value="handle"', 'name="stage" value="handel"', 'id="handle"', 'Did you mean "handle"?'),
    ("process.bpmn", 'xsi:type="bpmn:tFormalExpression">=decision = ', 'xsi:type="bpmn:tFormalExpression">=decision ((', '=decision ((', "FEEL"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "at", "said"), PROBLEMS)
def test_problem_is_named_with_its_line(sandbox, file, old, new, at, said):
    """One mistake in one file gives a problem of that file and line, with what to do, in both languages."""
    sandbox.edit(file, old, new)
    problems = check_scene(sandbox.folder)
    here = [p for p in problems if p.file == file]
    assert here, problems
    assert sandbox.line(file, at) in {p.line for p in here}, here
    assert any(said in p.en for p in here), [p.en for p in here]
    assert all(any("\u4e00" <= c <= "\u9fff" for c in p.zh) for p in problems)


def test_unsupported_element_is_refused_by_its_id(sandbox):
    """A drawing with an element outside the profile names it and says what to draw instead."""
    path = sandbox.folder / "process.bpmn"
    path.write_text(path.read_text("utf-8").replace("bpmn:exclusiveGateway", "bpmn:complexGateway"), "utf-8")
    problems = [p for p in check_scene(sandbox.folder) if p.file == "process.bpmn"]
    assert any(p.en.startswith("reviewed “同意？”: ") for p in problems)
    assert sandbox.line("process.bpmn", "complexGateway") in {p.line for p in problems}


def test_all_problems_are_told_at_once(sandbox):
    """Mistakes in four files are one error with all of them, sorted by file and line."""
    sandbox.edit("scene.yaml", "owner: court #", "ownr: court #")
    sandbox.edit("forms/review.yaml", "maxLength", "maxLenght")
    sandbox.edit("process.bpmn", "judge@lead", "juge@lead")
    sandbox.edit("indicators.yaml", "unit: count", "unit: counts")
    with pytest.raises(SceneRefused) as caught:
        load_scene(sandbox.folder)
    problems = caught.value.problems
    assert {p.file for p in problems} >= {
        "scene.yaml",
        "forms/review.yaml",
        "process.bpmn",
        "indicators.yaml",
    }
    assert list(problems) == sorted(problems)
    assert caught.value.found["count"] == len(problems)
    assert pickle.loads(pickle.dumps(caught.value)).problems == problems
    for problem in problems:
        assert problem.place in caught.value.text("zh")


@pytest.mark.parametrize("file", ["helper.py", "forms/helper.py", "tests/conftest.py"])
def test_scene_with_a_program_is_refused(sandbox, file):
    """A Python file anywhere in a scene keeps it from loading."""
    sandbox.write(file, "print()\n")
    assert [(p.file, "no program" in p.en) for p in check_scene(sandbox.folder)] == [(file, True)]


def test_unknown_and_linked_files_are_refused(sandbox):
    """A file that means nothing here is refused with what may be meant, a link whatever it leads to."""
    sandbox.write("indicator.yaml", "[]")
    (sandbox.folder / "forms" / "linked.yaml").symlink_to("/etc/hostname")
    found = {p.file: p.en for p in check_scene(sandbox.folder)}
    assert 'Did you mean "indicators.yaml"?' in found["indicator.yaml"]
    assert "Links are not allowed" in found["forms/linked.yaml"]


def test_files_that_are_not_text_are_refused(sandbox):
    """Bytes that are no UTF-8 and files far too large are problems, not crashes."""
    sandbox.write("forms/review.yaml", b"x-label: \xff\xfe\n")
    sandbox.write("forms/handle.yaml", "a: " + "x" * 600_000)
    found = {p.file: p.en for p in check_scene(sandbox.folder)}
    assert "Not UTF-8" in found["forms/review.yaml"]
    assert "Split it" in found["forms/handle.yaml"]


@pytest.mark.parametrize("text", ["", "[]", "1", "null", "- a\n- b\n"])
def test_scene_yaml_that_is_no_mapping_is_refused(sandbox, text):
    """An empty scene.yaml, or one that is a list, is a problem of that file."""
    sandbox.write("scene.yaml", text)
    assert {p.file for p in check_scene(sandbox.folder)} == {"scene.yaml"}


def test_missing_drawing_and_forms_are_told(sandbox):
    """Without a drawing or forms the scene says what is missing."""
    (sandbox.folder / "process.bpmn").unlink()
    for path in (sandbox.folder / "forms").iterdir():
        path.unlink()
    found = {p.file for p in check_scene(sandbox.folder)}
    assert {"process.bpmn", "forms"} <= found


def test_unknown_scene_names_what_is_near(sandbox):
    """A misspelt scene is answered with the nearest name."""
    with pytest.raises(SceneMissing) as caught:
        load_scene(sandbox.root / "sampel")
    assert "是否想写“sample”？" in caught.value.text("zh")
    assert "sample" in caught.value.text("en")


def test_hash_follows_behaviour_and_nothing_else(sandbox):
    """The hash changes with a form and not with the README, the tests or the demo data."""
    before = load_scene(sandbox.folder).hash
    sandbox.write("README.md", "other words")
    sandbox.edit("tests/first.yaml", "示例事项", "别的事项")
    assert load_scene(sandbox.folder).hash == before
    sandbox.edit("forms/review.yaml", "maxLength: 1000", "maxLength: 999")
    assert load_scene(sandbox.folder).hash != before


def test_letter_of_control_cannot_rest_on_a_basis_that_asks(sandbox):
    """A control letter needs a basis that carries control; a question's answer form must exist."""
    sandbox.edit(
        "scene.yaml",
        "retention:",
        """legal_basis:
  - {code: ask_only, zh: 查询, en: Asking, source: 某法, article: "1", force: ask, from: 2024-01-01}
letters:
  - {code: seizing, zh: 查封函, en: Seizing, force: control, legal_basis: [ask_only], answer_form: anser}
retention:""",
    )
    said = [p.en for p in check_scene(sandbox.folder)]
    assert any("only lets one ask" in text for text in said)
    assert any('"answer_form" names a form "anser"' in text for text in said)


def test_basis_that_ends_before_it_begins_is_refused(sandbox):
    """The two dates of an article are checked against each other."""
    sandbox.edit(
        "scene.yaml",
        "retention:",
        """legal_basis:
  - {code: old, zh: 旧法, en: Old, source: 某法, article: "1", force: ask, from: 2024-01-01, to: 2023-01-01}
retention:""",
    )
    assert any("before" in p.en for p in check_scene(sandbox.folder))


def test_loading_several_scenes_tells_the_problems_of_all(sandbox):
    """load_scenes raises one error whose files carry the scene's name."""
    from lianban.engines.scenes.scaffold import new_scene

    new_scene(sandbox.root, "second", "第二", "Second")
    (sandbox.root / "second" / "process.bpmn").unlink()
    sandbox.edit("scene.yaml", "owner: court #", "ownr: court #")
    with pytest.raises(SceneRefused) as caught:
        load_scenes(sandbox.root)
    assert {p.file.split("/")[0] for p in caught.value.problems} == {"sample", "second"}
