"""What is timed: a decision table of twenty rules and ten expressions, in the words of each engine."""

from __future__ import annotations

import datetime as dt
from typing import Any
from xml.sax.saxutils import escape

#: age, risk, amount → routing, rate. UNIQUE: no two rules match together.
BANDS = ("< 18", "[18..25)", "[25..65)", ">= 65")
RISKS = ('"LOW"', '"MEDIUM"', '"HIGH"')
RULES: list[tuple[str, str, str, str, str]] = [
    (BANDS[0], "-", "-", '"DECLINE"', "0"),
    *[
        (band, risk, amount, routing, rate)
        for band in BANDS[1:]
        for risk, amount, routing, rate in (
            (RISKS[0], "< 10000", '"ACCEPT"', "0.02"),
            (RISKS[0], ">= 10000", '"ACCEPT"', "0.025"),
            (RISKS[1], "< 5000", '"ACCEPT"', "0.035"),
            (RISKS[1], "[5000..20000)", '"REFER"', "0.04"),
            (RISKS[1], ">= 20000", '"DECLINE"', "0"),
            (RISKS[2], "-", '"REFER"', "0.08"),
        )
    ],
    ("-", '"UNKNOWN"', "-", '"REFER"', "0"),
]
RULES[0] = (BANDS[0], ", ".join(RISKS), "-", '"DECLINE"', "0")
assert len(RULES) == 20

#: One call for each kind of row: first, middle, last, and none.
CALLS: list[dict[str, Any]] = [
    {"age": 15, "risk": "LOW", "amount": 100},
    {"age": 40, "risk": "MEDIUM", "amount": 12000},
    {"age": 70, "risk": "HIGH", "amount": 90000},
    {"age": 30, "risk": "NONE", "amount": 1},
]


def dmn() -> bytes:
    """Return the table as a DMN file."""
    inputs = "".join(
        f'<input><inputExpression typeRef="{kind}"><text>{name}</text></inputExpression></input>'
        for name, kind in (("age", "number"), ("risk", "string"), ("amount", "number"))
    )
    rules = "".join(
        "<rule>"
        + "".join(f"<inputEntry><text>{escape(cell)}</text></inputEntry>" for cell in rule[:3])
        + "".join(f"<outputEntry><text>{escape(cell)}</text></outputEntry>" for cell in rule[3:])
        + "</rule>"
        for rule in RULES
    )
    data = "".join(
        f'<inputData id="{name}" name="{name}"><variable name="{name}"/></inputData>'
        for name in ("age", "risk", "amount")
    )
    needs = "".join(
        f'<informationRequirement><requiredInput href="#{name}"/></informationRequirement>'
        for name in ("age", "risk", "amount")
    )
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="bench" namespace="bench">'
        f'{data}<decision id="routing" name="routing">{needs}'
        f'<decisionTable hitPolicy="UNIQUE">{inputs}<output name="routing"/><output name="rate"/>{rules}'
        "</decisionTable></decision></definitions>"
    ).encode()


def jdm() -> dict[str, Any]:
    """Return the table as GoRules' JSON decision model (zen-engine)."""
    columns = ("age", "risk", "amount")
    rules = []
    for number, rule in enumerate(RULES):
        cells = dict(zip((*columns, "routing", "rate"), rule, strict=True))
        rules.append(
            {"_id": f"r{number}", **{key: "" if cell == "-" else cell for key, cell in cells.items()}}
        )
    table = {
        "hitPolicy": "first",
        "inputs": [{"id": name, "name": name, "field": name} for name in columns],
        "outputs": [{"id": name, "name": name, "field": name} for name in ("routing", "rate")],
        "rules": rules,
    }
    return {
        "nodes": [
            {"id": "in", "type": "inputNode", "name": "in", "position": {"x": 0, "y": 0}},
            {
                "id": "table",
                "type": "decisionTableNode",
                "name": "table",
                "content": table,
                "position": {"x": 1, "y": 0},
            },
            {"id": "out", "type": "outputNode", "name": "out", "position": {"x": 2, "y": 0}},
        ],
        "edges": [
            {"id": "a", "type": "edge", "sourceId": "in", "targetId": "table"},
            {"id": "b", "type": "edge", "sourceId": "table", "targetId": "out"},
        ],
    }


CONTEXT: dict[str, Any] = {
    "price": 12.5,
    "quantity": 4,
    "discount": 0.1,
    "age": 40,
    "income": 3500,
    "score": 650,
    "name": "汝州市人民法院",
    "amount": 2500,
    "numbers": [3, 1, 4, 1, 5, 9, 2, 6],
    "items": [
        {"price": 12, "quantity": 3},
        {"price": 5, "quantity": 6},
        {"price": 40, "quantity": 1},
        {"price": 8, "quantity": 2},
    ],
    "filed": dt.date(2024, 6, 1),
}

#: name → FEEL, zen-engine, CEL. None: the language has no such expression.
EXPRESSIONS: list[tuple[str, str, str | None, str | None]] = [
    ("arithmetic", "price * quantity * (1 - discount)", "price * quantity * (1 - discount)", "price * double(quantity) * (1.0 - discount)"),
    ("logic", "age >= 18 and age < 65 and income > 2000", "age >= 18 and age < 65 and income > 2000", "age >= 18 && age < 65 && income > 2000"),
    ("if", 'if score > 700 then "A" else if score > 600 then "B" else "C"', 'score > 700 ? "A" : score > 600 ? "B" : "C"', 'score > 700 ? "A" : score > 600 ? "B" : "C"'),
    ("strings", 'contains(name, "法院") and string length(name) > 3', 'contains(name, "法院") and len(name) > 3', 'name.contains("法院") && size(name) > 3'),
    ("range", "amount in [1000..5000]", "amount in [1000..5000]", "amount >= 1000 && amount <= 5000"),
    ("filter", "count(items[price > 10])", "len(filter(items, #.price > 10))", "size(items.filter(i, i.price > 10))"),
    ("loop", "for i in items return i.price * i.quantity", "map(items, #.price * #.quantity)", "items.map(i, i.price * i.quantity)"),
    ("sum", "sum(numbers)", "sum(numbers)", None),
    ("some", "some i in items satisfies i.quantity > 4", "some(items, #.quantity > 4)", "items.exists(i, i.quantity > 4)"),
    ("dates", 'filed + duration("P15D") < date("2024-06-30")', 'd(filed).add("15d").isBefore(d("2024-06-30"))', 'filed + duration("360h") < timestamp("2024-06-30T00:00:00Z")'),
]  # fmt: skip
