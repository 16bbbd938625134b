"""收到异议、复议: take in what somebody asks for, file it, and start the clocks that it starts."""

from __future__ import annotations

from datetime import datetime, time
from uuid import UUID

from lianban.actions import timing
from lianban.actions.abilities import Doing, Outcome, acts
from lianban.actions.case_errors import NoSuchParty, NoSuchRecord, OutOfPeriod, StandsOtherwise
from lianban.actions.collaborating import a_date
from lianban.actions.running_clocks import meet_clocks, start_clock
from lianban.actions.work import MatterRow, Work
from lianban.engines.clocks.moments import legal_date
from lianban.engines.objections import ObjectionBook, ObjectionKind, Who, raise_objection
from lianban.engines.process.timers import BEIJING
from lianban.records import listings, objections
from lianban.records.identity import new_id
from lianban.records.objections import ObjectionRow

ABOUT = "objection"


def objection_in_hand(work: Work, matter: MatterRow, record: UUID | None) -> ObjectionRow:
    """An objection of this matter. Raises :class:`NoSuchRecord`."""
    found = objections.objection(work.cursor, record) if record else None
    if found is None or found.matter != matter.id:
        raise NoSuchRecord(what_zh="异议或复议", what_en="objection or review")
    return found


@acts("objections.file")
def file_objection(doing: Doing) -> Outcome:
    """``record`` is the remedy before, whose refusal opened this one; None for a first one."""
    work, matter, data, at = doing.work, doing.matter, doing.data, doing.at
    book = ObjectionBook.standard()
    kind = book.kind(str(data["kind"]))
    before = _before(doing, book, kind)
    received = a_date(data["received_on"])
    assert received is not None
    if received > legal_date(at):
        raise OutOfPeriod(day=received.isoformat(), why_zh="收到日不能在将来", why_en="it lies in the future")
    raised = raise_objection(
        book, timing.book(), kind.code, received, served_on=before.served_on if before else a_date(data.get("served_on")),
        refused_before=before is not None, put_off=bool(data.get("put_off")),
    )  # fmt: skip
    party, objector = _objector(doing, kind)
    about_kind, about = _about(before, data)
    key = new_id()
    work.cursor.execute(
        """INSERT INTO objection (id, matter_id, lead_agency_id, kind, follows_id, about_kind, about, party_id, objector, request,
                                  received_on, state, filed_at, decision, reasons, bars, recorded_at)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, '', '', %s, %s)""",
        [key, matter.id, matter.lead_agency, kind.code, before.id if before else None, about_kind, about, party, objector,
         str(data["request"]), received, "received" if kind.file else "filed", None if kind.file else at,
         kind.bars_disposal, work.acting.now],
    )  # fmt: skip
    if before is not None and kind.ask:
        meet_clocks(work, before.id, at, [kind.ask])
    from_at = datetime.combine(received, time(12), BEIJING)
    for code in raised.clocks:
        start_clock(work, matter, code=code, about_kind=ABOUT, about=key, from_at=from_at,
                    warn_days=(3,) if code == kind.decide else (1,))  # fmt: skip
    return Outcome(
        said={"objection": str(key), "kind": kind.code, "received_on": received.isoformat(), "bars": kind.bars_disposal},
        shown={"what": kind.code}, subjects=(party,) if party else (), milestone=False, record=key,
    )  # fmt: skip


@acts("objections.register")
def register_objection(doing: Doing) -> Outcome:
    """立案: within three days of receipt."""
    work, at = doing.work, doing.at
    row = objection_in_hand(work, doing.matter, doing.record)
    if row.state != "received":
        raise StandsOtherwise(act_zh="异议立案", act_en="File the objection", what_zh="异议", what_en="objection",
                              state=row.state)  # fmt: skip
    work.cursor.execute("UPDATE objection SET state = 'filed', filed_at = %s WHERE id = %s", [at, row.id])
    meet_clocks(work, row.id, at, [ObjectionBook.standard().kind(row.kind).file])
    return Outcome(said={"objection": str(row.id)}, shown={"what": row.kind}, milestone=False, record=row.id)


def _before(doing: Doing, book: ObjectionBook, kind: ObjectionKind) -> ObjectionRow | None:
    """The remedy this one follows, refused. One that needs none before it takes none."""
    earlier = book.before(kind.code)
    if earlier is None or doing.record is None:
        return None
    row = objection_in_hand(doing.work, doing.matter, doing.record)
    return row if row.kind == earlier.code and row.decision == "refused" else None


def _objector(doing: Doing, kind: ObjectionKind) -> tuple[UUID | None, str]:
    name = str(doing.data.get("objector") or "").strip()
    if doing.data.get("party"):
        found = listings.party(doing.work.cursor, doing.matter.id, UUID(str(doing.data["party"])))
        if found is None:
            raise NoSuchParty(role_zh="当事人", role_en="a party")
        return found.id, ""
    if not name:
        third = kind.who is Who.THIRD_PARTY
        raise NoSuchParty(role_zh="案外人" if third else "异议人", role_en="somebody who objects")
    return None, name


def _about(before: ObjectionRow | None, data: object) -> tuple[str, UUID | None]:
    if before is not None:
        return before.about_kind, before.about
    assert isinstance(data, dict)
    for kind in ("asset", "listing", "limit", "measure"):
        if data.get(kind):
            return kind, UUID(str(data[kind]))
    return "", None
