"""结案: in one of the six modes, when everything it needs is there; refused otherwise, with all that is missing.

Two ways in, one rule: the drawing's last task, or an act at any time (a case that is dismissed on its second day does not
walk through the rest of its drawing).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from lianban.actions import timing
from lianban.actions.abilities import Completing, Doing, Outcome, acts, completes
from lianban.actions.case_errors import RulingMissing
from lianban.actions.end_listing import begin_removal
from lianban.actions.limit_consumption import begin_lift
from lianban.actions.running_clocks import start_clock
from lianban.actions.work import MatterRow, Work
from lianban.engines.clocks.moments import legal_date
from lianban.engines.closing import Proof, ProofKind, Standing, Verdict, judge, query_days
from lianban.engines.process import step
from lianban.engines.process.events import MatterCancelled
from lianban.records import closings, collaborations, listings, scenes
from lianban.records.bulk import insert_many
from lianban.records.contents import content_of
from lianban.records.identity import new_id

ABOUT = "closing"
FINISH = {
    "non_litigation": "enforcement.finish_non_litigation",
    "criminal_fine": "enforcement.finish_criminal_fine",
}
QUERY = "enforcement.terminated_query"
QUERY_PERIOD = "enforcement.terminated_query_period"
# What runs on when a case is closed is what the law lets run on: freezes, listings, limits. These do not.
STOPPED = ("collaboration", "property_lead", "fund", "claim")


@acts("closing.close")
def close_matter(doing: Doing) -> Outcome:
    """At any time: the drawing is left where it stands."""
    key = _close(doing.work, doing.matter, doing.data, doing.at)
    _leave_the_drawing(doing.work, doing.matter, doing.at)
    return _outcome(key, doing.data)


@completes("closing.close")
def close_by_drawing(completing: Completing) -> Outcome:
    """As the drawing's own task: the drawing goes on to its archive and its end."""
    key = _close(completing.work, completing.matter, completing.data, completing.at)
    return _outcome(key, completing.data)


def _outcome(key: UUID, data: Mapping[str, Any]) -> Outcome:
    mode, ground = str(data["mode"]), str(data["ground"])
    return Outcome(variables={"mode": mode}, said={"closing": str(key), "mode": mode, "ground": ground},
                   shown={"mode": mode}, milestone=True, record=key)  # fmt: skip


def verdict_of(cursor: Any, matter: UUID, data: Mapping[str, Any], at: datetime) -> Verdict:
    """What a closing would need and lacks, for the page that shows it and for the act that does it."""
    on, book = legal_date(at), closings.book(cursor)
    items = book.checklist(on)
    proofs = [*closings.proofs_found(cursor, matter, items), *_given(data)]
    circumstances = frozenset(str(one) for one in data.get("circumstances") or ())
    facts = closings.facts_of(cursor, matter, on, circumstances=circumstances, proofs=tuple(proofs))
    return judge(book, timing.book(), str(data["mode"]), str(data["ground"]), facts, on)


def _given(data: Mapping[str, Any]) -> list[Proof]:
    """What the officer adds: a document of the matter, or a statement."""
    found = []
    for one in data.get("proofs") or ():
        if one.get("document"):
            found.append(Proof(str(one["item"]), ProofKind.DOCUMENT, UUID(str(one["document"]))))
        if str(one.get("statement") or "").strip():
            found.append(Proof(str(one["item"]), ProofKind.STATEMENT, None, str(one["statement"]).strip()))
    return found


def _close(work: Work, matter: MatterRow, data: Mapping[str, Any], at: datetime) -> UUID:
    verdict = verdict_of(work.cursor, matter.id, data, at)
    verdict.require()
    ruling = str(data.get("ruling_no") or "").strip()
    if verdict.mode.ruling and not ruling:
        raise RulingMissing(mode_zh=verdict.mode.name.zh, mode_en=verdict.mode.name.en)
    key, on = new_id(), legal_date(at)
    days = query_days(timing.book(), on) if verdict.mode.checklist else ()
    _write(work, matter, key, verdict, data, ruling, days, at)
    if days:
        schedule_query(work, matter, key, 1, days[0], at)
    else:
        _let_go(work, matter, verdict, at)
    work.cursor.execute(
        "UPDATE clock SET state = 'stopped', closed_at = %s, next_at = NULL WHERE matter_id = %s AND state = 'running'"
        " AND about_kind = ANY(%s)",
        [at, matter.id, list(STOPPED)],
    )
    return key


# What a closing is for a listing without a term and for a limit: both end within three working days.
_LISTING_ENDS = {"completed": "performed", "ended": "enforcement_ended", "not_enforced": "not_enforced"}


def _let_go(work: Work, matter: MatterRow, verdict: Verdict, at: datetime) -> None:
    """Listings and limits do not outlive the enforcement they serve; a listing with a term ends by its term (失信规定 10)."""
    on, mode, ground = legal_date(at), verdict.mode.code, verdict.ground.code
    event = ground if ground == "settlement_performed" else _LISTING_ENDS.get(mode, "")
    for row in listings.of_matter(work.cursor, matter.id):
        if event and row.state in ("grace", "listed") and not row.removal_event and not row.term_years:
            begin_removal(work, matter, row, event, on, at)
    for limit in listings.limits_of_matter(work.cursor, matter.id):
        if limit.lifted_at is None and not limit.lift_event:
            lifted = "performed" if mode == "completed" else "enforcement_ended"
            begin_lift(work, matter, limit, lifted, on, at)


def _write(
    work: Work, matter: MatterRow, key: UUID, verdict: Verdict, data: Mapping[str, Any], ruling: str,
    days: tuple[date, ...], at: datetime,
) -> None:  # fmt: skip
    content = content_of(work.cursor, matter.id)
    on = legal_date(at)
    work.cursor.execute("SELECT lianban.round_began(%s)", [matter.id])
    began: date = work.cursor.fetchone()[0]
    case_no = collaborations.case_number(work.cursor, matter.id)
    claimed, recovered = _money(work, matter, content, on)
    required = [
        line.item.code
        for line in verdict.lines
        if line.standing in (Standing.PROVED, Standing.STATED) and line.proofs
    ]
    work.cursor.execute(
        """INSERT INTO closing (id, matter_id, lead_agency_id, mode, ground, ruling_no, filed_on, closed_on, legal_end_on, case_type,
                                required, circumstances, claimed_fen, recovered_fen, closed_at, closed_by_id, queries_until,
                                recorded_at)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, lianban.case_type(%s), %s, %s, %s, %s, %s, %s, %s, %s)""",
        [key, matter.id, matter.lead_agency, verdict.mode.code, verdict.ground.code, ruling, began, on,
         timing.book().due(finish_of(content), began).legal_date, case_no, required, list(data.get("circumstances") or ()), claimed,
         recovered, at, work.acting.officer, _queries_until(verdict, on), work.acting.now],
    )  # fmt: skip
    proofs = [
        (new_id(), key, matter.id, matter.lead_agency, line.item.code, proof.kind.value, proof.reference, proof.statement)
        for line in verdict.lines for proof in line.proofs
    ]  # fmt: skip
    proofs.append(
        (new_id(), key, matter.id, matter.lead_agency, "summary", "statement", None, str(data["summary"]))
    )
    insert_many(
        work.cursor, "closing_proof",
        {"id": "uuid", "closing_id": "uuid", "matter_id": "uuid", "lead_agency_id": "uuid", "item": "text", "kind": "text",
         "reference": "uuid", "statement": "text"},
        proofs,
    )  # fmt: skip


def _queries_until(verdict: Verdict, on: date) -> date | None:
    return timing.book().due(QUERY_PERIOD, on).legal_date if verdict.mode.checklist else None


def _money(work: Work, matter: MatterRow, content: Mapping[str, Any], on: date) -> tuple[int, int]:
    """申请执行标的 and 实际到位, in fen: by the claims and what was received for them, else as the case was filed."""
    work.cursor.execute(
        """SELECT (SELECT sum(v.principal_fen + v.interest_fen + v.costs_fen)::bigint FROM claim c JOIN claim_version v
                     ON v.claim_id = c.id AND v.number = (SELECT max(number) FROM claim_version w WHERE w.claim_id = c.id)
                    WHERE c.matter_id = %(m)s AND c.own),
                  (SELECT coalesce(sum(r.amount_fen), 0)::bigint FROM receipt r JOIN claim c ON c.id = r.claim_id
                    WHERE c.matter_id = %(m)s AND c.own AND r.superseded_at IS NULL)""",
        {"m": matter.id},
    )
    claimed, recovered = work.cursor.fetchone()
    if claimed is None:
        claimed = filed_sum(content)
    return int(claimed), int(recovered or 0)


def filed_sum(content: Mapping[str, Any]) -> int:
    """What was asked for when the case was filed, in fen."""
    filed = content.get("claim") or {}
    return sum(int(filed.get(name) or 0) for name in ("principal", "interest", "costs"))


def finish_of(content: Mapping[str, Any]) -> str:
    """The clock within which a case of this kind is to be enforced."""
    return FINISH.get(str(content.get("kind") or ""), "enforcement.finish")


def schedule_query(
    work: Work, matter: MatterRow, closing: UUID, number: int, due_on: date, at: datetime
) -> None:
    """The next half-yearly query: its row, and the clock that opens its task a week before."""
    key = new_id()
    work.cursor.execute(
        """INSERT INTO terminated_query (id, closing_id, matter_id, lead_agency_id, number, due_on, summary)
           VALUES (%s, %s, %s, %s, %s, %s, '') ON CONFLICT (closing_id, number) DO NOTHING""",
        [key, closing, matter.id, matter.lead_agency, number, due_on],
    )
    if work.cursor.rowcount:
        start_clock(work, matter, code=QUERY, about_kind="terminated_query", about=key, from_at=at, due_on=due_on,
                    verb="closing.query", warn_days=(7,))  # fmt: skip


def _leave_the_drawing(work: Work, matter: MatterRow, at: datetime) -> None:
    """Cancel what the drawing still waits for; the matter is closed, not withdrawn."""
    work.cursor.execute("SELECT id FROM scope WHERE matter_id = %s AND state = 'open'", [matter.id])
    work.load([row[0] for row in work.cursor.fetchall()])
    if matter.id in work.loaded:
        graph = scenes.graph_of(work.cursor, matter.drawing)
        left = step(
            graph, work.loaded[matter.id].state, [MatterCancelled()], matter=work.facts(matter), now=at, ids=new_id,
            due=lambda spec, now: now + timedelta(0), decide=lambda decision, context: None,
        )  # fmt: skip
        work.take(matter, left.changes)
    work.end(matter, "closed", at)
