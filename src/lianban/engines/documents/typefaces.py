"""The fonts a document is set in, and whether they have every character.

Two open families are needed: Noto Serif SC for text and titles, Noto Sans SC for headings and tables (both
SIL Open Font License, pinned by hash in ``frontend/assets.lock``). An organ that owns 仿宋 and 小标宋 puts
them in the folder and names them: ``Typefaces(folders, serif="FangSong", title="FZXiaoBiaoSong-B05S")``. Any
other family in the folder serves for characters that these lack. The machine's own fonts are never looked at: the same input must give the same bytes anywhere.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import typst
from fontTools.ttLib import TTFont

from lianban.engines.documents.errors import FontsMissing, GlyphsMissing

SERIF = "Noto Serif SC"
SANS = "Noto Sans SC"


@dataclass(frozen=True)
class Typefaces:
    """The families found in some folders. Make it once with :func:`find_typefaces` and keep it."""

    folders: tuple[Path, ...]
    serif: str = SERIF
    sans: str = SANS
    title: str = SERIF

    @cached_property
    def loaded(self) -> typst.Fonts:
        """The fonts as the typesetter reads them."""
        return typst.Fonts(
            include_system_fonts=False,
            include_embedded_fonts=False,
            font_paths=[str(folder) for folder in self.folders],
        )

    def checked(self) -> Typefaces:
        """Itself, or FontsMissing when a named family is not in the folders."""
        there = set(self.loaded.families())
        absent = [name for name in dict.fromkeys((self.serif, self.title, self.sans)) if name not in there]
        if absent:
            folders = "、".join(map(str, self.folders)) or "—"
            raise FontsMissing(families="、".join(absent), folders=folders)
        return self

    @cached_property
    def others(self) -> tuple[str, ...]:
        """Families beyond these, tried in order of name for characters that these lack."""
        return tuple(sorted(set(self.loaded.families()) - {self.serif, self.sans, self.title}))

    @cached_property
    def characters(self) -> frozenset[int]:
        """Every code point that some family can draw."""
        files = sorted({(info.path, info.index) for info in self.loaded.fonts() if info.path})
        return frozenset().union(*(_code_points(path, index) for path, index in files))

    def missing(self, texts: Iterable[str]) -> list[str]:
        """The characters of the texts that no family can draw, in the order met."""
        wanted = dict.fromkeys(character for text in texts for character in text)
        return [
            character
            for character in wanted
            if ord(character) not in self.characters and not _is_blank(character)
        ]

    def require(self, texts: Iterable[str]) -> None:
        """GlyphsMissing, with every character and its code point, if some cannot be drawn."""
        missing = self.missing(texts)
        if missing:
            shown = "、".join(f"{character}（U+{ord(character):04X}）" for character in missing[:20])
            raise GlyphsMissing(characters=shown, count=len(missing))


def find_typefaces(folders: str | Path | Iterable[str | Path] | Typefaces) -> Typefaces:
    """The two families in the folders (searched in depth), or FontsMissing with the remedy."""
    if isinstance(folders, Typefaces):
        return folders.checked()
    if isinstance(folders, str | Path):
        folders = (folders,)
    return _find(tuple(Path(folder) for folder in folders))


@lru_cache(maxsize=8)
def _cached(folders: tuple[Path, ...], _state: tuple[tuple[str, int, int], ...]) -> Typefaces:
    return Typefaces(folders)


def _find(folders: tuple[Path, ...]) -> Typefaces:
    # The state of the files is part of the key, so that a font added later is seen.
    files = [
        file
        for folder in folders
        for file in sorted(folder.rglob("*"))
        if file.suffix.lower() in (".ttf", ".otf", ".ttc", ".otc")
    ]
    state = tuple((str(file), file.stat().st_size, file.stat().st_mtime_ns) for file in files)
    return _cached(folders, state).checked()


@lru_cache(maxsize=64)
def _code_points(path: str, index: int) -> frozenset[int]:
    with TTFont(path, fontNumber=index, lazy=True) as font:
        # Glyph names are not needed, and reading the table of names takes longer than all the rest.
        font.setGlyphOrder([str(glyph) for glyph in range(font["maxp"].numGlyphs)])
        return frozenset(font.getBestCmap() or ())


def _is_blank(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) == "Zs"
