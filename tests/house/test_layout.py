"""The layout of the tests themselves."""

from collections import Counter
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


def test_layout_no_two_test_files_share_a_name():
    """pytest imports test files by their name alone: the second of two that share one is not run but refused."""
    files = [*PROJECT.glob("tests/**/test_*.py"), *PROJECT.glob("packages/*/tests/**/test_*.py")]
    assert len(files) > 50
    assert [name for name, count in Counter(file.name for file in files).items() if count > 1] == []


def test_layout_every_test_says_what_it_shows():
    """Each test opens with a sentence, so that a failure explains itself."""
    import ast

    silent = [
        f"{file.relative_to(PROJECT)}::{node.name}"
        for file in PROJECT.glob("tests/**/test_*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and not ast.get_docstring(node)
    ]
    assert silent == []
