"""Expressions that begin with a keyword: if, for, some, every, function."""

from __future__ import annotations

from feeldmn import nodes
from feeldmn.parsing.primaries import PrimaryParser


class KeywordParser(PrimaryParser):
    """The part of the parser that reads conditions, loops and functions."""

    def _if(self) -> nodes.Node:
        start = self._advance().start
        condition = self.expression()
        self._expect("then")
        then = self.expression()
        self._expect("else")
        return nodes.If(start, condition, then, self.expression())

    def _for(self) -> nodes.Node:
        start = self._advance().start
        with self._names("partial"):
            iterations = self._iterations()
            self._expect("return")
            return nodes.For(start, iterations, self.expression())

    def _quantified(self) -> nodes.Node:
        token = self._advance()
        with self._names():
            iterations = self._iterations()
            self._expect("satisfies")
            return nodes.Quantified(token.start, token.text == "every", iterations, self.expression())

    def _iterations(self) -> tuple[nodes.Iteration, ...]:
        found = []
        while True:
            name = self._declared_name("in")
            self._expect("in")
            domain = self.expression()
            end = None
            if self.token.text == ".." and self.token.kind == "op":
                self._advance()
                end = self.expression()
            found.append(nodes.Iteration(name, domain, end))
            self.scope.add(name)
            if self.token.text != ",":
                return tuple(found)
            self._advance()

    def _function(self) -> nodes.Node:
        start = self._advance().start
        self._expect("(")
        parameters: list[nodes.FunctionParameter] = []
        with self._names():
            while self.token.text != ")":
                name = self._declared_name(":", ",", ")")
                kind = None
                if self.token.text == ":":
                    self._advance()
                    kind = self.type_expression()
                parameters.append(nodes.FunctionParameter(name, kind))
                self.scope.add(name)
                if self.token.text != ",":
                    break
                self._advance()
            self._expect(")")
            result = None
            if self.token.text == ":":
                self._advance()
                result = self.type_expression()
            external = ""
            if self._is_word("external"):
                self._advance()
                external = "external"
            return nodes.FunctionLiteral(start, tuple(parameters), self.expression(), external, result)

    keywords = {
        "true": PrimaryParser._constant,
        "false": PrimaryParser._constant,
        "null": PrimaryParser._constant,
        "if": _if,
        "for": _for,
        "some": _quantified,
        "every": _quantified,
        "function": _function,
    }
