"""What the acts on listings and limits share: find the record, look at an age, give the book of rules."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from lianban.actions.case_errors import NoSuchParty, NoSuchRecord
from lianban.actions.work import MatterRow, Work
from lianban.records import listings
from lianban.records.history import Entry
from lianban.records.listings import LimitRow, ListingRow, PartyRow

ABOUT_LISTING, ABOUT_LIMIT = "listing", "limit"


def listing_in_hand(work: Work, matter: MatterRow, record: UUID | None) -> ListingRow:
    """A listing of this matter. Raises :class:`NoSuchRecord`."""
    found = listings.listing(work.cursor, record) if record else None
    if found is None or found.matter != matter.id:
        raise NoSuchRecord(what_zh="失信记录", what_en="listing")
    return found


def limit_in_hand(work: Work, matter: MatterRow, record: UUID | None) -> LimitRow:
    """A limit of this matter. Raises :class:`NoSuchRecord`."""
    found = listings.limit(work.cursor, record) if record else None
    if found is None or found.matter != matter.id:
        raise NoSuchRecord(what_zh="限制消费", what_en="limit on consumption")
    return found


def debtor(work: Work, matter: MatterRow, wanted: str) -> PartyRow:
    """A debtor of this matter. Raises :class:`NoSuchParty`."""
    found = listings.party(work.cursor, matter.id, UUID(wanted))
    if found is None or found.role != "debtor":
        raise NoSuchParty(role_zh="被执行人", role_en="a debtor")
    return found


def look_at_age(work: Work, matter: MatterRow, party: PartyRow) -> tuple[datetime | None, date | None]:
    """Open a natural person's identity number and read the birth date in it: when that was done, and the date.

    The look is entered in the ledger with the act; the date is used by the act and kept nowhere. (None, None) for an
    organisation. Whether the date allows a listing is the engine's to say.
    """
    if party.kind != "person":
        return None, None
    identifier, born = listings.born(work.cursor, party.id)
    if identifier is not None:
        said = {"identifier": str(identifier), "kind": "resident_id", "at": "listings.age"}
        work.enter(Entry("unmask", matter.id, (party.id,), said))
    return work.acting.now, born
