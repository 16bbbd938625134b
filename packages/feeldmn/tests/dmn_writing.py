"""Small DMN files for tests, written as dmn-js writes them."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def definitions(
    *parts: str, name: str = "test", namespace: str = "https://example.org/test", version: str = NAMESPACE
) -> bytes:
    """Return a DMN file with these elements."""
    body = "".join(parts)
    return f'<definitions xmlns="{version}" id="{name}" name="{name}" namespace="{namespace}">{body}</definitions>'.encode()


def input_data(name: str, kind: str = "") -> str:
    """Return input data; its id is its name without spaces."""
    return f"<inputData id={quoteattr(_id(name))} name={quoteattr(name)}><variable name={quoteattr(name)}{_type(kind)}/></inputData>"


def decision(
    name: str,
    expression: str,
    *,
    needs: Sequence[str] = (),
    decides: Sequence[str] = (),
    knows: Sequence[str] = (),
    kind: str = "",
) -> str:
    """Return a decision with its requirements."""
    requirements = "".join(
        f'<{outer}Requirement><{inner} href="#{_id(other)}"/></{outer}Requirement>'
        for names, outer, inner in (
            (needs, "information", "requiredInput"),
            (decides, "information", "requiredDecision"),
            (knows, "knowledge", "requiredKnowledge"),
        )
        for other in names
    )
    return (
        f"<decision id={quoteattr(_id(name))} name={quoteattr(name)}>"
        f"<variable name={quoteattr(name)}{_type(kind)}/>{requirements}{expression}</decision>"
    )


def literal(text: str, kind: str = "") -> str:
    """Return a literal expression."""
    return f"<literalExpression{_type(kind)}><text>{escape(text)}</text></literalExpression>"


def table(
    inputs: Sequence[tuple[str, str] | tuple[str, str, str]],
    outputs: Sequence[str],
    rules: Sequence[Sequence[str]],
    policy: str = "UNIQUE",
    *,
    values: Sequence[str] = (),
    defaults: Sequence[str] = (),
) -> str:
    """Return a decision table; an input is its expression, its type and perhaps its allowed values."""
    name, _, aggregation = policy.partition("/")
    columns = "".join(
        f"<input><inputExpression{_type(part[1])}><text>{escape(part[0])}</text></inputExpression>"
        + (f"<inputValues><text>{escape(part[2])}</text></inputValues>" if len(part) > 2 else "")
        + "</input>"
        for part in inputs
    )
    results = "".join(
        f"<output name={quoteattr(output)}>"
        + (f"<outputValues><text>{escape(values[at])}</text></outputValues>" if at < len(values) else "")
        + (
            f"<defaultOutputEntry><text>{escape(defaults[at])}</text></defaultOutputEntry>"
            if at < len(defaults)
            else ""
        )
        + "</output>"
        for at, output in enumerate(outputs)
    )
    rows = "".join(
        "<rule>"
        + "".join(f"<inputEntry><text>{escape(cell)}</text></inputEntry>" for cell in rule[: len(inputs)])
        + "".join(f"<outputEntry><text>{escape(cell)}</text></outputEntry>" for cell in rule[len(inputs) :])
        + "</rule>"
        for rule in rules
    )
    how = f' aggregation="{aggregation}"' if aggregation else ""
    return f'<decisionTable hitPolicy="{name}"{how}>{columns}{results}{rows}</decisionTable>'


def _id(name: str) -> str:
    return name.replace(" ", "_")


def _type(kind: str) -> str:
    return f" typeRef={quoteattr(kind)}" if kind else ""
