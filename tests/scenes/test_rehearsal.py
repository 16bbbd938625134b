"""Scene tests: sentences an official can read, played on the scene's own drawing, forms and clocks."""

from __future__ import annotations

import pytest

from lianban.engines.scenes import SceneRefused, load_scene, scene_names
from lianban.engines.scenes.rehearsal import rehearse

GIVEN = "  given: {at: 2026-03-02 09:00, form: {summary: 示例事项}}\n"


def play(sandbox, text):
    sandbox.write("tests/first.yaml", text)
    return rehearse(load_scene(sandbox.folder), sandbox.folder)


def test_every_sentence_of_every_scene_holds(scenes_folder):
    """The tests of the project's scenes pass, and every scene has some."""
    for name in scene_names(scenes_folder):
        played = rehearse(load_scene(scenes_folder / name), scenes_folder / name)
        assert played, name
        assert [(e.title.en, e.failed_at, e.failure) for e in played if not e.passed] == []


def test_new_scene_passes_its_own_test(sandbox):
    """What `lianban scene new` writes is tested from the first minute."""
    played = rehearse(load_scene(sandbox.folder), sandbox.folder)
    assert [entry.passed for entry in played] == [True]


@pytest.mark.parametrize(
    ("sentence", "line", "said"),
    [
        ("  then: {waiting: {审核: 1}}\n", 3, "What waits is: 办理 1"),
        ("  then: {stages: [审核]}\n", 3, "The stages lit are: handle"),
        ("  then: {ended: true}\n", 3, "is not closed"),
        ("  then: {called: {letters.remind: 1}}\n", 3, "it was called 0 times"),
        ("  then: {due: {办理: 2026-03-03}}\n", 3, "is due on no day"),
        ("  when: [{by: 法官, do: 办理}]\n  then: {}\n", 3, "belongs to clerk"),
        ("  when: [{by: 书记员, do: 办里}]\n  then: {}\n", 3, 'Did you mean "办结" or "办理"?'),
        ("  when: [{by: 书记员, do: 办理}]\n  then: {}\n", 3, '"Result" must be filled in'),
        ("  when: [{by: 书记员, do: 审核}]\n  then: {}\n", 3, "already done, withdrawn or unknown"),
        (
            "  when: [{by: 书记员, do: 办理, fill: {result: 已办}, refused: 不许}]\n  then: {}\n",
            3,
            "and was not",
        ),
        ("  when: [{by: 书记员, do: 办理, refused: 不许}]\n  then: {}\n", 3, "the reason was"),
        ("  when: [{until: 2026-03-01 09:00}]\n  then: {}\n", 3, "cannot run backwards"),
        ("  when: [{until: soon}]\n  then: {}\n", 3, "is not a moment"),
        ("  when: [{withdraw: tax}]\n  then: {}\n", 3, "no open branch"),
    ],
)
def test_sentence_that_does_not_hold_is_told(sandbox, sentence, line, said):
    """A wrong sentence fails its test, with its line and what was the case instead."""
    (entry,) = play(sandbox, "- title: {zh: 甲, en: A}\n" + GIVEN + sentence)
    assert not entry.passed
    assert entry.failed_at == line
    assert said in entry.failure.en
    assert entry.failure.zh


def test_matter_form_that_is_wrong_fails_the_test(sandbox):
    """The matter form of a test is checked like any other."""
    (entry,) = play(
        sandbox,
        "- title: {zh: 甲, en: A}\n  given: {at: 2026-03-02 09:00, form: {}}\n  then: {ended: false}\n",
    )
    assert "事由" in entry.failure.zh


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- title: {zh: 甲, en: A}\n  given: {at: 2026-03-02 09:00}\n", "nothing is checked"),
        ("- title: {zh: 甲, en: A}\n  given: {}\n  then: {ended: true}\n", '"at" is missing'),
        ("- title: {zh: 甲}\n  given: {at: x}\n  then: {ended: true}\n", '"en" is missing'),
        ("- title: {zh: 甲, en: A}\n" + GIVEN + "  then: {endet: true}\n", 'Did you mean "ended"?'),
        (
            "- title: {zh: 甲, en: A}\n" + GIVEN + "  when: [{dos: 办理}]\n  then: {ended: true}\n",
            "A step needs one of",
        ),
        (
            "- title: {zh: 甲, en: A}\n"
            + GIVEN
            + "  when: [{do: 办理, bye: 书记员}]\n  then: {ended: true}\n",
            'Unknown key "bye"',
        ),
        ("title: x\n", "must hold a list"),
    ],
)
def test_test_that_cannot_be_understood_is_refused(sandbox, text, said):
    """A misspelt test is a problem of its file and line, never a test that silently passes."""
    with pytest.raises(SceneRefused) as caught:
        play(sandbox, text)
    assert any(said in problem.en for problem in caught.value.problems)
    assert all(problem.file == "tests/first.yaml" for problem in caught.value.problems)


def test_send_back_by_hand(sandbox):
    """A step may be returned by hand to an earlier one."""
    (entry,) = play(
        sandbox,
        "- title: {zh: 甲, en: A}\n" + GIVEN + "  when:\n"
        "    - {by: 书记员, do: 办理, fill: {result: 已办}}\n"
        "    - {send_back: 审核, to: 办理}\n"
        "  then: {waiting: {办理: 1}}\n",
    )
    assert entry.passed, entry.failure
