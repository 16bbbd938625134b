"""What all parts of the parser share: tokens, names in scope, bounds."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from feeldmn import nodes
from feeldmn.builtins import BUILT_INS
from feeldmn.errors import FeelSyntaxError
from feeldmn.parsing.lexer import IDENTIFIER, KEY, NEXT_WORD, Lexer, NameIndex, Token, normalize_name
from feeldmn.types import FeelType

MAX_DEPTH = 100
COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
#: Words that end a name of several words that is not known in scope.
_STOP_WORDS = frozenset(
    {"and", "or", "between", "in", "then", "else", "return", "satisfies", "instance", "for", "if", "external"}
)
_BUILT_IN_NAMES = NameIndex(BUILT_INS)
TypeResolver = Callable[[str], FeelType | None]


class ParserBase:
    """Reads tokens of one source text; `names` are the names of several words known in scope."""

    def __init__(
        self,
        source: str,
        names: Iterable[str] | NameIndex = (),
        *,
        types: TypeResolver | None = None,
        max_depth: int = MAX_DEPTH,
    ) -> None:
        self.source = source
        self.lexer = Lexer(source)
        if isinstance(names, NameIndex):
            known = names
        else:
            known = NameIndex(names, _BUILT_IN_NAMES) if names else _BUILT_IN_NAMES
        self.scope = NameIndex((), known)
        self.resolve_type = types
        self.max_depth = max_depth
        self.depth = 0
        # Backtracking is bounded: a parse of sensible text needs a few steps a character.
        self.budget = 2_000 + 60 * len(source)
        self.token: Token = self.lexer.token(0)
        self.filters_allowed = True

    def expression(self) -> nodes.Node:
        """Parse one expression of any kind."""
        raise NotImplementedError

    def _additive(self) -> nodes.Node:
        raise NotImplementedError

    def _advance(self) -> Token:
        token = self.token
        self.token = self.lexer.token(token.end)
        self.budget -= 1
        if self.budget < 0:
            raise self._error(
                "the text is too ambiguous to parse", remedy="write it with fewer nested ranges"
            )
        return token

    def _seek(self, offset: int) -> None:
        self.token = self.lexer.token(offset)

    def _error(self, message: str, *, remedy: str = "") -> FeelSyntaxError:
        return self.lexer.error(message, self.token.start, remedy=remedy)

    def _expect(self, text: str) -> Token:
        if self.token.text != text or self.token.kind not in ("op", "name"):
            raise self._error(f"{text!r} was expected", remedy=f"write {text!r} here")
        return self._advance()

    def _expect_end(self) -> None:
        if self.token.kind != "end":
            raise self._error("the expression should end here", remedy="add an operator, or remove the rest")

    def _is_word(self, word: str) -> bool:
        return self.token.kind == "name" and self.token.text == word

    def _key(self) -> str | None:
        """Read `name:` when one stands here."""
        token = self.token
        if token.kind == "name":
            match = KEY.match(self.source, token.start)
            if match:
                self._seek(match.end())
                return normalize_name(match[1])
        return None

    def _extend_name(self, name: str, end: int) -> str:
        """Take in the words that follow a name directly: two names never stand side by side in FEEL."""
        while True:
            match = NEXT_WORD.match(self.source, end)
            if match is None or match[1] in _STOP_WORDS:
                self._seek(end)
                return name
            name, end = f"{name} {match[1]}", match.end()

    def _declared_name(self, *ends: str) -> str:
        """Read the name that is declared here, up to one of `ends`."""
        start = self.token.start
        while self.token.kind != "end" and self.token.text not in ends:
            if self.token.kind == "op" and self.token.text not in ("+", "-", "*", "/", ".", "**"):
                break
            self._advance()
        name = normalize_name(self.source[start : self.token.start])
        if not IDENTIFIER.match(name):
            self._seek(start)
            raise self._error("a name was expected")
        return name

    def _names(self, *names: str) -> _InnerScope:
        return _InnerScope(self, names)


class _InnerScope:
    """Names known only within a part of the text."""

    def __init__(self, parser: ParserBase, names: tuple[str, ...]) -> None:
        self.parser = parser
        self.outer = parser.scope
        self.inner = NameIndex(names, parser.scope)

    def __enter__(self) -> None:
        self.parser.scope = self.inner

    def __exit__(self, *_: object) -> None:
        self.parser.scope = self.outer
