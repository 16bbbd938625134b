"""A small scene in a temporary folder, to break in one place at a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from lianban.engines.scenes.scaffold import new_scene

SCENES = Path(__file__).resolve().parents[2] / "scenes"


class Sandbox:
    """A new scene whose files a test may edit."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / "sample"
        new_scene(root, "sample", "样例", "Sample")

    def edit(self, file: str, old: str, new: str) -> None:
        path = self.folder / file
        text = path.read_text("utf-8")
        assert old in text, f"{old!r} is not in {file}"
        path.write_text(text.replace(old, new, 1), "utf-8")

    def write(self, file: str, text: str | bytes) -> None:
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)

    def line(self, file: str, containing: str) -> int:
        """The number of the first line that holds these characters."""
        for number, text in enumerate((self.folder / file).read_text("utf-8").splitlines(), start=1):
            if containing in text:
                return number
        raise AssertionError(containing)


@pytest.fixture
def sandbox(tmp_path):
    return Sandbox(tmp_path)


@pytest.fixture(scope="session")
def scenes_folder():
    return SCENES
