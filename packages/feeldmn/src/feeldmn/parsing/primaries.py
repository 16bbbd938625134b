"""Literals, names, lists, ranges and contexts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import DecimalException
from typing import Any, ClassVar

from feeldmn import nodes
from feeldmn.errors import FeelSyntaxError
from feeldmn.numeric import decimal_of
from feeldmn.parsing.base import COMPARISONS
from feeldmn.parsing.lexer import Token, normalize_name, unescape
from feeldmn.parsing.types import TypeParser
from feeldmn.temporal.texts import parse_at_literal


class PrimaryParser(TypeParser):
    """The part of the parser that reads what operators join."""

    #: What a keyword at the start of an expression begins.
    keywords: ClassVar[Mapping[str, Callable[[Any], nodes.Node]]] = {}

    def _primary(self) -> nodes.Node:
        token = self.token
        if token.kind == "number":
            self._advance()
            try:
                return nodes.Literal(token.start, decimal_of(token.text))
            except DecimalException:
                raise self.lexer.error("a number is out of range", token.start) from None
        if token.kind == "string":
            self._advance()
            return nodes.Literal(token.start, unescape(token.text[1:-1]))
        if token.kind == "at":
            return self._at_literal()
        if token.kind == "name":
            return self._name_or_keyword()
        if token.kind == "op":
            if token.text == "(":
                return self._bracketed()
            if token.text in ("[", "]"):
                return self._list_or_range()
            if token.text == "{":
                return self._context()
        raise self._error("an expression was expected")

    def _at_literal(self) -> nodes.Node:
        at = self._advance()
        text = unescape(self._advance().text[1:-1])
        value = parse_at_literal(text)
        if value is None:
            message = f'@{text!r:.60} is no date, time or duration: write it like @"2024-02-29"'
            return nodes.Invalid(at.start, "feel.text", message)
        return nodes.Literal(at.start, value)

    def _name_or_keyword(self) -> nodes.Node:
        token = self.token
        if token.text == "?":
            self._advance()
            return nodes.Name(token.start, "?")
        known = self.scope.longest(self.source, token.start)
        if known is None or known[1] == token.end:
            keyword = self.keywords.get(token.text)
            if keyword is not None:
                return keyword(self)
        if known is None:
            self._advance()
            name = self._extend_name(token.text, token.end)
        else:
            name = self._extend_name(*known)
        return nodes.Name(token.start, name)

    def _constant(self) -> nodes.Node:
        token = self._advance()
        return nodes.Literal(token.start, {"true": True, "false": False, "null": None}[token.text])

    def _bracketed(self) -> nodes.Node:
        start = self._advance().start
        token = self.token
        if token.kind == "op" and token.text in COMPARISONS:
            self._advance()
            operand = self._additive()
            self._expect(")")
            return _comparison_range(start, token.text, operand)
        inner = self.expression()
        if self.token.text == ".." and self.token.kind == "op":
            return self._range_end(start, inner, start_included=False)
        self._expect(")")
        return inner

    def _list_or_range(self) -> nodes.Node:
        opening = self._advance()
        if opening.text == "[" and self.token.text == "]":
            self._advance()
            return nodes.ListLiteral(opening.start, ())
        first = self._element() if opening.text == "[" else self.expression()
        if self.token.text == ".." and self.token.kind == "op":
            return self._range_end(opening.start, first, start_included=opening.text == "[")
        if opening.text == "]":
            raise self._error("'..' was expected: ']' opens a range here")
        items = [first]
        while self.token.text == ",":
            self._advance()
            items.append(self._element())
        self._expect("]")
        return nodes.ListLiteral(opening.start, tuple(items))

    def _element(self) -> nodes.Node:
        token = self.token
        if token.kind == "op" and token.text in COMPARISONS:
            self._advance()
            return _comparison_range(token.start, token.text, self._additive())
        return self.expression()

    def _range_end(self, start: int, low: nodes.Node, *, start_included: bool) -> nodes.Node:
        self._expect("..")
        saved = self.token
        try:
            high = self.expression()
            closing = self._closing()
        except FeelSyntaxError:
            # In `[1..10[` the last bracket closes the range and does not open a filter.
            self._seek(saved.start)
            self.filters_allowed, outer = False, self.filters_allowed
            try:
                high = self._additive()
            finally:
                self.filters_allowed = outer
            closing = self._closing()
        return nodes.RangeLiteral(start, _endpoint(low), _endpoint(high), start_included, closing.text == "]")

    def _closing(self) -> Token:
        if self.token.kind != "op" or self.token.text not in (")", "]", "["):
            raise self._error("the range is not closed", remedy="write ] or ) after its end")
        return self._advance()

    def _context(self) -> nodes.Node:
        start = self._advance().start
        entries: list[nodes.ContextEntry] = []
        with self._names():
            while self.token.text != "}":
                token = self.token
                if token.kind == "string":
                    self._advance()
                    key = normalize_name(unescape(token.text[1:-1]))
                    self._expect(":")
                else:
                    name = self._key()
                    if name is None:
                        raise self._error(
                            "the key of a context entry was expected", remedy="write name: value"
                        )
                    key = name
                entries.append(nodes.ContextEntry(key, self.expression(), token.start))
                self.scope.add(key)
                if self.token.text != ",":
                    break
                self._advance()
                if self.token.text == "}":
                    raise self._error("a context entry is missing after the comma")
            self._expect("}")
        # The keys help to read paths into this context (`{a b: 1}.a b`), as nothing else tells where they end.
        for entry in entries:
            self.scope.add(entry.key)
        return nodes.ContextLiteral(start, tuple(entries))


def _endpoint(node: nodes.Node) -> nodes.Node | None:
    return None if isinstance(node, nodes.Literal) and node.value is None else node


def _comparison_range(at: int, operator: str, operand: nodes.Node) -> nodes.RangeLiteral:
    """Return the range that `(< 10)` stands for."""
    if operator in ("<", "<="):
        return nodes.RangeLiteral(at, None, operand, False, operator == "<=", operator)
    if operator in (">", ">="):
        return nodes.RangeLiteral(at, operand, None, operator == ">=", False, operator)
    included = operator == "="
    return nodes.RangeLiteral(at, operand, operand, included, included, operator)
