"""Where this library and feelin disagree, and what the standard says.

Every pair of a value and an operator is tried, and every case of the functions' tests. A disagreement that no
rule below explains fails the test; so does a rule that explains nothing any more.
"""

from __future__ import annotations

import itertools
import json
import re
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from feeldmn import FeelSyntaxError, Function, Range, compile_expression
from feeldmn.values import kind_of

VALUES = (
    "1", "-2.5", "0", '"a"', '"b"', '""', "true", "false", "null", "[1, 2]", "[]", "{a: 1}", "[1..5]",
    '@"2024-02-29"', '@"10:15:00"', '@"2024-02-29T10:15:00"', '@"2024-02-29T10:15:00Z"', '@"P1D"', '@"P1Y"',
)  # fmt: skip
OPERATORS = ("+", "-", "*", "/", "=", "<", "and", "or", "in")


_PAIRS = frozenset(
    [f"{a} {operator} {b}" for a, b in itertools.product(VALUES, VALUES) for operator in OPERATORS]
    + [f"{a} between {b} and {c}" for a, b, c in itertools.product(VALUES[:9], VALUES[:9], VALUES[:5])]
)


def corpus(cases: Iterable[str]) -> list[str]:
    """Return the expressions that both libraries evaluate."""
    return [*sorted(_PAIRS), *[f"-{value}" for value in VALUES], *cases]


@dataclass(frozen=True)
class Disagreement:
    """One expression with both results."""

    source: str
    mine: Any
    theirs: Any


@dataclass(frozen=True)
class Rule:
    """Why this library is right where a disagreement fits `holds`; `clause` is the place in DMN 1.5."""

    title: str
    clause: str
    holds: Callable[[Disagreement], bool]


def plain(value: Any) -> Any:
    """Return a FEEL value as the script for feelin writes it."""
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, Decimal):
        return {"number": str(value)}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {"context": {key: plain(item) for key, item in value.items()}}
    if isinstance(value, Range):
        return {"range": [plain(value.start), plain(value.end), value.start_included, value.end_included]}
    return {"other": "function"} if isinstance(value, Function) else {"text": str(value)}


def same(mine: Any, theirs: Any) -> bool:
    """Say whether two results agree; feelin's numbers are binary, so that they agree to nine digits."""
    if isinstance(mine, dict) and isinstance(theirs, dict):
        if "number" in mine and "number" in theirs:
            a, b = float(mine["number"]), float(theirs["number"])
            return abs(a - b) <= 1e-9 * max(1.0, abs(a))
        return mine.keys() == theirs.keys() and all(same(mine[key], theirs[key]) for key in mine)
    if isinstance(mine, list) and isinstance(theirs, list):
        return len(mine) == len(theirs) and all(map(same, mine, theirs))
    return type(mine) is type(theirs) and bool(mine == theirs)


def disagreements(module: Path, sources: list[str]) -> list[Disagreement]:
    """Evaluate everything with both libraries and return where they differ."""
    script = Path(__file__).with_name("feelin_values.mjs")
    done = subprocess.run(
        ["node", str(script), str(module)],
        input=json.dumps(sources),
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    found = []
    for source, theirs in zip(sources, json.loads(done.stdout), strict=True):
        try:
            mine: Any = {"value": plain(compile_expression(source).evaluate().feel_value)}
        except FeelSyntaxError:
            mine = {"error": "SyntaxError"}
        if "error" in mine and "error" in theirs:
            continue
        if not same(mine, theirs):
            found.append(Disagreement(source, mine.get("value"), theirs.get("value", "raised an error")))
    return found


def _operator(source: str, *operators: str) -> bool:
    return any(f" {operator} " in source for operator in operators)


_COMPARED = re.compile(r"(?P<a>.+?) (?:<|in|between) (?P<b>.+?)(?: and (?P<c>.+))?")
_ORDERED = frozenset({"number", "string", "date", "time", "date and time", "days and time duration"})


def _incomparable(source: str) -> bool:
    """Say whether the operands of `<`, `between` or `in` are of different kinds, or of a kind without an order."""
    match = _COMPARED.fullmatch(source)
    if match is None or source not in _PAIRS:
        return False
    values = [compile_expression(text).evaluate().feel_value for text in match.groups() if text is not None]
    if " in " in source and isinstance(values[1], Range):
        values[1] = values[1].start
    zones = {getattr(value, "zone", None) is None for value in values}
    kinds = {kind_of(value) for value in values}
    return len(kinds) > 1 or not kinds <= _ORDERED or len(zones) > 1


def _number(value: Any) -> str:
    return value.get("number", "") if isinstance(value, dict) else ""


_RELATIONS = (
    "overlaps before", "overlaps after", "finishes", "finished by", "during", "starts(", "started by", "coincides",
)  # fmt: skip

RULES = (
    Rule(
        "Values of different kinds, and kinds without an order, cannot be compared: null. feelin compares as "
        "JavaScript does, or raises an error.",
        "semantics of comparison: null when the two are not of one kind with an order",
        lambda d: d.mine is None and _incomparable(d.source),
    ),
    Rule(
        "`between` means at least the first and at most the second bound: false when they are in the wrong order.",
        "semantics of comparison: `e1 >= e2 and e1 <= e3`",
        lambda d: d.mine is False and d.theirs is True and _operator(d.source, "between"),
    ),
    Rule(
        "A time with a zone and one without, or durations of two kinds, cannot be compared for equality: null.",
        "semantics of equality; folder 0068-feel-equality of the kit",
        lambda d: d.mine is None and d.theirs is False and _operator(d.source, "="),
    ),
    Rule(
        "Lists of different length are not equal: false, not null.",
        "semantics of equality: lists of equal length, equal item by item",
        lambda d: d.mine is False and d.theirs is None and _operator(d.source, "="),
    ),
    Rule(
        "FEEL has no NaN: an operation without a value is null.",
        "10.3.2.3.1: numbers have no infinity and no NaN; folders 0077-feel-nan and 0078-feel-infinity of the kit",
        lambda d: d.mine is None and d.theirs == {"other": "NaN"},
    ),
    Rule(
        "A duration divided by a duration of its kind is a number.",
        "semantics of arithmetic on dates, times and durations; folder 0100-arithmetic of the kit",
        lambda d: _operator(d.source, "/") and _number(d.mine) == "1",
    ),
    Rule(
        "A duration can be multiplied with and divided by a number.",
        "semantics of arithmetic on dates, times and durations; folder 0100-arithmetic of the kit",
        lambda d: d.theirs is None and _operator(d.source, "*", "/") and "P1" in d.source,
    ),
    Rule(
        "A duration can be negated.",
        "semantics of arithmetic on dates, times and durations; folder 0100-arithmetic of the kit",
        lambda d: d.theirs is None and d.source.startswith(("-@", "string(-")),
    ),
    Rule(
        "A time is no date, and a moment without a zone is not one of UTC: their difference is null.",
        "semantics of arithmetic on dates, times and durations; folder 0100-arithmetic of the kit",
        lambda d: (
            d.mine is None and _operator(d.source, "-") and d.source.count("@") == 2 and "P1Y" not in d.source
        ),
    ),
    Rule(
        "Months cannot be added to a time of day: null.",
        "semantics of arithmetic on dates, times and durations; folder 0100-arithmetic of the kit",
        lambda d: d.mine is None and '@"10:15:00"' in d.source and '@"P1Y"' in d.source,
    ),
    Rule(
        "`e in null` is `e = null`: true or false.",
        "semantics of `in`: `e1 in e2` holds when `e1 = e2`",
        lambda d: d.source.endswith(" in null") and d.theirs is None,
    ),
    Rule(
        "A list is in a list that equals it.",
        "semantics of `in`: `e1 in e2` holds when `e1 = e2`",
        lambda d: d.mine is True and d.theirs is False and _operator(d.source, "in"),
    ),
    Rule(
        "`some` is the disjunction of its conditions, so that false or null is null.",
        "semantics of quantified expressions: a disjunction with three-valued `or`",
        lambda d: d.source.startswith("some") and d.mine is None and d.theirs is False,
    ),
    Rule(
        "A number keeps its scale in its text.",
        "10.3.2.3.1: numbers are decimal128 of IEEE 754, which have a scale",
        lambda d: d.source.startswith(("string(1.50)", "string(0 * -1)")),
    ),
    Rule(
        "Strings have an order, so that max() has a value.",
        "built-in functions: max()",
        lambda d: d.source.startswith('max(["a"'),
    ),
    Rule("is() of two kinds is false.", "built-in functions: is()", lambda d: d.source.startswith("is(")),
    Rule(
        "The functions on ranges are part of the standard since 1.3.",
        "built-in functions on ranges; folder 1130-feel-interval of the kit",
        lambda d: d.theirs is None and d.source.startswith(_RELATIONS),
    ),
    Rule(
        "range() is part of the standard since 1.4.",
        "built-in functions: range()",
        lambda d: " in range(" in d.source,
    ),
    Rule(
        "A years and months duration counts whole months only.",
        "built-in functions: years and months duration()",
        lambda d: "years and months duration(" in d.source,
    ),
    Rule(
        "`(< 10)` is not the same range as one with a written null.",
        "case range_006 of 0068-feel-equality of the kit",
        lambda d: d.source == "(< 10) = (null..10)",
    ),
    Rule(
        "`range<T>` is a type.",
        "grammar of types; folder 0070-feel-instance-of of the kit",
        lambda d: "instance of range<" in d.source,
    ),
    Rule(
        "24:00:00 is midnight of the next day.",
        "dates and times by XML Schema; folder 1117-feel-date-and-time-function of the kit",
        lambda d: "T24:00:00" in d.source,
    ),
    Rule(
        "Times with zones differ by the moments they stand for.",
        "semantics of arithmetic on dates, times and durations; folder 0100-arithmetic of the kit",
        lambda d: 'time("10:00:00+08:00") - time(' in d.source,
    ),
    Rule(
        "Years reach from -999,999,999 to 999,999,999.",
        "dates: years of up to nine digits; folder 1115-feel-date-function of the kit",
        lambda d: "999999999-12-31" in d.source or "-0001-01-01" in d.source,
    ),
    Rule(
        "The property `second` has a fraction.",
        "properties of times",
        lambda d: d.source.endswith('.5".second'),
    ),
    Rule(
        "A loop may run over dates.",
        "iteration over dates, since 1.4; folder 0084-feel-for-loops of the kit",
        lambda d: d.source.startswith("for d in @"),
    ),
    Rule(
        "A list of one item does not equal its item: the two are of different kinds.",
        "semantics of equality: a list and a number are of different kinds",
        lambda d: d.source.startswith("distinct values(") and " [1]," in d.source,
    ),
    Rule(
        "A duration is of years and months or of days and time, not of both.",
        "built-in functions: duration()",
        lambda d: d.source == 'duration("P1Y1D")',
    ),
)


def explained(found: list[Disagreement]) -> tuple[dict[str, list[Disagreement]], list[Disagreement]]:
    """Return the disagreements by the title of the first rule that fits, and those that none fits."""
    by_rule: dict[str, list[Disagreement]] = {rule.title: [] for rule in RULES}
    rest = []
    for disagreement in found:
        rule = next((rule for rule in RULES if rule.holds(disagreement)), None)
        (by_rule[rule.title] if rule else rest).append(disagreement)
    return by_rule, rest


def cases_of_tests() -> list[str]:
    """Return the expressions of the functions', temporal and expression tests."""
    import test_feel_expressions
    import test_feel_functions
    import test_feel_temporal

    found = [source for source, _ in test_feel_functions.CASES]
    for module in (test_feel_expressions, test_feel_temporal):
        for name in sorted(vars(module)):
            for mark in getattr(getattr(module, name), "pytestmark", []):
                names = mark.args[0] if mark.name == "parametrize" else ()
                if names == ("source", "text"):
                    found += [f"string({case[0]})" for case in mark.args[1]]
                elif names == ("source", "value"):
                    found += [case[0] for case in mark.args[1]]
    return [source for source in found if not re.search(r"\bnow\(|\btoday\(", source)]


def report(by_rule: dict[str, list[Disagreement]], total: int) -> str:
    """Return the page of the reference."""
    count = sum(map(len, by_rule.values()))
    lines = [
        "# Beside feelin",
        "",
        "Written by `make differential`; do not edit. [feelin](https://github.com/nikku/feelin) is the FEEL library "
        "of bpmn.io, in JavaScript. Both libraries evaluate every pair of "
        f"{len(VALUES)} values under {len(OPERATORS)} operators, and the cases of the tests: {total} expressions. "
        f"They agree on {total - count}; each of the other {count} is explained here by the standard (DMN 1.5).",
        "",
        "| disagreements | why | where the standard says so | for example | here | feelin |",
        "|---:|---|---|---|---|---|",
    ]
    for rule in RULES:
        found = by_rule[rule.title]
        first = found[0]
        cells = [_code(first.source), _code(json.dumps(first.mine)), _code(json.dumps(first.theirs))]
        lines.append(f"| {len(found)} | {rule.title} | {rule.clause} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _code(text: str) -> str:
    return "`" + text.replace("|", "\\|") + "`"
