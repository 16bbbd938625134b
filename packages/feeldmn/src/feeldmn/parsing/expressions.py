"""The parser: operators from loose to tight, unary tests, calls, filters and paths."""

from __future__ import annotations

from decimal import Decimal

from feeldmn import nodes
from feeldmn.builtins import BUILT_INS
from feeldmn.errors import FeelSyntaxError
from feeldmn.parsing.base import COMPARISONS
from feeldmn.parsing.keywords import KeywordParser
from feeldmn.parsing.lexer import IDENTIFIER

_PRECEDENCE = {"+": 1, "-": 1, "*": 2, "/": 2, "**": 3}


class Parser(KeywordParser):
    """Parses one source text."""

    def expression_text(self) -> nodes.Node:
        """Parse the whole text as one expression."""
        tree = self.expression()
        self._expect_end()
        return tree

    def unary_tests_text(self) -> nodes.Tests:
        """Parse the whole text as unary tests: `-`, `not(…)`, or alternatives divided by commas."""
        start = self.token.start
        if self.token.text == "-" and self.lexer.token(self.token.end).kind == "end":
            return nodes.Tests(start, ())
        if self.token.text == "not" and self.lexer.token(self.token.end).text == "(":
            saved = self.token
            self._advance()
            self._advance()
            try:
                alternatives = self._alternatives(")")
                self._expect(")")
                self._expect_end()
            except FeelSyntaxError:
                self.token = saved  # not(…) as a part of an expression, such as `not(a) and b`
            else:
                return nodes.Tests(start, alternatives, negated=True)
        alternatives = self._alternatives("")
        self._expect_end()
        return nodes.Tests(start, alternatives)

    def _alternatives(self, closing: str) -> tuple[nodes.Node, ...]:
        found = [self.positive_unary_test()]
        while self.token.text == "," and self.token.kind == "op":
            self._advance()
            found.append(self.positive_unary_test())
        return tuple(found)

    def positive_unary_test(self) -> nodes.Node:
        """Parse `< 10`, `[1..5]` or any expression."""
        token = self.token
        if token.kind == "op" and token.text in COMPARISONS:
            self._advance()
            return nodes.Comparison(token.start, token.text, self._additive())
        return self.expression()

    def expression(self) -> nodes.Node:
        """Parse one expression of any kind."""
        self.depth += 1
        if self.depth > self.max_depth:
            raise self._error(
                f"the expression is nested more than {self.max_depth} deep", remedy="split it up"
            )
        outer_filters, self.filters_allowed = self.filters_allowed, True
        try:
            return self._disjunction()
        finally:
            self.filters_allowed = outer_filters
            self.depth -= 1

    def _disjunction(self) -> nodes.Node:
        left = self._conjunction()
        while self._is_word("or"):
            operator = self._advance()
            left = nodes.Binary(left.at, "or", left, self._conjunction(), operator.start)
        return left

    def _conjunction(self) -> nodes.Node:
        left = self._comparison()
        while self._is_word("and"):
            operator = self._advance()
            left = nodes.Binary(left.at, "and", left, self._comparison(), operator.start)
        return left

    def _comparison(self) -> nodes.Node:
        left = self._additive()
        while True:
            token = self.token
            if token.kind == "op":
                if token.text not in COMPARISONS:
                    return left
                self._advance()
                left = nodes.Binary(left.at, token.text, left, self._additive(), token.start)
            elif token.kind != "name":
                return left
            elif token.text == "between":
                self._advance()
                low = self._additive()
                self._expect("and")
                left = nodes.Between(left.at, left, low, self._additive())
            elif token.text == "in":
                self._advance()
                left = nodes.In(left.at, left, self._in_tests())
            else:
                return left

    def _in_tests(self) -> tuple[nodes.Node, ...]:
        token = self.token
        if token.kind == "op" and token.text in COMPARISONS:
            return (self.positive_unary_test(),)
        if token.text != "(" or token.kind != "op":
            return (self._additive(),)
        try:
            # An open range `(1..5]`, a function call in brackets and the like are plain expressions.
            tree = self._additive()
            if not isinstance(tree, nodes.Comparison):
                return (tree,)
        except FeelSyntaxError:
            pass
        self._seek(token.start)
        self._advance()
        tests = self._alternatives(")")
        self._expect(")")
        return tests

    def _additive(self) -> nodes.Node:
        return self._climb(self._negation(), 1)

    def _climb(self, left: nodes.Node, least: int) -> nodes.Node:
        """Join operands by operators that bind at least as tightly as `least`, all from the left."""
        while True:
            token = self.token
            level = _PRECEDENCE.get(token.text, 0) if token.kind == "op" else 0
            if level < least:
                return left
            self._advance()
            right = self._climb(self._negation(), level + 1)
            left = nodes.Binary(left.at, token.text, left, right, token.start)

    def _negation(self) -> nodes.Node:
        if self.token.kind == "op" and self.token.text == "-":
            token = self._advance()
            self.depth += 1
            if self.depth > self.max_depth:
                raise self._error(f"the expression is nested more than {self.max_depth} deep")
            try:
                operand = self._negation()
            finally:
                self.depth -= 1
            if isinstance(operand, nodes.Literal) and type(operand.value) is Decimal:
                return nodes.Literal(
                    token.start, operand.value.copy_negate() if operand.value else operand.value
                )
            return nodes.Unary(token.start, operand)
        return self._instance_of()

    def _instance_of(self) -> nodes.Node:
        left = self._postfix()
        while self._is_word("instance"):
            self._advance()
            self._expect("of")
            left = nodes.InstanceOf(left.at, left, self.type_expression())
        return left

    def _postfix(self) -> nodes.Node:
        left = self._primary()
        while self.token.kind == "op":
            token = self.token
            if token.text == "(":
                self._advance()
                left = self._call(left, token.start)
            elif token.text == "[" and self.filters_allowed:
                self._advance()
                condition = self._filter_condition()
                self._expect("]")
                left = nodes.Filter(left.at, left, condition)
            elif token.text == ".":
                self._advance()
                left = nodes.Path(left.at, left, self._path_name())
            else:
                break
        return left

    def _filter_condition(self) -> nodes.Node:
        with self._names("item"):
            return self.expression()

    def _call(self, function: nodes.Node, start: int) -> nodes.Node:
        arguments: list[nodes.Node] = []
        names: list[str] = []
        while self.token.text != ")" or self.token.kind != "op":
            name = self._key()
            if name is not None:
                names.append(name)
            elif names:
                raise self._error("a positional argument follows named ones", remedy="name every argument")
            arguments.append(self.expression())
            if self.token.text != ",":
                break
            self._advance()
            if self.token.text == ")":
                raise self._error("an argument is missing after the comma")
        if names and len(names) != len(arguments):
            raise self._error(
                "named and positional arguments are mixed", remedy="name every argument or none"
            )
        self._expect(")")
        return nodes.Call(function.at, function, tuple(arguments), tuple(names) if names else None)

    def _path_name(self) -> str:
        start = self.token.start
        known = self.scope.longest(self.source, start)
        if known is not None and IDENTIFIER.match(self.source, start) and known[0] not in BUILT_INS:
            return self._extend_name(*known)
        if self.token.kind != "name" or self.token.text == "?":
            raise self._error("a name was expected after the dot")
        token = self._advance()
        return self._extend_name(token.text, token.end)
