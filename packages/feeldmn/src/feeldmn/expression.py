"""Compiled expressions and unary tests: the public face of FEEL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from feeldmn import nodes
from feeldmn.builtins import BUILT_INS
from feeldmn.compiler import Program, compile_program
from feeldmn.conversion import to_feel, to_python
from feeldmn.errors import Diagnostic, FeelSyntaxError, LimitExceeded
from feeldmn.parsing import Parser, TypeResolver
from feeldmn.runtime import DEFAULT_LIMITS, Externals, Hit, Limits, Runtime, Unit

_NOTHING: Mapping[str, Any] = {}


class Evaluation:
    """The outcome of an evaluation: `value` as plain Python, and why parts of it may be null."""

    __slots__ = ("_runtime", "feel_value")

    def __init__(self, feel_value: Any, runtime: Runtime) -> None:
        self.feel_value = feel_value
        self._runtime = runtime

    @property
    def value(self) -> Any:
        """The value as plain Python (the table is in `feeldmn.values`)."""
        return to_python(self.feel_value)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Why nulls came about, in the order they did; empty when nothing went wrong."""
        return self._runtime.diagnostics

    @property
    def hits(self) -> tuple[Hit, ...]:
        """The rules of decision tables that matched, in the order of evaluation; only with `trace=True`."""
        return tuple(self._runtime.hits or ())

    def __repr__(self) -> str:
        return f"Evaluation(value={self.value!r}, diagnostics={self.diagnostics!r})"


def too_deep() -> LimitExceeded:
    """Return the error for an evaluation that used up Python's own stack."""
    return LimitExceeded(
        "the evaluation is nested too deep for Python's stack",
        code="feel.limit.depth",
        remedy="split the expression, flatten the value, or end the recursion",
    )


class Expression:
    """A FEEL expression, parsed and compiled once; safe to share between threads."""

    __slots__ = ("_program", "source", "tree")

    def __init__(self, source: str, tree: nodes.Node, program: Program) -> None:
        self.source = source
        self.tree = tree
        self._program = program

    @property
    def names_used(self) -> frozenset[str]:
        """The names the expression takes from its context; built-in functions are not among them."""
        return frozenset(name for name in self._program.places if name not in BUILT_INS)

    @property
    def names_in_filters(self) -> frozenset[str]:
        """Names within filters, which may be entries of the filtered items or names of the context."""
        found = (name for name, _slot in self._program.free if name not in self._program.places)
        return frozenset(name for name in found if name not in BUILT_INS)

    def evaluate(
        self,
        context: Mapping[str, Any] | None = None,
        *,
        now: datetime | None = None,
        limits: Limits = DEFAULT_LIMITS,
        externals: Externals | None = None,
    ) -> Evaluation:
        """Evaluate with the values of `context` (names to Python values).

        `now` is the moment `now()` and `today()` give; without it they are null. `externals` binds foreign
        functions. Raises `LimitExceeded` at a bound of `limits`, `UnsupportedValue` for a value FEEL lacks.
        """
        runtime = Runtime(limits, now, externals)
        try:
            return Evaluation(self._program.run(runtime, context or _NOTHING), runtime)
        except RecursionError:
            raise too_deep() from None

    def __call__(self, context: Mapping[str, Any] | None = None, *, now: datetime | None = None) -> Any:
        """Return the value alone, as plain Python."""
        try:
            return to_python(self._program.run(Runtime(DEFAULT_LIMITS, now), context or _NOTHING))
        except RecursionError:
            raise too_deep() from None

    def __repr__(self) -> str:
        return f"Expression({self.source!r})"


class UnaryTests:
    """Unary tests (a cell of a decision table), parsed and compiled once."""

    __slots__ = ("_program", "source", "tree")

    def __init__(self, source: str, tree: nodes.Tests, program: Program) -> None:
        self.source = source
        self.tree = tree
        self._program = program

    @property
    def names_used(self) -> frozenset[str]:
        """The names the tests take from their context, beside the input `?`."""
        return frozenset(name for name in self._program.places if name not in BUILT_INS and name != "?")

    def evaluate(
        self,
        value: Any,
        context: Mapping[str, Any] | None = None,
        *,
        now: datetime | None = None,
        limits: Limits = DEFAULT_LIMITS,
        externals: Externals | None = None,
    ) -> Evaluation:
        """Test `value`: the evaluation's value is True, False, or None when it cannot be told."""
        runtime = Runtime(limits, now, externals)
        try:
            return Evaluation(
                self._program.run(runtime, {**(context or _NOTHING), "?": to_feel(value)}), runtime
            )
        except RecursionError:
            raise too_deep() from None

    def __call__(self, value: Any, context: Mapping[str, Any] | None = None) -> bool:
        """Say whether the tests hold for `value`."""
        return self.evaluate(value, context).value is True

    def __repr__(self) -> str:
        return f"UnaryTests({self.source!r})"


def compile_expression(
    source: str,
    *,
    names: Iterable[str] = (),
    types: TypeResolver | None = None,
    where: str = "",
) -> Expression:
    """Parse and compile a FEEL expression.

    `names` are the names in scope that need telling: those with spaces that hold keywords or signs ("profit
    and loss", "a-b"), and those that shadow a built-in function. `types` finds types by name for
    `instance of`. `where` is said in errors and diagnostics. Raises `FeelSyntaxError`.
    """
    names = tuple(names)
    try:
        tree = Parser(source, names, types=types).expression_text()
        program = compile_program(tree, Unit(source, where), names)
    except RecursionError:
        raise FeelSyntaxError(
            "the expression is nested too deep", remedy="split it up", where=where
        ) from None
    except FeelSyntaxError as error:
        error.where = error.where or where
        raise
    return Expression(source, tree, program)


def compile_unary_tests(
    source: str,
    *,
    names: Iterable[str] = (),
    types: TypeResolver | None = None,
    where: str = "",
) -> UnaryTests:
    """Parse and compile unary tests; the parameters are those of `compile_expression`."""
    names = tuple(names)
    try:
        tree = Parser(source, names, types=types).unary_tests_text()
        program = compile_program(tree, Unit(source, where), names, tested=True)
    except RecursionError:
        raise FeelSyntaxError("the tests are nested too deep", remedy="split them up", where=where) from None
    except FeelSyntaxError as error:
        error.where = error.where or where
        raise
    return UnaryTests(source, tree, program)
