"""``lianban scene deploy`` and ``export``: the folder and the pages, told apart and brought together."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from scene_texts import DRAWING, MOVED, RENAMED, TABLE, table
from test_drafting import SCENE, publish, save


@pytest.fixture
def run(city, tmp_path, settings):
    """Run the program on a copy of the folder of scenes."""
    folder = tmp_path / "scenes"
    shutil.copytree(settings.SCENES / SCENE, folder / SCENE)

    def call(*arguments: str, expect: int = 0):
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "lianban.doors.cli", "scene", *arguments],
            env=os.environ | {"LIANBAN_DATABASE_NAME": city.database, "LIANBAN_DEMO": "1", "LANG": "en_US.UTF-8",
                              "LIANBAN_SCENES": str(folder)},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == expect, done.stdout + done.stderr
        return json.loads(done.stdout) if "--json" in arguments else done.stdout + done.stderr

    call.folder = folder / SCENE
    return call


def test_export_then_deploy(city, run):
    """What was published on a page comes into the folder byte for byte, and deploying it then changes nothing."""
    save(city, RENAMED)
    publish(city, 1)
    save(city, table(), base=0, file=TABLE)
    publish(city, 1, file=TABLE)
    assert "There is nothing new" in run("deploy")
    written = {line["file"]: line["version"] for line in run("export", SCENE, "--json")}
    assert written == {DRAWING: 2, TABLE: 1}
    assert (Path(run.folder) / DRAWING).read_text("utf-8") == RENAMED
    assert (Path(run.folder) / TABLE).read_text("utf-8") == table()
    assert run("deploy", "--json") == []
    assert "holds what is live already" in run("export", SCENE)
    assert "nothing wrong" in run("check", SCENE)


def test_conflict_is_told_and_settled(city, run):
    """Changed on both sides: deployment and export refuse to write over either, until somebody says which wins."""
    save(city, MOVED.replace("审批", "批准"))
    publish(city, 1)
    drawing = Path(run.folder) / DRAWING
    drawing.write_text(RENAMED, "utf-8")
    assert "version 2 was published on a page" in run("deploy", expect=1)
    assert "version 2 was published on a page" in run("deploy", "--keep")
    assert "was changed and not deployed" in run("export", SCENE, expect=1)
    assert drawing.read_text("utf-8") == RENAMED
    run("export", SCENE, "--replace")
    assert "批准" in drawing.read_text("utf-8")
    drawing.write_text(RENAMED, "utf-8")
    assert run("deploy", "--replace", SCENE, "--json") == [
        {"scene": SCENE, "file": DRAWING, "version": 3, "outcome": "live"}
    ]
