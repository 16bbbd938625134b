"""院长签发: the president signs the decision, which takes effect when it is made; then it is published, or a grace runs first."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from lianban.actions import timing
from lianban.actions.abilities import ClockVerb, Completing, Doing, Outcome, acts, completes, on_clock
from lianban.actions.case_errors import OutOfPeriod, StandsOtherwise
from lianban.actions.listing_in_hand import ABOUT_LISTING, listing_in_hand
from lianban.actions.running_clocks import start_clock
from lianban.actions.work import MatterRow, Work
from lianban.engines.clocks.moments import legal_date
from lianban.engines.listings import Kind, ListingBook, Planned
from lianban.records.clocks import ClockRow
from lianban.records.listings import ListingRow

TERM = "enforcement.discredit_term"
GRACE = "enforcement.discredit_grace"


@completes("listings.sign")
def sign_listing(completing: Completing) -> Outcome:
    work, matter, at = completing.work, completing.matter, completing.at
    row = listing_in_hand(work, matter, completing.task.about)
    if row.state != "proposed":
        raise StandsOtherwise(act_zh="签发失信决定书", act_en="Sign the decision", what_zh="失信记录", what_en="listing",
                              state=row.state)  # fmt: skip
    if completing.data["decision"] != "sign":
        work.cursor.execute("UPDATE listing SET state = 'refused', reason = %s WHERE id = %s",
                            [str(completing.data.get("remark", "")), row.id])  # fmt: skip
        return Outcome(said={"listing": str(row.id), "signed": False}, subjects=(row.party,), milestone=False)
    signed = "signed_at = %s, signed_by_id = %s"
    if row.grace_months:
        until = timing.book().due(GRACE, legal_date(at), length=row.grace_months).legal_date
        work.cursor.execute(
            f"UPDATE listing SET state = 'grace', {signed} WHERE id = %s",  # noqa: S608
            [at, work.acting.officer, row.id],
        )
        start_clock(work, matter, code=GRACE, about_kind=ABOUT_LISTING, about=row.id, from_at=at, due_on=until,
                    verb="listings.grace", warn_days=(7,))  # fmt: skip
    else:
        ends = _ends(row, legal_date(at))
        work.cursor.execute(
            f"UPDATE listing SET state = 'listed', {signed}, published_on = %s, term_ends_on = %s WHERE id = %s",  # noqa: S608
            [at, work.acting.officer, legal_date(at), ends, row.id],
        )
        _watch_term(work, matter, row.id, ends, at)
    return Outcome(said={"listing": str(row.id), "signed": True}, subjects=(row.party,), milestone=False)


@acts("listings.publish")
def publish_listing(doing: Doing) -> Outcome:
    """After the grace, unperformed. Before its last day is over it may not be published."""
    work, matter, at = doing.work, doing.matter, doing.at
    row = listing_in_hand(work, matter, doing.record)
    if row.state != "grace" or row.signed_at is None:
        raise StandsOtherwise(act_zh="发布失信信息", act_en="Publish the listing", what_zh="失信记录", what_en="listing",
                              state=row.state)  # fmt: skip
    until = timing.book().due(GRACE, legal_date(row.signed_at), length=row.grace_months).legal_date
    day = legal_date(at)
    if day <= until:
        raise OutOfPeriod(
            day=day.isoformat(), why_zh=f"宽限期至 {until} 届满", why_en=f"the grace runs until {until}"
        )
    ends = _ends(row, day)
    work.cursor.execute(
        "UPDATE listing SET state = 'listed', published_on = %s, term_ends_on = %s WHERE id = %s",
        [day, ends, row.id],
    )
    work.close_asked([row.id], at, elements=["listings.publish"])
    _watch_term(work, matter, row.id, ends, at)
    return Outcome(said={"listing": str(row.id)}, subjects=(row.party,), milestone=False, record=row.id)


@completes("listings.publish")
def publish_task(completing: Completing) -> Outcome:
    """As the task that was asked of the judge when the grace was over."""
    doing = Doing(completing.work, completing.matter, completing.data, completing.at, completing.task.about)
    return publish_listing(doing)


def _ends(row: ListingRow, listed_on: date) -> date | None:
    ground = ListingBook.standard().row(Kind.GROUND, row.ground, listed_on)
    return Planned(ground, row.term_years, row.grace_months).ends_on(timing.book(), listed_on)


def _watch_term(work: Work, matter: MatterRow, listing: UUID, ends: date | None, at: datetime) -> None:
    if ends is not None:
        start_clock(work, matter, code=TERM, about_kind=ABOUT_LISTING, about=listing, from_at=at, due_on=ends,
                    verb="listings.term", warn_days=(30,))  # fmt: skip


def _grace_over(work: Work, matter: MatterRow, clock: ClockRow, at: datetime) -> None:
    work.cursor.execute("SELECT state FROM listing WHERE id = %s", [clock.about])
    if work.cursor.fetchone() == ("grace",):
        work.ask_desk(matter, "judge", "宽限期届满，未履行的发布失信信息", element="listings.publish",
                 form="listing_publish", action="listings.publish", about=clock.about, at=at)  # fmt: skip


on_clock("listings.grace", ClockVerb(expired=_grace_over))
