"""From FEEL source to the syntax tree: recursive descent by the grammar of DMN 1.5, 10.3.1.2."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import DecimalException

from feeldmn import nodes
from feeldmn.builtins import BUILT_INS
from feeldmn.errors import FeelSyntaxError
from feeldmn.lexer import IDENTIFIER, KEY, NAME_WORD, Lexer, NameIndex, Token, normalize_name, unescape
from feeldmn.numeric import decimal_of
from feeldmn.parse_types import TypeParser
from feeldmn.temporal.texts import parse_at_literal
from feeldmn.types import FeelType

MAX_DEPTH = 100
_COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
#: Words that end a name of several words that is not known in scope.
_STOP_WORDS = frozenset(
    {"and", "or", "between", "in", "then", "else", "return", "satisfies", "instance", "for", "if", "external"}
)
_BUILT_IN_NAMES = NameIndex(BUILT_INS)
TypeResolver = Callable[[str], FeelType | None]


class Parser(TypeParser):
    """Parses one source text; `names` are the names of several words known in scope."""

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
        known = names if isinstance(names, NameIndex) else NameIndex(names, _BUILT_IN_NAMES)
        self.scope = NameIndex((), known)
        self.resolve_type = types
        self.max_depth = max_depth
        self.depth = 0
        # Backtracking is bounded: a parse of sensible text needs a few steps a character.
        self.budget = 2_000 + 60 * len(source)
        self.token: Token = self.lexer.token(0)
        self.filters_allowed = True

    # --- entrances

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
        if token.kind == "op" and token.text in _COMPARISONS:
            self._advance()
            return nodes.Comparison(token.start, token.text, self._additive())
        return self.expression()

    # --- tokens

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

    # --- expressions, from loose to tight

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
            if token.kind == "op" and token.text in _COMPARISONS:
                self._advance()
                left = nodes.Binary(left.at, token.text, left, self._additive(), token.start)
            elif self._is_word("between"):
                self._advance()
                low = self._additive()
                self._expect("and")
                left = nodes.Between(left.at, left, low, self._additive())
            elif self._is_word("in"):
                self._advance()
                left = nodes.In(left.at, left, self._in_tests())
            else:
                return left

    def _in_tests(self) -> tuple[nodes.Node, ...]:
        token = self.token
        if token.kind == "op" and token.text in _COMPARISONS:
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
        left = self._multiplicative()
        while self.token.kind == "op" and self.token.text in ("+", "-"):
            operator = self._advance()
            left = nodes.Binary(left.at, operator.text, left, self._multiplicative(), operator.start)
        return left

    def _multiplicative(self) -> nodes.Node:
        left = self._power()
        while self.token.kind == "op" and self.token.text in ("*", "/"):
            operator = self._advance()
            left = nodes.Binary(left.at, operator.text, left, self._power(), operator.start)
        return left

    def _power(self) -> nodes.Node:
        left = self._negation()
        while self.token.kind == "op" and self.token.text == "**":
            operator = self._advance()
            left = nodes.Binary(left.at, "**", left, self._negation(), operator.start)
        return left

    def _negation(self) -> nodes.Node:
        if self.token.kind == "op" and self.token.text == "-":
            token = self._advance()
            self.depth += 1
            if self.depth > self.max_depth:
                raise self._error(f"the expression is nested more than {self.max_depth} deep")
            operand = self._negation()
            self.depth -= 1
            if isinstance(operand, nodes.Literal) and type(operand.value).__name__ == "Decimal":
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

    def _key(self) -> str | None:
        """Read `name:` when one stands here."""
        token = self.token
        if token.kind == "name":
            match = KEY.match(self.source, token.start)
            if match:
                self._seek(match.end())
                return normalize_name(match[1])
        return None

    def _path_name(self) -> str:
        start = self.token.start
        known = self.scope.longest(self.source, start)
        if known is not None and IDENTIFIER.match(self.source, start) and known[0] not in BUILT_INS:
            return self._extend_name(*known)
        if self.token.kind != "name" or self.token.text == "?":
            raise self._error("a name was expected after the dot")
        token = self._advance()
        return self._extend_name(token.text, token.end)

    def _extend_name(self, name: str, end: int) -> str:
        """Take in the words that follow a name directly: two names never stand side by side in FEEL."""
        while True:
            start = self.lexer.skip(end)
            match = NAME_WORD.match(self.source, start)
            if match is None or start == end or match[0] in _STOP_WORDS:
                self._seek(end)
                return name
            name, end = f"{name} {match[0]}", match.end()

    # --- primaries

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
            keyword = _KEYWORDS.get(token.text)
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
        if token.kind == "op" and token.text in _COMPARISONS:
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
        if token.kind == "op" and token.text in _COMPARISONS:
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

    # --- keyword expressions

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

    def __init__(self, parser: Parser, names: tuple[str, ...]) -> None:
        self.parser = parser
        self.outer = parser.scope
        self.inner = NameIndex(names, parser.scope)

    def __enter__(self) -> None:
        self.parser.scope = self.inner

    def __exit__(self, *_: object) -> None:
        self.parser.scope = self.outer


_KEYWORDS: dict[str, Callable[[Parser], nodes.Node]] = {
    "true": Parser._constant,
    "false": Parser._constant,
    "null": Parser._constant,
    "if": Parser._if,
    "for": Parser._for,
    "some": Parser._quantified,
    "every": Parser._quantified,
    "function": Parser._function,
}


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
