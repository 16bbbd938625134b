"""删除失信: an event that removes a listing arises, and within three working days it is deleted by a named officer."""

from __future__ import annotations

from datetime import date, datetime

from lianban.actions import timing
from lianban.actions.abilities import ClockVerb, Completing, Doing, Outcome, acts, completes, on_clock
from lianban.actions.case_errors import OutOfPeriod, StandsOtherwise
from lianban.actions.collaborating import a_date
from lianban.actions.listing_in_hand import ABOUT_LISTING, listing_in_hand
from lianban.actions.running_clocks import meet_clocks, start_clock, stop_clocks
from lianban.actions.work import MatterRow, Work
from lianban.engines.clocks.moments import end_of_day, legal_date
from lianban.engines.listings import ListingBook, removal
from lianban.records.clocks import ClockRow
from lianban.records.listings import ListingRow

FIX = "enforcement.discredit_correction_fix"
TERM = "enforcement.discredit_term"
AT_TERM = "enforcement.discredit_delete_at_term"


@acts("listings.end")
def end_listing(doing: Doing) -> Outcome:
    """One of the seven events, the end of a term, or active performance: the three working days begin."""
    row = listing_in_hand(doing.work, doing.matter, doing.record)
    on = a_date(doing.data.get("on")) or legal_date(doing.at)
    if on > legal_date(doing.at):
        raise OutOfPeriod(
            day=on.isoformat(), why_zh="事由发生日不能在将来", why_en="the event lies in the future"
        )
    begin_removal(doing.work, doing.matter, row, str(doing.data["event"]), on, doing.at)
    return Outcome(said={"listing": str(row.id), "event": str(doing.data["event"]), "on": on.isoformat()},
                   shown={"event": str(doing.data["event"])}, subjects=(row.party,), milestone=False,
                   record=row.id)  # fmt: skip


def begin_removal(
    work: Work, matter: MatterRow, row: ListingRow, event: str, on: date, at: datetime, clock: str = ""
) -> None:
    """Note the event and its last day, and ask the clerk to delete. A correction that was granted comes here too."""
    if row.state not in ("grace", "listed"):
        raise StandsOtherwise(act_zh="删除失信", act_en="Delete the listing", what_zh="失信记录", what_en="listing",
                              state=row.state)  # fmt: skip
    _, usual = removal(ListingBook.standard(), event, has_term=row.term_years > 0, on=on)
    due = timing.book().due(clock or usual, on)
    work.cursor.execute("UPDATE listing SET removal_event = %s, removal_due_on = %s WHERE id = %s",
                        [event, due.legal_date, row.id])  # fmt: skip
    work.close_asked([row.id], at, elements=["listings.delete", "listings.publish"])
    stop_clocks(work, [row.id], at, ["enforcement.discredit_grace"])
    start_clock(work, matter, code=clock or usual, about_kind=ABOUT_LISTING, about=row.id, from_at=end_of_day(on) if on < legal_date(at) else at,
                due_on=due.legal_date, warn_days=(1,))  # fmt: skip
    work.ask(matter, matter.lead_agency, "clerk", "三个工作日内删除失信信息", element="listings.delete",
             form="listing_delete", action="listings.delete", about=row.id, due_at=due.at, at=at)  # fmt: skip


@completes("listings.delete")
def delete_listing(completing: Completing) -> Outcome:
    """Deleted from the list: by whom, when, on what event."""
    work, at = completing.work, completing.at
    row = listing_in_hand(work, completing.matter, completing.task.about)
    if row.state not in ("grace", "listed") or not row.removal_event:
        raise StandsOtherwise(act_zh="删除失信", act_en="Delete the listing", what_zh="失信记录", what_en="listing",
                              state=row.state)  # fmt: skip
    work.cursor.execute(
        "UPDATE listing SET state = 'removed', removed_at = %s, removed_by_id = %s WHERE id = %s",
        [at, work.acting.officer, row.id],
    )
    meet_clocks(work, row.id, at, ["enforcement.discredit_delete", AT_TERM, FIX])
    stop_clocks(work, [row.id], at)
    return Outcome(said={"listing": str(row.id), "event": row.removal_event}, shown={"event": row.removal_event},
                   subjects=(row.party,), milestone=False)  # fmt: skip


def _term_over(work: Work, matter: MatterRow, clock: ClockRow, at: datetime) -> None:
    """The term ended: three working days to delete. The machine asks; a named officer deletes."""
    work.cursor.execute("SELECT state FROM listing WHERE id = %s", [clock.about])
    if work.cursor.fetchone() != ("listed",):
        return
    due = timing.book().due(AT_TERM, clock.due_on)
    start_clock(work, matter, code=AT_TERM, about_kind=ABOUT_LISTING, about=clock.about, from_at=at, due_on=due.legal_date,
                warn_days=(1,))  # fmt: skip
    work.ask(matter, matter.lead_agency, "clerk", "失信期限届满，三个工作日内删除", element="listings.delete",
             form="listing_delete", action="listings.delete_at_term", about=clock.about, due_at=due.at, at=at)  # fmt: skip


@completes("listings.delete_at_term")
def delete_at_term(completing: Completing) -> Outcome:
    """The same after the term: the event is that it ended."""
    work = completing.work
    row = listing_in_hand(work, completing.matter, completing.task.about)
    if row.state == "listed" and not row.removal_event:
        removal(
            ListingBook.standard(), "term_ended", has_term=row.term_years > 0, on=legal_date(completing.at)
        )
        work.cursor.execute("UPDATE listing SET removal_event = 'term_ended', removal_due_on = %s WHERE id = %s",
                            [completing.task.due_at and legal_date(completing.task.due_at), row.id])  # fmt: skip
    return delete_listing(completing)


on_clock("listings.term", ClockVerb(expired=_term_over))
