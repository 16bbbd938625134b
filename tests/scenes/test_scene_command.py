"""`lianban scene`: new, check and test, from a terminal and for programs."""

from __future__ import annotations

import json

import pytest

from lianban.doors.cli import run


@pytest.fixture(autouse=True)
def _english(monkeypatch):
    monkeypatch.setenv("LIANBAN_LANG", "en")


def test_new_check_test_in_a_row(tmp_path, capsys):
    """The three commands of a newcomer work one after the other."""
    folder = ["--folder", str(tmp_path)]
    assert run(["scene", "new", "relief", "--zh", "司法救助", "--en", "Judicial relief", *folder]) == 0
    assert (tmp_path / "relief" / "scene.yaml").is_file()
    assert run(["scene", "check", *folder]) == 0
    assert "relief: nothing wrong" in capsys.readouterr().out
    assert run(["scene", "test", "relief", *folder]) == 0
    assert "1 tests: 1 passed, 0 failed." in capsys.readouterr().out


def test_check_tells_problems_and_fails(sandbox, capsys):
    """A problem is printed with its file and line, the exit code says so, and JSON holds the same."""
    sandbox.edit("scene.yaml", "owner: court #", "ownr: court #")
    assert run(["scene", "check", "sample", "--folder", str(sandbox.root)]) == 1
    line = sandbox.line("scene.yaml", "ownr")
    assert f'sample/scene.yaml:{line}: Unknown key "ownr". Did you mean "owner"?' in capsys.readouterr().out
    assert run(["scene", "check", "sample", "--json", "--folder", str(sandbox.root)]) == 1
    problems = json.loads(capsys.readouterr().out)["sample"]
    assert {"scene.yaml"} == {problem["file"] for problem in problems}


def test_failed_sentence_is_told_and_fails(sandbox, capsys):
    """A sentence that does not hold is printed with its line; the exit code is 1."""
    sandbox.edit("tests/first.yaml", "then: {waiting: {}, ended: true}", "then: {ended: false}")
    assert run(["scene", "test", "--folder", str(sandbox.root)]) == 1
    out = capsys.readouterr().out
    line = sandbox.line("tests/first.yaml", "ended: false")
    assert f"tests/first.yaml:{line}: The matter is closed." in out
    assert run(["scene", "test", "--json", "--folder", str(sandbox.root)]) == 1
    assert json.loads(capsys.readouterr().out)["sample"][0]["failed_at"] == line


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["new", "sample"], "already exists"),
        (["new", "Bad-Name"], "cannot name a scene"),
        (["new", "../up"], "cannot name a scene"),
        (["new", "good", "--zh", "English"], "cannot be used"),
        (["new", "good", "--en", 'a"b: c'], "cannot be used"),
        (["check", "sampel"], 'no scene named "sampel"'),
    ],
)
def test_mistake_of_the_caller_is_told_and_writes_nothing(sandbox, capsys, arguments, said):
    """A wrong name or title is an error of the family, exit code 2, and no file appears."""
    before = sorted(sandbox.root.rglob("*"))
    assert run(["scene", *arguments, "--folder", str(sandbox.root)]) == 2
    assert said in capsys.readouterr().err
    assert sorted(sandbox.root.rglob("*")) == before


def test_empty_folder_of_scenes_is_told(tmp_path, capsys):
    """Checking where there are no scenes is a mistake, not a success."""
    assert run(["scene", "check", "--folder", str(tmp_path)]) == 2
    assert "no scenes" in capsys.readouterr().err
