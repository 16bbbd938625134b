"""`if`, `between`."""

from __future__ import annotations

from feeldmn import nodes
from feeldmn.comparison import compare
from feeldmn.compiler.core import Closure, Compiler, Frame, compiles
from feeldmn.values import kind_of


@compiles(nodes.If)
def _if(compiler: Compiler, node: nodes.If) -> Closure:
    condition = compiler.compile(node.condition)
    then, otherwise = compiler.compile(node.then), compiler.compile(node.otherwise)
    unit, at = compiler.unit, node.condition.at

    def run(frame: Frame) -> object:
        value = condition(frame)
        if value is True:
            return then(frame)
        if value is not False and value is not None:
            return frame[0].note(
                "feel.condition", f"the condition is no boolean but {kind_of(value)}", at, unit
            )
        return otherwise(frame)

    return run


@compiles(nodes.Between)
def _between(compiler: Compiler, node: nodes.Between) -> Closure:
    value, low, high = (compiler.compile(part) for part in (node.value, node.low, node.high))
    unit, at = compiler.unit, node.at

    def run(frame: Frame) -> bool | None:
        found, least, most = value(frame), low(frame), high(frame)
        from_low, to_high = compare(found, least), compare(found, most)
        if from_low is None or to_high is None:
            kinds = f"{kind_of(found)} between {kind_of(least)} and {kind_of(most)}"
            return frame[0].note("feel.comparison", f"{kinds} cannot be compared", at, unit)
        return from_low >= 0 and to_high <= 0

    return run
