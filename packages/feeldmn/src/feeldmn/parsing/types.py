"""Types as they are written after `instance of` and in parameters."""

from __future__ import annotations

from typing import Any

from feeldmn import types
from feeldmn.parsing.base import ParserBase
from feeldmn.parsing.lexer import NameIndex
from feeldmn.types import BUILT_IN_TYPES, FeelType, NamedType

_TYPE_NAMES = NameIndex(BUILT_IN_TYPES)


class TypeParser(ParserBase):
    """The part of the parser that reads types."""

    def type_expression(self) -> FeelType:
        """Parse a type: a name, `list<T>`, `range<T>`, `context<a: T>` or `function<T> -> R`."""
        self.depth += 1
        if self.depth > self.max_depth:
            raise self._error(f"the type is nested more than {self.max_depth} deep")
        try:
            return self._type()
        finally:
            self.depth -= 1

    def _type(self) -> FeelType:
        if self.token.kind != "name":
            raise self._error("a type was expected")
        word = self.token.text
        if self.lexer.token(self.token.end).text == "<":
            if word == "list":
                return types.ListType(self._in_angles())
            if word == "range":
                return types.RangeType(self._in_angles())
            if word == "context":
                return self._context_type()
            if word == "function":
                return self._function_type()
        return self._named_type()

    def _in_angles(self) -> FeelType:
        self._advance()
        self._expect("<")
        inner = self.type_expression()
        self._expect(">")
        return inner

    def _context_type(self) -> FeelType:
        self._advance()
        self._expect("<")
        entries: list[tuple[str, FeelType]] = []
        while self.token.text != ">":
            name = self._declared_name(":")
            self._expect(":")
            entries.append((name, self.type_expression()))
            if self.token.text != ",":
                break
            self._advance()
        self._expect(">")
        return types.ContextType(tuple(entries))

    def _function_type(self) -> FeelType:
        self._advance()
        self._expect("<")
        parameters: list[FeelType] = []
        while self.token.text != ">":
            parameters.append(self.type_expression())
            if self.token.text != ",":
                break
            self._advance()
        self._expect(">")
        self._expect("->")
        return types.FunctionType(tuple(parameters), self.type_expression())

    def _named_type(self) -> FeelType:
        known = _TYPE_NAMES.longest(self.source, self.token.start)
        if known is not None:
            name = self._extend_name(*known)
        else:
            token = self._advance()
            name = self._extend_name(token.text, token.end)
        while self.token.text == "." and self.token.kind == "op":
            self._advance()
            if self.token.kind != "name":
                raise self._error("a name was expected after the dot")
            token = self._advance()
            name += "." + self._extend_name(token.text, token.end)
        if name in BUILT_IN_TYPES:
            return BUILT_IN_TYPES[name]
        return NamedType(name, self.resolve_type or _unknown_type)


def _unknown_type(_name: str) -> Any:
    return None
