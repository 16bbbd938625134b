"""`for`, `some` and `every`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

from feeldmn import nodes
from feeldmn.comparison import compare
from feeldmn.compiler.core import Closure, Compiler, Frame, compiles
from feeldmn.runtime import FeelNull, Runtime, Unit
from feeldmn.temporal import Date
from feeldmn.types import FeelType, coerce
from feeldmn.values import Range, kind_of

Domain = Callable[[Frame], Iterable[Any] | None]


def elements(value: Any, runtime: Runtime) -> Iterable[Any]:
    """Return what a loop over `value` visits; raises `FeelNull` for what cannot be visited."""
    kind = type(value)
    if kind is list:
        runtime.spend(len(value))
        return value
    if value is None:
        raise FeelNull("feel.iteration", "a loop over null has no value")
    if kind is Range:
        return _range_elements(value, runtime)
    return [value]


def _range_elements(interval: Range, runtime: Runtime) -> Iterable[Any]:
    start, end = interval.start, interval.end
    if start is None or end is None:
        raise FeelNull("feel.iteration", "a loop over a range takes a start and an end")
    order = compare(start, end)
    if order is None or order > 0:
        raise FeelNull("feel.iteration", "a range ends before it starts: write for i in 2..1 to count down")
    return span(
        start, end, runtime, skip_first=not interval.start_included, skip_last=not interval.end_included
    )


def span(
    start: Any, end: Any, runtime: Runtime, *, skip_first: bool = False, skip_last: bool = False
) -> Iterable[Any]:
    """Return the whole numbers or dates from `start` to `end`, upwards or downwards."""
    if type(start) is Date and type(end) is Date:
        low, high = start.number, end.number
        make: Callable[[int], Any] = Date.of_number
    elif type(start) is Decimal and type(end) is Decimal:
        if start != start.to_integral_value() or end != end.to_integral_value():
            raise FeelNull("feel.iteration", "a loop over a range takes whole numbers")
        low, high = int(start), int(end)
        make = Decimal
    else:
        raise FeelNull("feel.iteration", f"a loop cannot run from {kind_of(start)} to {kind_of(end)}")
    step = 1 if low <= high else -1
    runtime.spend(abs(high - low) + 1)
    return [
        make(number)
        for number in range(low, high + step, step)
        if not (skip_first and number == low) and not (skip_last and number == high)
    ]


def _domain(compiler: Compiler, iteration: nodes.Iteration) -> Domain:
    start, unit, at = compiler.compile(iteration.domain), compiler.unit, iteration.domain.at
    if iteration.end is None:

        def visit(frame: Frame) -> Iterable[Any] | None:
            value = start(frame)
            try:
                return _typed(elements(value, frame[0]), iteration.type, frame, at, unit)
            except FeelNull as null:
                return frame[0].fail(null, at, unit)

        return visit
    end = compiler.compile(iteration.end)

    def count(frame: Frame) -> Iterable[Any] | None:
        low, high = start(frame), end(frame)
        try:
            return span(low, high, frame[0])
        except FeelNull as null:
            return frame[0].fail(null, at, unit)

    return count


def _typed(items: Iterable[Any], kind: FeelType | None, frame: Frame, at: int, unit: Unit) -> Iterable[Any]:
    if kind is None:
        return items
    fitted = []
    for item in items:
        value, fits = coerce(item, kind)
        if not fits:
            frame[0].note(
                "feel.type", f"an element should be {kind}, but {kind_of(item)} was found", at, unit
            )
        fitted.append(value)
    return fitted


class _Stop(Exception):
    """A domain was null: the loop as a whole is null."""


def _rounds(frame: Frame, loops: list[tuple[int, Domain]], depth: int = 0) -> Iterator[None]:
    """Set the loop variables for each round, the last one running fastest."""
    slot, domain = loops[depth]
    items = domain(frame)
    if items is None:
        raise _Stop
    if depth + 1 == len(loops):
        for item in items:
            frame[slot] = item
            yield
    else:
        for item in items:
            frame[slot] = item
            yield from _rounds(frame, loops, depth + 1)


def _loops(
    compiler: Compiler, iterations: tuple[nodes.Iteration, ...], names: dict[str, int]
) -> list[tuple[int, Domain]]:
    loops = []
    for iteration in iterations:
        domain = _domain(compiler, iteration)
        slot = names[iteration.name] = compiler.slot()
        loops.append((slot, domain))
    return loops


@compiles(nodes.For)
def _for(compiler: Compiler, node: nodes.For) -> Closure:
    names: dict[str, int] = {}
    partial = compiler.slot()
    with compiler.block(names):
        loops = _loops(compiler, node.iterations, names)
        names.setdefault("partial", partial)
        body = compiler.compile(node.body)

    if len(loops) == 1 and not _uses_partial(node.body):
        slot, domain = loops[0]

        def simple(frame: Frame) -> list[Any] | None:
            items = domain(frame)
            if items is None:
                return None
            results = []
            for item in items:
                frame[slot] = item
                results.append(body(frame))
            return results

        return simple

    def run(frame: Frame) -> list[Any] | None:
        results: list[Any] = []
        try:
            for _ in _rounds(frame, loops):
                # A copy, so that a round which keeps `partial` does not see it grow.
                frame[partial] = results[:]
                frame[0].spend(1 + len(results) // 16)
                results.append(body(frame))
        except _Stop:
            return None
        return results

    def run_plain(frame: Frame) -> list[Any] | None:
        results: list[Any] = []
        try:
            results.extend(body(frame) for _ in _rounds(frame, loops))
        except _Stop:
            return None
        return results

    return run if _uses_partial(node.body) else run_plain


def _uses_partial(node: object) -> bool:
    return any(isinstance(part, nodes.Name) and part.name == "partial" for part in nodes.walk(node))


@compiles(nodes.Quantified)
def _quantified(compiler: Compiler, node: nodes.Quantified) -> Closure:
    names: dict[str, int] = {}
    unit, at = compiler.unit, node.condition.at
    with compiler.block(names):
        loops = _loops(compiler, node.iterations, names)
        condition = compiler.compile(node.condition)
    decisive = not node.every

    def run(frame: Frame) -> bool | None:
        unknown = False
        try:
            for _ in _rounds(frame, loops):
                value = condition(frame)
                if value is decisive:
                    return decisive
                if value is None:
                    unknown = True
                elif type(value) is not bool:
                    return frame[0].note(
                        "feel.condition", f"the condition is no boolean but {kind_of(value)}", at, unit
                    )
        except _Stop:
            return None
        return None if unknown else not decisive

    return run
