"""纳入失信: a creditor's request is taken in, a listing is proposed, or the request is refused. The president signs what is proposed."""

from __future__ import annotations

from uuid import UUID

from lianban.actions import timing
from lianban.actions.abilities import Doing, Outcome, acts
from lianban.actions.case_errors import AlreadyThere, StandsOtherwise
from lianban.actions.listing_in_hand import ABOUT_LISTING, debtor, listing_in_hand, look_at_age
from lianban.actions.running_clocks import meet_clocks, start_clock
from lianban.engines.clocks.moments import legal_date
from lianban.engines.listings import Candidate, ListingBook, Origin, Planned, plan_listing
from lianban.records import listings
from lianban.records.identity import new_id
from lianban.records.listings import PartyRow

DECISION = "enforcement.discredit_request_decision"
LIVE = ("requested", "proposed", "grace", "listed")


@acts("listings.request")
def request_listing(doing: Doing) -> Outcome:
    """The creditor asks in writing: fifteen days to decide. Asked again within six months of a deletion he asked for, refused."""
    work, matter, at = doing.work, doing.matter, doing.at
    party = debtor(work, matter, str(doing.data["party"]))
    _none_yet(doing, party)
    on = legal_date(at)
    plan_listing(ListingBook.standard(), timing.book(), _request_only(doing, party), on)
    key = new_id()
    work.cursor.execute(
        """INSERT INTO listing (id, matter_id, lead_agency_id, party_id, party_kind, origin, ground, facts, term_years,
                                grace_months, state, requested_at, removal_event, reason, recorded_at)
           VALUES (%s, %s, %s, %s, %s, 'request', '', %s, 0, 0, 'requested', %s, '', '', %s)""",
        [
            key,
            matter.id,
            matter.lead_agency,
            party.id,
            party.kind,
            str(doing.data.get("facts", "")),
            at,
            work.acting.now,
        ],
    )
    start_clock(work, matter, code=DECISION, about_kind=ABOUT_LISTING, about=key, from_at=at, warn_days=(3,))
    return Outcome(said={"listing": str(key)}, subjects=(party.id,), milestone=False, record=key)


@acts("listings.propose")
def list_debtor(doing: Doing) -> Outcome:
    """Propose to list, ex officio or on a request (``record``); the decision goes to the president."""
    work, matter, data, at = doing.work, doing.matter, doing.data, doing.at
    asked = listing_in_hand(work, matter, doing.record) if doing.record else None
    if asked is not None and asked.state != "requested":
        raise StandsOtherwise(act_zh="拟纳入失信", act_en="Propose a listing", what_zh="失信记录", what_en="listing",
                              state=asked.state)  # fmt: skip
    party = debtor(work, matter, str(asked.party if asked else data["party"]))
    if asked is None:
        _none_yet(doing, party)
    checked, born = look_at_age(work, matter, party)
    candidate = Candidate(
        str(data["ground"]), party.kind == "person", born,
        Origin.REQUEST if asked else Origin.EX_OFFICIO, int(data.get("more_years") or 0),
        bool(data.get("violent_or_several")), int(data.get("grace_months") or 0), frozenset(data.get("bars") or ()),
    )  # fmt: skip
    planned = plan_listing(ListingBook.standard(), timing.book(), candidate, legal_date(at))
    key = asked.id if asked else new_id()
    _write(doing, key, party, planned, checked, new=asked is None)
    meet_clocks(work, key, at, [DECISION])
    work.ask(matter, matter.lead_agency, "president", "签发失信决定书", element="listings.sign", form="listing_sign",
             action="listings.sign", about=key, at=at)  # fmt: skip
    return Outcome(
        said={"listing": str(key), "ground": planned.ground.code, "term_years": planned.term_years,
              "grace_months": planned.grace_months, "source": planned.ground.source.text("zh")},
        shown={"ground": planned.ground.code}, subjects=(party.id,), milestone=False, record=key,
    )  # fmt: skip


@acts("listings.refuse")
def refuse_listing(doing: Doing) -> Outcome:
    """The request is refused, with reasons. The creditor is told; nothing is listed."""
    work, at = doing.work, doing.at
    row = listing_in_hand(work, doing.matter, doing.record)
    if row.state not in ("requested", "proposed"):
        raise StandsOtherwise(act_zh="驳回纳入申请", act_en="Refuse the request", what_zh="失信记录", what_en="listing",
                              state=row.state)  # fmt: skip
    work.cursor.execute("UPDATE listing SET state = 'refused', reason = %s WHERE id = %s",
                        [str(doing.data["reason"]), row.id])  # fmt: skip
    meet_clocks(work, row.id, at, [DECISION])
    work.close_asked([row.id], at)
    return Outcome(said={"listing": str(row.id), "reason": str(doing.data["reason"])}, subjects=(row.party,),
                   milestone=False, record=row.id)  # fmt: skip


def _none_yet(doing: Doing, party: PartyRow) -> None:
    rows = listings.of_matter(doing.work.cursor, doing.matter.id)
    if any(row.party == party.id and row.state in LIVE for row in rows):
        raise AlreadyThere(what_zh="失信记录", what_en="listing")


def _request_only(doing: Doing, party: PartyRow) -> Candidate:
    """A request is judged by when it comes and by who the debtor is; its ground is the court's to find."""
    deleted = listings.deleted_on_request(doing.work.cursor, party.id)
    _, born = look_at_age(doing.work, doing.matter, party)
    return Candidate("reports_nothing", party.kind == "person", born, Origin.REQUEST,
                     deleted_on_request=legal_date(deleted) if deleted else None)  # fmt: skip


def _write(doing: Doing, key: UUID, party: PartyRow, planned: Planned, checked: object, *, new: bool) -> None:
    work, matter = doing.work, doing.matter
    facts = str(doing.data["facts"])
    if new:
        work.cursor.execute(
            """INSERT INTO listing (id, matter_id, lead_agency_id, party_id, party_kind, origin, ground, ground_item, facts,
                                    adult_checked_at, term_years, grace_months, state, proposed_at, proposed_by_id,
                                    removal_event, reason, recorded_at)
               VALUES (%s, %s, %s, %s, %s, 'ex_officio', %s, %s, %s, %s, %s, %s, 'proposed', %s, %s, '', '', %s)""",
            [key, matter.id, matter.lead_agency, party.id, party.kind, planned.ground.code, planned.ground.item, facts,
             checked, planned.term_years, planned.grace_months, doing.at, work.acting.officer, work.acting.now],
        )  # fmt: skip
        return
    work.cursor.execute(
        """UPDATE listing SET state = 'proposed', ground = %s, ground_item = %s, facts = %s, adult_checked_at = %s,
                  term_years = %s, grace_months = %s, proposed_at = %s, proposed_by_id = %s WHERE id = %s""",
        [planned.ground.code, planned.ground.item, facts, checked, planned.term_years, planned.grace_months, doing.at,
         work.acting.officer, key],
    )  # fmt: skip
