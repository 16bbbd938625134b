"""Tokens of FEEL, read one at a time: where a name ends depends on the names in scope, which the parser knows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from feeldmn.errors import FeelSyntaxError, Position

# The characters of names by the grammar of DMN 1.5 (10.3.1.2); the white space within the given blocks is left out.
_START = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u167f\u1681-\u180d\u180f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufefe\uff00-\ufffd\U00010000-\U000effff"
)
_PART = _START + "0-9\u00b7\u0300-\u036f\u203f-\u2040"
IDENTIFIER = re.compile(f"[{_START}][{_PART}]*")
NAME_WORD = re.compile(f"[{_PART}]+")
_SPACE_CHARS = " \t\n\r\u000b\u000c\u0085\u00a0\u1680\u180e\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"
_SPACE = re.compile(f"(?:[{_SPACE_CHARS}]+|//[^\n\r]*|/\\*.*?\\*/)+", re.DOTALL)
#: A name as it may stand before a colon: identifiers, spaces and the additional symbols of names.
KEY = re.compile(f"([{_START}](?:[{_PART}{_SPACE_CHARS}./\\-’'+*])*?)[{_SPACE_CHARS}]*:")
_PIECE = re.compile(f"[{_PART}]+|[^{_PART}{_SPACE_CHARS}]|[{_SPACE_CHARS}]+")

# Spaces and comments are taken for good (possessively): else a comment would be tried as a division.
_TOKEN = re.compile(
    f"""(?>[{_SPACE_CHARS}]+|//[^\n\r]*|/\\*.*?\\*/)*+
    (?:(?P<number>(?:[0-9]+(?:\\.(?!\\.)[0-9]+)?|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    |(?P<name>[{_START}][{_PART}]*|\\?)
    |(?P<at>@(?="))
    |(?P<string>"(?:[^"\\\\]|\\\\.)*")
    |(?P<op>\\*\\*|\\.\\.|!=|<=|>=|->|[-+*/=<>()\\[\\]{{}},:.|]))""",
    re.VERBOSE | re.DOTALL,
)
#: A word that follows a name after white space or comments.
NEXT_WORD = re.compile(f"(?>[{_SPACE_CHARS}]+|//[^\n\r]*|/\\*.*?\\*/)++([{_PART}]+)", re.DOTALL)

_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{6}|.)", re.DOTALL)
_SIMPLE_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "'": "'", "\\": "\\"}


class Token(NamedTuple):
    """A token: `kind` is number, name, string, at, op or end."""

    kind: str
    text: str
    start: int
    end: int


def unescape(body: str) -> str:
    """Return the text a string literal stands for; escapes that FEEL does not know stay as written."""
    if "\\" not in body:
        return body

    def replace(match: re.Match[str]) -> str:
        code = match[1]
        if code[0] in "uU" and len(code) > 1:
            point = int(code[1:], 16)
            return chr(point) if point <= 0x10FFFF else match[0]
        return _SIMPLE_ESCAPES.get(code, match[0])

    text = _ESCAPE.sub(replace, body)
    # Pairs of \uD83D\uDC0E are one character beyond the basic plane.
    return (
        text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if _has_surrogate(text) else text
    )


def _has_surrogate(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)


class Lexer:
    """Reads tokens of one source text from any offset."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._tokens: dict[int, Token] = {}

    def skip(self, offset: int) -> int:
        """Return the offset after white space and comments."""
        match = _SPACE.match(self.source, offset)
        return match.end() if match else offset

    def token(self, offset: int) -> Token:
        """Return the token that starts at or after `offset`."""
        found = self._tokens.get(offset)
        if found is None:
            match = _TOKEN.match(self.source, offset)
            if match is None:
                found = self._no_token(self.skip(offset))
            else:
                kind = match.lastgroup
                assert kind is not None
                text, end = match[kind], match.end()
                # Made without the Python function that NamedTuple puts in between: half of lexing was spent there.
                found = tuple.__new__(Token, (kind, text, end - len(text), end))
            self._tokens[offset] = found
        return found

    def _no_token(self, start: int) -> Token:
        if start >= len(self.source):
            return Token("end", "", start, start)
        if self.source[start] == '"':
            raise self.error("a string is not closed", start, remedy='add the closing quote "')
        if self.source.startswith("/*", start):
            raise self.error("a comment is not closed", start, remedy="add */")
        raise self.error("a character does not belong to FEEL", start)

    def error(self, message: str, offset: int, *, remedy: str = "") -> FeelSyntaxError:
        """Return a syntax error at `offset` that shows what was found there."""
        found = self.source[offset : offset + 20] or "the end"
        return FeelSyntaxError(
            message, position=Position.at(self.source, offset), found=repr(found), remedy=remedy
        )


def normalize_name(name: str) -> str:
    """Return a name with its white space reduced to single spaces, as names are compared."""
    return " ".join(name.split())


class NameIndex:
    """Known names, found by longest match at a place of the source."""

    __slots__ = ("_by_first", "names", "parent")

    def __init__(self, names: Iterable[str] = (), parent: NameIndex | None = None) -> None:
        self.parent = parent
        self.names: set[str] = set()
        self._by_first: dict[str, list[tuple[int, str, re.Pattern[str]]]] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Make a name known."""
        name = normalize_name(name)
        if not name or name in self.names:
            return
        self.names.add(name)
        first = NAME_WORD.match(name)
        key = first[0] if first else name[0]
        bucket = self._by_first.setdefault(key, [])
        bucket.append((len(name), name, _pattern(name)))
        bucket.sort(key=lambda entry: -entry[0])

    def __contains__(self, name: str) -> bool:
        scope: NameIndex | None = self
        while scope is not None:
            if name in scope.names:
                return True
            scope = scope.parent
        return False

    def longest(self, source: str, start: int) -> tuple[str, int] | None:
        """Return the longest known name that stands at `start`, and the offset of its end."""
        word = NAME_WORD.match(source, start)
        key = word[0] if word else source[start : start + 1]
        best: tuple[int, str, int] | None = None
        scope: NameIndex | None = self
        while scope is not None:
            for length, name, pattern in scope._by_first.get(key, ()):
                if best is not None and length <= best[0]:
                    break
                if name == key:
                    best = (length, name, start + length)
                    break
                match = pattern.match(source, start)
                if match:
                    best = (length, name, match.end())
                    break
            scope = scope.parent
        return (best[1], best[2]) if best else None


_patterns: dict[str, re.Pattern[str]] = {}


def _pattern(name: str) -> re.Pattern[str]:
    pattern = _patterns.get(name)
    if pattern is None:
        pieces = _PIECE.findall(name)
        text = "".join(f"[{_SPACE_CHARS}]+" if piece.isspace() else re.escape(piece) for piece in pieces)
        pattern = re.compile(text + f"(?![{_PART}])" if NAME_WORD.match(pieces[-1]) else text)
        if len(_patterns) < 10_000:
            _patterns[name] = pattern
    return pattern
