"""The manual names everything that the loader knows, and the worked example in the README is true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lianban.engines.forms import FORMATS, Widget
from lianban.engines.forms.hints import HINTS
from lianban.engines.scenes import check_scene, load_scene
from lianban.engines.scenes.abilities import ABILITIES
from lianban.engines.scenes.declarations import PLACEHOLDERS
from lianban.engines.scenes.drawing import PROPERTIES
from lianban.engines.scenes.expansion import HINTS as SCENE_HINTS
from lianban.engines.scenes.loading import KEYS
from lianban.engines.scenes.rehearsal import STEPS, THEN
from lianban.engines.scenes.samples import _DRAWS

PROJECT = Path(__file__).resolve().parents[2]
MANUAL = (PROJECT / "docs" / "reference" / "scenes.md").read_text("utf-8")


@pytest.mark.parametrize(
    "words",
    [
        KEYS,
        ABILITIES,
        PROPERTIES,
        HINTS - {"x-question"},
        SCENE_HINTS,
        FORMATS,
        list(Widget),
        PLACEHOLDERS,
        STEPS,
        THEN,
        _DRAWS,
    ],
    ids=[
        "keys",
        "abilities",
        "properties",
        "hints",
        "scene-hints",
        "formats",
        "widgets",
        "placeholders",
        "steps",
        "then",
        "draws",
    ],
)
def test_manual_names_everything(words):
    """Nothing that a scene may write is missing from the reference."""
    assert [
        word for word in words if not re.search(rf"(?<![\w-]){re.escape(str(word))}(?![\w-])", MANUAL)
    ] == []


def test_every_scene_has_its_page(scenes_folder):
    """Each scene has a README and stands in the table of scenes."""
    table = (scenes_folder / "README.md").read_text("utf-8")
    for path in scenes_folder.glob("*/scene.yaml"):
        assert (path.parent / "README.md").is_file()
        assert f"[{path.parent.name}]({path.parent.name}/README.md)" in table


def test_worked_example_of_the_readme_loads(sandbox, scenes_folder):
    """The YAML of steps two and three, put into a new scene, loads, and its letter and form are there."""
    blocks = re.findall(r"```yaml\n(.*?)```", (scenes_folder / "README.md").read_text("utf-8"), re.S)
    declared, form = blocks[0], blocks[1]
    scene_yaml = (sandbox.folder / "scene.yaml").read_text("utf-8")
    start, end = scene_yaml.index("roles:"), scene_yaml.index("stages:")
    sandbox.write("scene.yaml", scene_yaml[:start] + declared + "\n" + scene_yaml[end:])
    sandbox.write("forms/answer.yaml", form)
    assert [problem.text("en") for problem in check_scene(sandbox.folder)] == []
    scene = load_scene(sandbox.folder)
    assert [question.code for question in scene.questions_for("handover", "civil_affairs")] == ["hardship"]
    good = {
        "result": "yes",
        "findings": {"hardship": {"found": True, "records": [{"support_kind": "临时救助"}]}},
    }
    assert scene.forms["answer"].validate(good) == []
