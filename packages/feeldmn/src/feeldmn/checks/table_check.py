"""Gaps, overlaps and rules that never count in a decision table.

The inputs of a table span a space that its cells cut into boxes, within which the same rules match. The space
is walked column by column; equal remainders are walked once, so that the size of the table and not that of the
space bounds the work.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from feeldmn import nodes
from feeldmn.checks.domains import Cell, Domain, NotAnalysable, cell_of, constant
from feeldmn.comparison import equal
from feeldmn.dmn.items import Constraint
from feeldmn.table_nodes import DecisionTable, HitPolicy, TableInput
from feeldmn.types import BOOLEAN, ConstrainedType, FeelType, NamedType, plain

#: A table that people can read has a few hundred boxes. What has more is not analysed, in about a second, so that
#: whoever saves it is not kept waiting.
MAX_BOXES = 20_000
MAX_ROWS = 50


@dataclass(frozen=True, slots=True)
class Overlap:
    """Several rules match the inputs of `row`."""

    rules: tuple[int, ...]
    row: tuple[str, ...]


@dataclass(slots=True)
class TableReport:
    """What was found: rows of inputs without a rule, rows with several, rules that are never the first hit."""

    gaps: list[tuple[str, ...]] = field(default_factory=list)
    overlaps: list[Overlap] = field(default_factory=list)
    unreachable: list[int] = field(default_factory=list)
    #: Why the table could not be analysed, or only in part; empty when it could.
    not_analysed: str = ""


def analyse_table(table: DecisionTable) -> TableReport:
    """Analyse a table whose cells are constants; what cannot be analysed is said in `not_analysed`."""
    report = TableReport()
    columns: list[tuple[Domain, list[int]]] = []
    for number, part in enumerate(table.inputs):
        try:
            columns.append(_column(table, number, part))
        except NotAnalysable:
            report.not_analysed = (
                f"the cells of input {number + 1} ({part.label}) are not constants of one kind"
            )
            return report
    _Walk(columns, (1 << len(table.rules)) - 1, table).into(report)
    return report


def _column(table: DecisionTable, number: int, part: TableInput) -> tuple[Domain, list[int]]:
    cells = [cell_of(rule.tests[number]) if number < len(rule.tests) else Cell(None) for rule in table.rules]
    allowed = cell_of(part.allowed) if part.allowed is not None else _allowed_by(part.type)
    closed = (False, True) if part.type is not None and plain(part.type) is BOOLEAN else ()
    domain = Domain(cells, allowed, closed=closed)
    matched = [domain.matched(cell) for cell in cells]
    masks = [
        sum(1 << rule for rule, pieces in enumerate(matched) if piece in pieces) for piece in domain.pieces
    ]
    return domain, masks


def _allowed_by(kind: FeelType | None) -> Cell | None:
    for _ in range(20):
        if isinstance(kind, NamedType):
            kind = kind.target()
        elif isinstance(kind, ConstrainedType):
            if isinstance(kind.allows, Constraint):
                try:
                    return cell_of(kind.allows.tests)
                except NotAnalysable:
                    return None
            kind = kind.base
        else:
            break
    return None


class _Walk:
    def __init__(
        self, columns: list[tuple[Domain, list[int]]], every_rule: int, table: DecisionTable
    ) -> None:
        self.columns = columns
        self.every_rule = every_rule
        self.table = table
        self.boxes: dict[tuple[int, int], list[tuple[tuple[str, ...], int]]] = {}
        self.work = 0

    def into(self, report: TableReport) -> None:
        """Fill the report."""
        try:
            boxes = self._below(0, self.every_rule)
        except NotAnalysable:
            report.not_analysed = f"the table has more than {MAX_BOXES} different boxes"
            return
        firsts = 0
        for row, hits in boxes:
            firsts |= hits & -hits
            if not hits:
                report.gaps.append(row)
            elif hits & (hits - 1) and self._matters(hits):
                rules = tuple(rule.number for at, rule in enumerate(self.table.rules) if hits >> at & 1)
                report.overlaps.append(Overlap(rules, row))
        if self.table.hit_policy is HitPolicy.FIRST:
            report.unreachable = [
                rule.number for at, rule in enumerate(self.table.rules) if not firsts >> at & 1
            ]

    def _matters(self, hits: int) -> bool:
        """An overlap of an ANY table matters when its rules give different values."""
        if self.table.hit_policy is HitPolicy.UNIQUE:
            return True
        if self.table.hit_policy is not HitPolicy.ANY:
            return False
        rows = [rule.outputs for at, rule in enumerate(self.table.rules) if hits >> at & 1]
        try:
            values = [[constant(_bare(cell)) for cell in row] for row in rows]
        except NotAnalysable:
            return False
        return not all(equal(value, values[0]) for value in values)

    def _below(self, number: int, hits: int) -> list[tuple[tuple[str, ...], int]]:
        """Return the boxes of the columns from `number` on, for the rules still open."""
        rest = len(self.columns) - number
        if not hits or not rest:
            return [(("-",) * rest, hits)]
        known = self.boxes.get((number, hits))
        if known is not None:
            return known
        domain, masks = self.columns[number]
        groups: dict[int, list[int]] = {}
        for piece, mask in zip(domain.pieces, masks, strict=True):
            groups.setdefault(mask & hits, []).append(piece)
        # Pieces that differ in the rules still open, but not in what comes of it, are shown as one.
        alike: dict[tuple[tuple[str, ...], int], list[int]] = {}
        for open_rules, pieces in groups.items():
            for box in self._below(number + 1, open_rules):
                alike.setdefault(box, []).extend(pieces)
        found = [((domain.text(sorted(pieces)), *row), left) for (row, left), pieces in alike.items()]
        self.work += len(found)
        if self.work > MAX_BOXES:
            raise NotAnalysable
        self.boxes[number, hits] = found
        return found


def _bare(node: nodes.Node) -> nodes.Node:
    return node.value if isinstance(node, nodes.Sourced) else node
