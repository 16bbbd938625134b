"""导入银行对账单与对应: the bank's lines beside the court's books. Nothing is guessed: what is not alone is a person's.

A statement with a mistake is not imported at all, and every mistake is told with its row. After each import, and whenever an
officer asks, the engine matches what it can; the rest is a list of things to do.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from lianban.actions.acting import Acting
from lianban.actions.errors import NothingToDo
from lianban.actions.money_errors import LineMatched, MoneyNotFound, StatementRefused
from lianban.actions.permissions import require, require_reason
from lianban.actions.receive_payment import Arrival, receive_in
from lianban.actions.work import Work, working
from lianban.engines.clocks.moments import start_of_day
from lianban.engines.payments import LineProblem, read_statement, reconcile
from lianban.records import bank
from lianban.records.bank import BankLine, MatchRow, Movement
from lianban.records.history import Entry


@dataclass(frozen=True, slots=True)
class Imported:
    statement: UUID
    lines: int
    matched: int


def import_statement(acting: Acting, name: str, content: bytes, opening_fen: int | None = None) -> Imported:
    """Raises :class:`StatementRefused` with every mistake, :class:`NothingToDo` for a file that was imported before."""
    require(acting, "import_statement")
    digest = hashlib.sha256(content).hexdigest()
    file = read_statement(content, name, opening_fen)
    with working(acting) as work:
        assert acting.agency is not None
        if (before := bank.already(work.cursor, digest)) is not None:
            raise NothingToDo(
                act="导入对账单",
                reason_zh=f"该文件已经导入过（{before}）",
                reason=f"this file was imported before ({before})",
            )
        known = bank.known_references(work.cursor, [line.reference for line in file.lines if line.reference])
        twice = [
            LineProblem(line.row, "流水号", f"该笔流水已在“{known[line.reference]}”中导入。",
                        f"This movement was imported with “{known[line.reference]}”.")
            for line in file.lines if line.reference in known
        ]  # fmt: skip
        if problems := [*file.problems, *twice]:
            first = problems[0]
            raise StatementRefused(
                name=name[:80], count=len(problems), first_zh=_place(first) + first.zh, first_en=_place(first, en=True) + first.en,
                rows=[{"row": p.row, "column": p.column, "zh": p.zh, "en": p.en} for p in problems],
            )  # fmt: skip
        key = bank.add_statement(
            work.cursor, agency=acting.agency, name=name[:200], digest=digest,
            first_day=min(line.on for line in file.lines), last_day=max(line.on for line in file.lines),
            opening_fen=file.opening_fen, closing_fen=file.closing_fen, officer=acting.officer, recorded_at=acting.now,
            rows=[(line.row, line.on, line.amount_fen, line.reference, line.counterparty, line.remark) for line in file.lines],
        )  # fmt: skip
        matched = _match_all(work)
        work.enter(Entry("payments.statement", said={
            "statement": str(key), "digest": digest, "lines": len(file.lines), "opening_fen": file.opening_fen,
            "closing_fen": file.closing_fen, "matched": matched,
        }))  # fmt: skip
        return Imported(key, len(file.lines), matched)


def _place(problem: LineProblem, *, en: bool = False) -> str:
    if not problem.row:
        return ""
    return f"row {problem.row}, {problem.column}: " if en else f"第 {problem.row} 行{problem.column}："


def _match_all(work: Work) -> int:
    """Let the engine match what is open on both sides; returns how many lines were matched."""
    lines = {str(line.id): line for line in bank.unmatched_lines(work.cursor, 20_000)}
    if not lines:
        return 0
    last = max(line.on for line in lines.values()) + timedelta(days=7)
    ours = {one.id: one for one in bank.unmatched_movements(work.cursor, last, 20_000)}
    found = reconcile([one.entry for one in ours.values()], [line.entry for line in lines.values()])
    rows = [_row(lines[match.bank], ours[match.book], match.by) for match in found.matches]
    _add(work, rows)
    return len(rows)


def match_entry(acting: Acting, line: UUID, movement: str) -> None:
    """An officer says which movement of the books a line is. Raises :class:`LineMatched`, :class:`MoneyNotFound`."""
    require(acting, "match_entry")
    with working(acting) as work:
        found = next(iter(bank.unmatched_movements(work.cursor, key=movement)), None)
        entry = next((one for one in bank.unmatched_lines(work.cursor, 20_000) if one.id == line), None)
        if entry is None or found is None or (entry.amount_fen > 0) != (found.amount_fen > 0):
            raise LineMatched
        row = _row(entry, found, "officer")
        _add(work, [row])
        work.enter(Entry("payments.match", found.matter, said={
            "line": str(line), "movement": movement, "difference_fen": row.difference_fen}))  # fmt: skip


def undo_match(acting: Acting, line: UUID, reason: str) -> None:
    """A line that was matched wrongly is open again."""
    require(acting, "match_entry")
    reason = require_reason("撤销对应", reason)
    with working(acting) as work:
        if not bank.undo_match(work.cursor, line, acting.officer, reason, acting.now):
            raise MoneyNotFound(what_zh="已对应的流水", what="a line that is matched")
        work.enter(Entry("payments.unmatch", said={"line": str(line), "reason": reason}))


def receive_line(acting: Acting, line: UUID) -> UUID:
    """A line nobody knew of is an arrival: it is recorded as unclaimed, and matched. Returns the arrival."""
    require(acting, "receive_payment")
    with working(acting) as work:
        entry = next((one for one in bank.unmatched_lines(work.cursor, 20_000) if one.id == line), None)
        if entry is None or entry.amount_fen <= 0:
            raise LineMatched
        at = start_of_day(entry.on)
        (key,) = receive_in(work, [Arrival(entry.amount_fen, at, entry.counterparty, entry.reference, counts_on=entry.on,
                                           remark=entry.remark)])  # fmt: skip
        _add(work, [MatchRow(line, key, None, False, "officer", 0)])
        return key


def _row(line: BankLine, movement: Movement, by: str) -> MatchRow:
    return MatchRow(
        line.id, movement.fund, movement.payout, movement.returned, by, line.amount_fen - movement.amount_fen
    )


def _add(work: Work, rows: list[MatchRow]) -> None:
    assert work.acting.agency is not None
    bank.add_matches(
        work.cursor, rows, agency=work.acting.agency, officer=work.acting.officer, recorded_at=work.acting.now
    )
