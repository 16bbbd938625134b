"""Regular expressions of XPath."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ('matches("abc", "[a-z-[b]]c")', False),
        ('matches("abc", "a.c")', True),
        ('matches("a\\nc", "a.c")', False),
        ('matches("a\\nc", "a.c", "s")', True),
        ('matches("a\\nb", "^b$", "m")', True),
        ('matches("ABC", "b", "i")', True),
        ('matches("a b", "a\\ b", "x")', None),
        ('matches("ab", "a b", "x")', True),
        ('matches("a.b", "a.b", "q")', True),
        ('matches("axb", "a.b", "q")', False),
        ('matches("中文", "\\p{IsCJKUnifiedIdeographs}+")', True),
        ('matches("x1", "\\i\\c*")', True),
        ('matches("abab", "(ab)\\1")', True),
        ('matches("a&&b", "[&]{2}")', True),
        ('matches("a", "a", "z")', None),
        ('matches("a", "(?=a)")', None),
        ('matches("a", "\\y")', None),
        ('matches("a", "[a[b]")', None),
        ('replace("abc", "b", "[$0]")', "a[b]c"),
        ('replace("abc", "b", "\\\\$")', "a$c"),
        ('replace("abc", "b", "$")', None),
        ('replace("abc", "b", "\\\\x")', None),
        ('replace("abc", "(b)", "$12")', "ab2c"),
        ('split("John Doe", "\\s")', ["John", "Doe"]),
        ('split("abc", "")', ["abc"]),
    ],
)
def test_pattern(feel, source, value):
    """Flags, classes and their subtraction, blocks, back-references, replacements."""
    assert feel(source) == value


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("[1..3)", "[1..3)"),
        ("(< 5)", "(< 5)"),
        ("(function(a, b) a)", "function(a, b)"),
        ('{a b: "x\\"y", c: [@"2024-02-29"]}', '{"a b": "x\\"y", c: [2024-02-29]}'),
        ("[true, null, 1.0]", "[true, null, 1.0]"),
    ],
)
def test_text_of_structures(feel, source, text):
    """string() of ranges, functions, contexts and lists."""
    assert feel(f"string({source})") == text
