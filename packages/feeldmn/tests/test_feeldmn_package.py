"""The package as a whole: it stands alone, its pages are true and complete."""

from __future__ import annotations

import ast
import doctest
import importlib.util
import re
import sys
from pathlib import Path

import pytest

import feeldmn
import feeldmn.java

PACKAGE = Path(__file__).resolve().parent.parent
SOURCES = sorted((PACKAGE / "src" / "feeldmn").rglob("*.py"))
ALLOWED = {"feeldmn", "lxml", "regex"}


def test_package_imports_nothing_but_its_two_dependencies():
    """It could be published alone: the standard library, lxml and regex."""
    found = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {name.name.partition(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module.partition(".")[0])
    assert found - set(sys.stdlib_module_names) == ALLOWED


@pytest.mark.parametrize("name", ["socket", "subprocess", "urllib", "asyncio", "threading", "random"])
def test_library_reaches_for_nothing_outside(name):
    """No network, no processes, no chance."""
    pattern = re.compile(rf"^\s*(import|from) {name}\b", re.MULTILINE)
    assert [path.name for path in SOURCES if pattern.search(path.read_text(encoding="utf-8"))] == []


def test_clock_is_never_read():
    """The present moment is an argument: nothing calls a clock."""
    pattern = re.compile(r"\.now\(|\.today\(|\btime\.time\(|perf_counter|monotonic")
    assert [path.name for path in SOURCES if pattern.search(path.read_text(encoding="utf-8"))] == []


def test_examples_of_the_readme_hold():
    """What the README shows is what happens."""
    text = (PACKAGE / "README.md").read_text(encoding="utf-8").replace("```", "")
    examples = doctest.DocTestParser().get_doctest(text, {}, "README.md", "README.md", 0)
    runner = doctest.DocTestRunner()
    runner.run(examples)
    assert runner.summarize(verbose=False) == (0, len(examples.examples))
    assert len(examples.examples) >= 12
    assert doctest.testmod(feeldmn.java).failed == 0
    assert doctest.testmod(feeldmn).failed == 0


def test_every_code_is_documented():
    """docs/reference/codes.md names exactly the codes that occur."""
    used = set()
    for path in SOURCES:
        used |= set(re.findall(r'"((?:feel|dmn|check)(?:\.[a-z_]+)+)"', path.read_text(encoding="utf-8")))
    page = (PACKAGE / "docs" / "reference" / "codes.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"`((?:feel|dmn|check)(?:\.[a-z_]+)+)`", page))
    assert used == documented


def test_reference_of_functions_is_current():
    """docs/reference/functions.md is what `make docs` writes."""
    spec = importlib.util.spec_from_file_location("feeldmn_docs", PACKAGE / "docs" / "generate.py")
    generate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)
    assert (PACKAGE / "docs" / "reference" / "functions.md").read_text(encoding="utf-8") == generate.page()


def test_public_names_are_there():
    """What `__all__` promises exists and says what it is."""
    assert [name for name in feeldmn.__all__ if not getattr(feeldmn, name).__doc__] == []
