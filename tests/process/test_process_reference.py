"""The manual is what the code does."""

from pathlib import Path

from process_drawings import FOLDER

from lianban.engines.process import compile_bpmn
from lianban.engines.process.arriving import ENTER
from lianban.engines.process.graph import Kind
from lianban.engines.process.profile import EXTENSIONS, FIXED_ATTRIBUTES, REFUSED, SUPPORTED
from lianban.engines.process.reference import reference

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "process.md"


def test_reference_page_is_current():
    """docs/reference/process.md is what the tables and the example give; if not, generate it again with
    ``python -m lianban.engines.process.reference tests/process/drawings/fanout.bpmn > docs/reference/process.md``."""
    example = compile_bpmn((FOLDER / "fanout.bpmn").read_bytes(), source="fanout.bpmn")
    assert PAGE.read_text("utf-8") == reference(example)


def test_every_supported_kind_is_executed():
    """Every kind a drawing can have is handled when a token arrives; boundary events never are arrived at."""
    kinds = {entry.kind for entry in SUPPORTED.values()}
    assert kinds - set(ENTER) == {Kind.BOUNDARY}
    assert set(Kind) == set(ENTER) | {Kind.BOUNDARY}


def test_profile_tables_do_not_overlap():
    """Nothing is both supported and refused, and everything is said in both languages."""
    assert not set(SUPPORTED) & set(REFUSED)
    entries = [*SUPPORTED.values(), *REFUSED.values(), *(remedy for _, remedy in FIXED_ATTRIBUTES.values())]
    assert all(entry.zh and entry.en for entry in entries)
    assert all(zh and en for _, zh, en in EXTENSIONS.values())
