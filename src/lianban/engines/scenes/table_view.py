"""Decision tables for reading: as rows, and what changed between two versions of a file, in words.

Both work on the file's own texts, not on what they mean, so that a table with an error can be shown too. The caller
has examined the file (:mod:`lianban.engines.scenes.editing`), so that it is well-formed and bounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from lianban.engines.scenes.tables import tree


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: the texts of its cells, in the order of the columns."""

    id: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownTable:
    """One decision: as a table (``columns`` and ``rules``), or, without columns, as its expression."""

    id: str
    name: str
    policy: str
    requires: tuple[str, ...]
    columns: tuple[str, ...]
    inputs: int
    rules: tuple[Rule, ...]
    expression: str = ""


@dataclass(frozen=True, slots=True)
class TableChange:
    """One thing that is different. ``where`` is the decision's name; the sentences say the rest."""

    sort: str  # added, removed, changed
    where: str
    zh: str
    en: str


def tables_shown(dmn: bytes) -> tuple[ShownTable, ...]:
    """Every decision of a file, in its order."""
    root = tree(dmn)
    names = {
        element.get("id"): element.get("name") or element.get("id") for element in root if element.get("id")
    }
    return tuple(_shown(decision, names) for decision in root.iterchildren("{*}decision"))


def compare_tables(old: bytes, new: bytes) -> tuple[TableChange, ...]:
    """What is different, decision by decision and rule by rule; empty when only the layout is."""
    before = {table.id: table for table in tables_shown(old)} if old else {}
    after = {table.id: table for table in tables_shown(new)} if new else {}
    found: list[TableChange] = []
    for key, table in after.items():
        if key not in before:
            found.append(TableChange("added", table.name, "新增决策", "decision added"))
        else:
            found += _changes(before[key], table)
    found += [
        TableChange("removed", table.name, "删去决策", "decision removed")
        for key, table in before.items()
        if key not in after
    ]
    return tuple(found)


def _shown(decision: etree._Element, names: dict[str, str]) -> ShownTable:
    required = decision.iterfind("{*}informationRequirement/*")
    requires = tuple(
        names.get(key, key) for part in required if (key := (part.get("href") or "").lstrip("#"))
    )
    name, key = decision.get("name") or decision.get("id") or "", decision.get("id") or ""
    table = decision.find("{*}decisionTable")
    if table is None:
        literal = decision.find("{*}literalExpression")
        return ShownTable(key, name, "", requires, (), 0, (), _text(literal))
    inputs = list(table.iterchildren("{*}input"))
    outputs = list(table.iterchildren("{*}output"))
    columns = [one.get("label") or _text(one.find("{*}inputExpression")) for one in inputs]
    columns += [one.get("label") or one.get("name") or name for one in outputs]
    rules = tuple(
        Rule(
            rule.get("id") or "",
            tuple(_text(cell) for cell in rule.iterchildren("{*}inputEntry", "{*}outputEntry")),
        )
        for rule in table.iterchildren("{*}rule")
    )
    policy = " ".join(filter(None, (table.get("hitPolicy") or "UNIQUE", table.get("aggregation"))))
    return ShownTable(key, name, policy, requires, tuple(columns), len(inputs), rules)


def _changes(before: ShownTable, after: ShownTable) -> Iterator[TableChange]:
    where = after.name
    for zh, en, one, other in (
        ("名称", "name", before.name, after.name), ("命中策略", "hit policy", before.policy, after.policy),
        ("表达式", "expression", before.expression, after.expression),
        ("所需", "requires", "、".join(before.requires), "、".join(after.requires)),
        ("列", "columns", "、".join(before.columns), "、".join(after.columns)),
    ):  # fmt: skip
        if one != other:
            yield TableChange(
                "changed",
                where,
                f"{zh}：{one or '—'} → {other or '—'}",
                f"{en}: {one or '—'} → {other or '—'}",
            )
    was = {rule.id: (number, rule) for number, rule in enumerate(before.rules, 1)}
    ids = {rule.id for rule in after.rules}
    for number, rule in enumerate(after.rules, 1):
        if rule.id not in was:
            cells = " | ".join(cell or "-" for cell in rule.cells)
            yield TableChange(
                "added", where, f"新增第 {number} 条规则：{cells}", f"rule {number} added: {cells}"
            )
            continue
        for at, cell in enumerate(rule.cells):
            earlier = was[rule.id][1].cells[at] if at < len(was[rule.id][1].cells) else ""
            if cell != earlier:
                column = after.columns[at] if at < len(after.columns) else str(at + 1)
                yield TableChange(
                    "changed", where, f"第 {number} 条规则“{column}”：{earlier or '-'} → {cell or '-'}",
                    f"rule {number}, {column}: {earlier or '-'} → {cell or '-'}",
                )  # fmt: skip
    for number, rule in was.values():
        if rule.id not in ids:
            cells = " | ".join(cell or "-" for cell in rule.cells)
            yield TableChange(
                "removed",
                where,
                f"删去原第 {number} 条规则：{cells}",
                f"former rule {number} removed: {cells}",
            )
    kept = [rule.id for rule in after.rules if rule.id in was]
    if kept != [rule.id for rule in before.rules if rule.id in ids]:
        yield TableChange("changed", where, "规则的先后次序变了", "the order of the rules changed")


def _text(element: etree._Element | None) -> str:
    if element is None:
        return ""
    inner = element.find("{*}text")
    return " ".join("".join(inner.itertext()).split()) if inner is not None else ""
