"""Whatever stands in a scene's files, the answer is a list of problems, never a traceback.

Mutations are drawn from fixed seeds: one value anywhere in a file is replaced by junk. A failure names its seed.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import os
import random
import shutil
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from lianban.engines.errors import LianbanError
from lianban.engines.scenes import check_scene, load_scene
from lianban.engines.scenes.city import load_city
from lianban.engines.scenes.rehearsal import rehearse
from lianban.engines.scenes.samples import load_samples

ROUNDS = int(os.environ.get("LIANBAN_BROKEN_ROUNDS", "6"))
JUNK = [
    *(
        None,
        True,
        0,
        -1,
        10**20,
        1.5,
        float("inf"),
        "",
        " ",
        "a",
        "甲",
        "{",
        "{x}",
        "=",
        "=a +",
        "letters.answer",
    ),
    *(
        "yes",
        "x" * 300,
        dt.date(2026, 2, 28),
        [],
        [1],
        [None],
        ["a", "a"],
        [[]],
        [{}],
        [{"code": "a"}],
        {},
        {"a": 1},
    ),
    *(
        {1: 2},
        {"zh": "甲"},
        {"zh": "甲", "en": "A"},
        {"zh": 1, "en": []},
        {"$ref": "#/$defs/a"},
        {"one_of": []},
    ),
    *(
        {"some_of": "units", "least": 9, "most": 2},
        {"case_number": ""},
        {"person": "nothing"},
        {"type": "object"},
    ),
]
FILES = [
    "scene.yaml",
    "indicators.yaml",
    "forms/matter.yaml",
    "forms/answer.yaml",
    "tests/life.yaml",
    "demo/matters.yaml",
]


def places(node, at=()):
    """Every place of a document at which a value could be replaced."""
    yield at
    if isinstance(node, dict):
        for key, child in node.items():
            yield from places(child, (*at, key))
    elif isinstance(node, list):
        for index, child in enumerate(node):
            yield from places(child, (*at, index))


def broken(path: Path, seed: str) -> str:
    """The file with one value replaced by junk."""
    draw = random.Random(seed)
    yaml = YAML(typ="safe")
    document = yaml.load(path.read_text("utf-8"))
    at, value = draw.choice(list(places(document))), draw.choice(JUNK)
    if at:
        node = document
        for step in at[:-1]:
            node = node[step]
        node[at[-1]] = value
    else:
        document = value
    out = io.StringIO()
    yaml.allow_unicode = True
    yaml.dump(document, out)
    return out.getvalue()


@pytest.fixture(scope="module")
def copy(scenes_folder, tmp_path_factory):
    root = tmp_path_factory.mktemp("broken")
    shutil.copytree(scenes_folder / "assistance", root / "assistance")
    return root


@pytest.fixture(scope="module")
def city(scenes_folder):
    return load_city(scenes_folder / "city.yaml")


@pytest.mark.parametrize("seed", range(ROUNDS))
@pytest.mark.parametrize("file", FILES)
def test_broken_file_gives_problems_and_no_traceback(copy, scenes_folder, city, file, seed):
    """With one value replaced by junk a scene loads, or is refused with places and words."""
    folder = copy / "assistance"
    target, source = folder / file, scenes_folder / "assistance" / file
    target.write_text(broken(source, f"{file}/{seed}"), "utf-8")
    try:
        problems = check_scene(folder)
        assert all(problem.zh and problem.en for problem in problems)
        if not problems:
            scene = load_scene(folder)
            with contextlib.suppress(LianbanError):
                rehearse(scene, folder)
            with contextlib.suppress(LianbanError):
                list(load_samples(scene, city, folder).matters(2026))
            for form in scene.forms.values():
                form.fields()
                form.validate(form.parse({}))
    finally:
        shutil.copy(source, target)


@pytest.mark.parametrize("seed", range(2 * ROUNDS))
def test_broken_city_gives_problems_and_no_traceback(copy, scenes_folder, seed):
    """The same for the city's file."""
    target = copy / "broken.yaml"
    target.write_text(broken(scenes_folder / "city.yaml", f"city/{seed}"), "utf-8")
    with contextlib.suppress(LianbanError):
        list(load_city(target).officers())
