"""Fonts: found where told, never elsewhere."""

import shutil

import pytest
from samples import CREATED_AT, SAMPLES

from lianban.engines.documents import Kind, Typefaces, find_typefaces, load_template, render_pdf
from lianban.engines.documents.errors import FontsMissing


def test_missing_fonts_say_what_to_do(tmp_path):
    """An empty folder names the families, where it looked, and the remedy."""
    with pytest.raises(FontsMissing) as refusal:
        find_typefaces(tmp_path)
    for part in ("Noto Serif SC", "Noto Sans SC", str(tmp_path), "lianban parts fetch"):
        assert part in refusal.value.text("zh")
        assert part in refusal.value.text("en")
    with pytest.raises(FontsMissing):
        render_pdf(
            load_template(Kind.SERVICE_RECEIPT),
            SAMPLES[Kind.SERVICE_RECEIPT],
            fonts=[tmp_path / "nowhere"],
            created_at=CREATED_AT,
        )


def test_font_added_later_is_found(tmp_path, fonts):
    """Fetching the fonts helps a running program: nothing stale is remembered."""
    with pytest.raises(FontsMissing):
        find_typefaces(tmp_path)
    for info in fonts.loaded.fonts():
        if info.path:
            shutil.copy(info.path, tmp_path)
    assert find_typefaces(tmp_path).serif == "Noto Serif SC"


def test_named_family_must_be_there(fonts):
    """A family named by the organ and not in the folders is an error, not a silent substitute."""
    with pytest.raises(FontsMissing, match="FangSong"):
        find_typefaces(Typefaces(fonts.folders, serif="FangSong"))


def test_fonts_cover_the_unified_ideographs(fonts):
    """All 20,992 ideographs of the basic block can be drawn, and all of extension A."""
    assert all(code in fonts.characters for code in range(0x4E00, 0xA000))
    assert all(code in fonts.characters for code in range(0x3400, 0x4DC0))
    assert fonts.missing(["张三", "𠮷", "　 \n"]) == ["𠮷"]
