"""决定异议、复议: with reasons; served; and what follows: a correction in three working days, the next remedy's period, the end of a bar."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from lianban.actions import timing
from lianban.actions.abilities import Doing, Outcome, acts
from lianban.actions.case_errors import OutOfPeriod, StatementMissing
from lianban.actions.collaborating import a_date
from lianban.actions.end_listing import FIX as LISTING_FIX
from lianban.actions.end_listing import begin_removal
from lianban.actions.file_objection import ABOUT, objection_in_hand
from lianban.actions.limit_consumption import FIX as LIMIT_FIX
from lianban.actions.limit_consumption import begin_lift
from lianban.actions.running_clocks import meet_clocks, start_clock
from lianban.engines.clocks.moments import legal_date
from lianban.engines.objections import ObjectionBook
from lianban.engines.objections.errors import DecidedBefore
from lianban.engines.process.timers import BEIJING
from lianban.records import clocks, listings
from lianban.records.objections import ObjectionRow


@acts("objections.decide")
def decide_objection(doing: Doing) -> Outcome:
    work, matter, data, at = doing.work, doing.matter, doing.data, doing.at
    row = objection_in_hand(work, matter, doing.record)
    if row.decided_at is not None:
        raise DecidedBefore(day=legal_date(row.decided_at).isoformat())
    reasons = str(data["reasons"]).strip()
    if len(reasons) < 4:
        raise StatementMissing
    kind = ObjectionBook.standard().kind(row.kind)
    decision = str(data["decision"])
    # A suit that ended, or an objection that was withdrawn, lets go of the asset at once: yesterday was the last day barred.
    ends_now = kind.bars_disposal and (decision == "withdrawn" or (decision == "refused" and not kind.then))
    until = legal_date(at) - timedelta(days=1) if ends_now else None
    work.cursor.execute(
        """UPDATE objection SET state = 'decided', decision = %s, reasons = %s, decided_at = %s, decided_by_id = %s,
                  bars_until = %s, filed_at = coalesce(filed_at, %s) WHERE id = %s""",
        [decision, reasons, at, work.acting.officer, until, at, row.id],
    )
    meet_clocks(work, row.id, at, [code for code in (kind.file, kind.decide) if code])
    if decision in ("upheld", "partly"):
        _correct(doing, row, at)
    if served := a_date(data.get("served_on")):
        _serve(doing, row, decision, served, at)
    return Outcome(
        said={"objection": str(row.id), "kind": row.kind, "decision": decision},
        shown={"what": row.kind, "decision": decision}, subjects=(row.party,) if row.party else (),
        milestone=False, record=row.id,
    )  # fmt: skip


@acts("objections.serve")
def serve_decision(doing: Doing) -> Outcome:
    """送达: from here the period of the next remedy runs."""
    row = objection_in_hand(doing.work, doing.matter, doing.record)
    served = a_date(doing.data["served_on"])
    assert served is not None
    if row.decided_at is None or served < legal_date(row.decided_at):
        raise OutOfPeriod(
            day=served.isoformat(), why_zh="送达日不能早于决定日", why_en="it was not decided by then"
        )
    _serve(doing, row, row.decision, served, doing.at)
    return Outcome(
        said={"objection": str(row.id), "served_on": served.isoformat()}, milestone=False, record=row.id
    )


@acts("objections.extend")
def extend_decision(doing: Doing) -> Outcome:
    """院长批准延长: thirty days more for a reconsideration, once, while the first thirty still run."""
    work, matter = doing.work, doing.matter
    row = objection_in_hand(work, matter, doing.record)
    kind = ObjectionBook.standard().kind(row.kind)
    running = [c for c in clocks.of(work.cursor, about=[row.id], running=True) if c.code == kind.decide]
    version = timing.book().version(kind.decide, row.received_on) if kind.decide else None
    rule = next((one for one in version.extensions if one.code == kind.extension), None) if version else None
    if not running or rule is None or rule.length is None or row.decided_at is not None:
        raise OutOfPeriod(day=legal_date(doing.at).isoformat(), why_zh="该程序没有可以延长的期间",
                          why_en="no period runs here that may be made longer")  # fmt: skip
    received = datetime.combine(row.received_on, time(12), BEIJING)
    whole = type(rule.length)(version.length.count + rule.length.count, rule.length.unit)  # type: ignore[union-attr]
    due = timing.book().count(kind.decide, version, received, length=whole)  # type: ignore[arg-type]
    if running[0].due_on >= due.legal_date:
        raise OutOfPeriod(
            day=running[0].due_on.isoformat(), why_zh="已经延长过", why_en="it was extended before"
        )
    meet_clocks(work, row.id, doing.at, [kind.decide])
    start_clock(work, matter, code=kind.decide, about_kind=ABOUT, about=row.id, from_at=received,
                due_on=due.legal_date, warn_days=(3,))  # fmt: skip
    return Outcome(
        said={"objection": str(row.id), "due_on": due.legal_date.isoformat()}, milestone=False, record=row.id
    )


def _serve(doing: Doing, row: ObjectionRow, decision: str, served: date, at: datetime) -> None:
    work, matter = doing.work, doing.matter
    book = ObjectionBook.standard()
    kind = book.kind(row.kind)
    until = None
    if decision == "refused" and kind.then:
        ask = book.kind(kind.then).ask
        due = timing.book().due(ask, served)
        until = due.legal_date if kind.bars_disposal else None
        start_clock(work, matter, code=ask, about_kind=ABOUT, about=row.id,
                    from_at=datetime.combine(served, time(12), BEIJING), due_on=due.legal_date)  # fmt: skip
    work.cursor.execute(
        "UPDATE objection SET served_on = %s, bars_until = coalesce(%s, bars_until) WHERE id = %s",
        [served, until, row.id],
    )


def _correct(doing: Doing, row: ObjectionRow, at: datetime) -> None:
    """A listing or a limit that should not be there is put right in three working days."""
    work, matter, day = doing.work, doing.matter, legal_date(at)
    if row.about_kind == "listing" and row.about:
        listing = listings.listing(work.cursor, row.about)
        if listing is not None and listing.matter == matter.id and listing.state in ("grace", "listed"):
            begin_removal(work, matter, listing, "corrected", day, at, LISTING_FIX)
    if row.about_kind == "limit" and row.about:
        limit = listings.limit(work.cursor, row.about)
        if limit is not None and limit.matter == matter.id and limit.lifted_at is None:
            begin_lift(work, matter, limit, "corrected", day, at, LIMIT_FIX)
