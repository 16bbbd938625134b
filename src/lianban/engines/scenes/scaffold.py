"""Makes a new scene: a small one that loads, passes its own test, and marks what to change."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from string import Template

from lianban.engines.scenes.loading import NAME
from lianban.engines.scenes.problems import SceneExists, SceneNameWrong, SceneTitleWrong
from lianban.engines.scenes.reading import CHINESE

STARTER = Path(__file__).parent / "starter"
MAX_TITLE = 40


def new_scene(scenes: Path | str, name: str, zh: str, en: str) -> list[Path]:
    """Write the starter as ``scenes``/``name`` and return its files. Nothing is written when it is refused.

    Raises :class:`SceneNameWrong`, :class:`SceneTitleWrong` or :class:`SceneExists`.
    """
    if not NAME.match(name):
        raise SceneNameWrong(scene=name[:60])
    if (
        not CHINESE.search(zh)
        or not en.strip()
        or CHINESE.search(en)
        or _breaks_a_file(zh)
        or _breaks_a_file(en)
    ):
        raise SceneTitleWrong(zh=zh[:60], en=en[:60])
    folder = Path(scenes) / name
    if folder.exists():
        raise SceneExists(scene=name)
    written = []
    for relative, text in starter_files(name, zh, en):
        target = folder / relative
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        written.append(target)
    return written


def starter_files(name: str, zh: str, en: str) -> Iterator[tuple[str, str]]:
    """(relative path, content) of a new scene."""
    words = {"name": name, "zh": zh, "en": en}
    for path in sorted(STARTER.rglob("*")):
        if path.is_file() and path.suffix in (".yaml", ".bpmn", ".md"):
            yield path.relative_to(STARTER).as_posix(), Template(path.read_text("utf-8")).substitute(words)


def _breaks_a_file(title: str) -> bool:
    """The title goes into YAML and XML as it is; what would need quoting there is refused instead."""
    return len(title) > MAX_TITLE or any(c in title for c in "{}[]<>&\"':,#$\\\n\r\t")
