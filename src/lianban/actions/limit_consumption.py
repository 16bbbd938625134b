"""限制消费: limit a debtor, or one of the four kinds of people of an organisation; lift it when the event comes."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.conf import settings

from lianban.actions import timing
from lianban.actions.abilities import Completing, Doing, Outcome, acts, completes
from lianban.actions.case_errors import AlreadyThere, OutOfPeriod, PersonNotSaid, StandsOtherwise
from lianban.actions.collaborating import a_date
from lianban.actions.listing_in_hand import ABOUT_LIMIT, debtor, limit_in_hand
from lianban.actions.running_clocks import meet_clocks, start_clock, stop_clocks
from lianban.actions.work import MatterRow, Work
from lianban.engines.clocks.moments import end_of_day, legal_date
from lianban.engines.identifiers import check_identifier
from lianban.engines.listings import ListingBook, lift, plan_limit
from lianban.records import envelopes, listings
from lianban.records.identity import new_id
from lianban.records.listings import LimitRow

FIX = "enforcement.consumption_correction_fix"


@acts("limits.order")
def limit_consumption(doing: Doing) -> Outcome:
    work, matter, data, at = doing.work, doing.matter, doing.data, doing.at
    party = debtor(work, matter, str(data["party"]))
    planned = plan_limit(ListingBook.standard(), str(data["capacity"]), organisation=party.kind == "organisation",
                         on=legal_date(at))  # fmt: skip
    person = str(data.get("person") or "").strip()
    if planned.capacity.organisation and not (person and data.get("id_number")):
        raise PersonNotSaid(capacity_zh=planned.capacity.name.zh, capacity_en=planned.capacity.name.en)
    if not planned.capacity.organisation:
        person = ""
    live = [one for one in listings.limits_of_matter(work.cursor, matter.id) if one.lifted_at is None]
    if any(
        (one.party, one.capacity, one.person) == (party.id, planned.capacity.code, person) for one in live
    ):
        raise AlreadyThere(what_zh="限制消费令", what_en="limit on consumption")
    key = _write(doing, party.id, party.kind, planned.capacity.code, person)
    return Outcome(
        said={"limit": str(key), "capacity": planned.capacity.code, "items": len(planned.items)},
        shown={"capacity": planned.capacity.code}, subjects=(party.id,), milestone=False, record=key,
    )  # fmt: skip


def _write(
    doing: Doing, party: UUID, kind: str, capacity: str, person: str, succeeds: UUID | None = None
) -> UUID:
    work, matter, data = doing.work, doing.matter, doing.data
    key, data_key, sealed, id_kind, masked = new_id(), None, None, "", ""
    if person:
        id_kind = str(data.get("id_kind") or "resident_id")
        checked = check_identifier(
            id_kind, str(data["id_number"]), demo=settings.DEMO, on=legal_date(doing.at)
        )
        data_key = envelopes.current_key(work.cursor, work.acting.now)
        sealed = envelopes.seal(work.cursor, data_key, checked.normalised, key).content
        masked = checked.masked
    work.cursor.execute(
        """INSERT INTO consumption_limit (id, matter_id, lead_agency_id, party_id, party_kind, capacity, person, id_kind, masked,
                                          data_key_id, sealed, ordered_at, ordered_by_id, succeeds_id, lift_event, reason,
                                          recorded_at)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, '', '', %s)""",
        [key, matter.id, matter.lead_agency, party, kind, capacity, person, id_kind, masked, data_key, sealed, doing.at,
         work.acting.officer, succeeds, work.acting.now],
    )  # fmt: skip
    return key


@acts("limits.end")
def end_limit(doing: Doing) -> Outcome:
    """Performed, secured, or the creditor agrees: three working days. A former representative who is neither controller nor
    responsible is let go, and the successor is limited in the same act (法发〔2019〕35号 17)."""
    work, matter, data, at = doing.work, doing.matter, doing.data, doing.at
    row = limit_in_hand(work, matter, doing.record)
    on = a_date(data.get("on")) or legal_date(at)
    if on > legal_date(at):
        raise OutOfPeriod(
            day=on.isoformat(), why_zh="事由发生日不能在将来", why_en="the event lies in the future"
        )
    begin_lift(doing.work, matter, row, str(data["event"]), on, at)
    successor = None
    if data["event"] == "successor_limited":
        person = str(data.get("person") or "").strip()
        if row.capacity != "legal_representative" or not (person and data.get("id_number")):
            raise PersonNotSaid(capacity_zh="继任法定代表人", capacity_en="new legal representative")
        successor = _write(doing, row.party, row.party_kind, "legal_representative", person, succeeds=row.id)
    return Outcome(
        said={"limit": str(row.id), "event": str(data["event"]), "successor": str(successor or "")},
        shown={"event": str(data["event"])}, subjects=(row.party,), milestone=False, record=row.id,
    )  # fmt: skip


def begin_lift(
    work: Work, matter: MatterRow, row: LimitRow, event: str, on: date, at: datetime, clock: str = ""
) -> None:
    """Note the event and its last day, and ask the clerk to lift. A correction that was granted comes here too."""
    if row.lifted_at is not None:
        raise StandsOtherwise(act_zh="解除限制消费", act_en="Lift the limit", what_zh="限制消费令", what_en="limit",
                              state="lifted")  # fmt: skip
    planned = lift(ListingBook.standard(), event, on)
    due = timing.book().due(clock or planned.clock, on)
    work.cursor.execute("UPDATE consumption_limit SET lift_event = %s, lift_due_on = %s WHERE id = %s",
                        [event, due.legal_date, row.id])  # fmt: skip
    work.close_asked([row.id], at, elements=["limits.lift"])
    start_clock(work, matter, code=clock or planned.clock, about_kind=ABOUT_LIMIT, about=row.id,
                from_at=end_of_day(on) if on < legal_date(at) else at, due_on=due.legal_date, warn_days=(1,))  # fmt: skip
    work.ask(matter, matter.lead_agency, "clerk", "三个工作日内解除限制消费", element="limits.lift", form="limit_lift",
             action="limits.lift", about=row.id, due_at=due.at, at=at)  # fmt: skip


@completes("limits.lift")
def lift_limit(completing: Completing) -> Outcome:
    """Lifted: by whom, when, on what event."""
    work, at = completing.work, completing.at
    row = limit_in_hand(work, completing.matter, completing.task.about)
    if row.lifted_at is not None or not row.lift_event:
        raise StandsOtherwise(act_zh="解除限制消费", act_en="Lift the limit", what_zh="限制消费令", what_en="limit",
                              state="lifted" if row.lifted_at else "in force")  # fmt: skip
    work.cursor.execute("UPDATE consumption_limit SET lifted_at = %s, lifted_by_id = %s WHERE id = %s",
                        [at, work.acting.officer, row.id])  # fmt: skip
    meet_clocks(work, row.id, at)
    stop_clocks(work, [row.id], at)
    return Outcome(said={"limit": str(row.id), "event": row.lift_event}, shown={"event": row.lift_event},
                   subjects=(row.party,), milestone=False)  # fmt: skip
