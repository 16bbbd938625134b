"""结案: what the end of this case would need today, line by line; how it was closed, on which proofs; the queries after 终本."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connection
from django.http import HttpRequest

from lianban.actions import timing
from lianban.actions.close_matter import verdict_of
from lianban.doors.web.reading import acting_of
from lianban.engines.clocks import Words as Named
from lianban.engines.clocks.moments import legal_date
from lianban.engines.closing import ClosingBook, Proof, ProofKind, Standing, first_day
from lianban.engines.forms.model import Option
from lianban.engines.forms.words import Words
from lianban.records import closings, matter_view
from lianban.records.closings import ClosingRow, ProofRow
from lianban.records.matter_view import MatterHead

# Where a proof is looked at. Records of the matter are sections of the same page.
LINKS = {
    ProofKind.MEASURE: "#measures", ProofKind.LEAD: "#collaborations", ProofKind.COLLABORATION: "#collaborations",
    ProofKind.LIMIT: "#listings", ProofKind.LISTING: "#listings", ProofKind.COLLISION: "#collisions",
}  # fmt: skip


# Lines that closings made before November 2026 were proved by, and that are several lines now.
_ONCE = {
    "guidance_2024": Named(
        "已对照2024年12月30日指导意见的六项前置条件", "checked against the six preconditions of December 2024"
    )
}


def part(request: HttpRequest, head: MatterHead) -> dict[str, Any]:
    acting = acting_of(request)
    if head.lead != acting.agency:
        return {"lead": False}
    book, today = ClosingBook.standard(), legal_date(acting.now)
    with connection.cursor() as cursor:
        rows = closings.of_matter(cursor, head.id)
        told = [
            {"row": row, **_mode(book, row),
             "lines": _told(cursor, book, row), "queries": closings.queries_of(cursor, row.id)}
            for row in rows
        ]  # fmt: skip
        context: dict[str, Any] = {
            "lead": True,
            "closings": told,
            "reopenings": {one.closing: one for one in closings.reopenings_of(cursor, head.id)},
            "insolvencies": closings.insolvencies_of(cursor, head.id),
        }
        if head.state == "open":
            asked = {"mode": "terminated", "ground": "nothing_found"}
            verdict = verdict_of(cursor, head.id, asked, acting.now)
            answers = _letters(cursor, [proof.reference for line in verdict.lines for proof in line.proofs])
            context |= {
                "verdict": verdict,
                "needs": [{"words": _need(need), "holds": holds} for need, holds in verdict.needs],
                "lines": [
                    {"item": line.item, "standing": line.standing, "links": [_link(p, answers) for p in line.proofs[:5]],
                     "more": max(0, len(line.proofs) - 5)}
                    for line in verdict.lines if line.standing is not Standing.MOOT
                ],
                "earliest": first_day(timing.book(), closings.facts_of(cursor, head.id, today).filed_on),
                "today": today,
            }  # fmt: skip
    return context


def _mode(book: ClosingBook, row: ClosingRow) -> dict[str, Any]:
    """The mode in words, and the ground where there is one: a register of the past may give none."""
    mode = book.mode_of_register(row.mode, row.closed_on) or book.mode(row.mode, row.closed_on)
    return {"mode": mode, "ground": mode.ground(row.ground) if row.ground else None}


def _need(need: Any) -> Words:
    from lianban.engines.closing import NEED_WORDS

    return Words(NEED_WORDS[need].zh, NEED_WORDS[need].en)


def _letters(cursor: Any, references: list[UUID | None]) -> dict[UUID, UUID]:
    """Answer → the letter it is read on."""
    cursor.execute(
        "SELECT id, letter_id FROM answer WHERE id = ANY(%s)", [[key for key in references if key]]
    )
    return dict(cursor.fetchall())


def _link(proof: Proof | ProofRow, answers: dict[UUID, UUID]) -> dict[str, Any]:
    kind = ProofKind(proof.kind)
    href = LINKS.get(kind, "")
    if kind is ProofKind.ANSWER and proof.reference in answers:
        href = f"/letters/{answers[proof.reference]}"
    if kind is ProofKind.DOCUMENT:
        href = f"/documents/{proof.reference}"
    return {"kind": kind.value, "href": href, "statement": proof.statement}


def _told(cursor: Any, book: ClosingBook, row: Any) -> list[dict[str, Any]]:
    """The checklist as it was proved on the day."""
    proofs = closings.proofs_of(cursor, row.id)
    answers = _letters(cursor, [proof.reference for proof in proofs])
    names = _ONCE | {item.code: item.name for item in book.checklist(row.closed_on)}
    by_item: dict[str, list[dict[str, Any]]] = {}
    for proof in proofs:
        by_item.setdefault(proof.item, []).append(_link(proof, answers))
    return [
        {"name": names.get(code), "code": code, "links": links[:5], "more": max(0, len(links) - 5)}
        for code, links in by_item.items()
    ]


def items(cursor: Any, head: MatterHead) -> list[Option]:
    """The lines of the checklist that an officer may prove by a document or a statement."""
    from django.utils import timezone

    lines = closings.book(cursor).checklist(legal_date(timezone.now()))
    return [
        Option(item.code, Words(item.name.zh, item.name.en))
        for item in lines
        if item.proof & {ProofKind.DOCUMENT, ProofKind.STATEMENT} and not item.derived
    ]


def documents(cursor: Any, head: MatterHead) -> list[Option]:
    """The files of the matter."""
    return [
        Option(str(one.id), Words(one.name, one.name))
        for one in matter_view.documents(cursor, matter=head.id)
    ]


def about(cursor: Any, record: UUID) -> dict[str, Any] | None:
    """What the task of a half-yearly query shows."""
    found = closings.query(cursor, record)
    return None if found is None else {"query": found[0]}
