"""看: record that somebody looked at personal data. One entry a page view, listing whom it showed."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import connection

from lianban.actions.acting import Acting
from lianban.actions.errors import MatterNotFound
from lianban.records import envelopes, history
from lianban.records.envelopes import Sealed
from lianban.records.history import Entry


def look(acting: Acting, matter: UUID, parties: Iterable[UUID], at_what: str) -> None:
    """Called by every page and answer that shows names or masked identifiers. Nothing to show, no entry."""
    seen = tuple(sorted(set(parties)))
    if not seen:
        return
    with connection.cursor() as cursor:
        history.append_entries(cursor, acting.by, [Entry("look", matter, seen, {"at": at_what})], acting.now)


def unmask(acting: Acting, identifier: UUID) -> str:
    """The whole identifier, for whoever may see its party; the act says so in the ledger."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT matter_id, party_id, data_key_id, sealed, kind FROM party_identifier WHERE id = %s",
            [identifier],
        )
        row = cursor.fetchone()
        if row is None:
            raise MatterNotFound
        matter, party, key, sealed, kind = row
        history.append_entries(
            cursor, acting.by, [Entry("unmask", matter, (party,), {"identifier": str(identifier), "kind": kind})],
            acting.now,
        )  # fmt: skip
        return envelopes.unseal(cursor, Sealed(key, bytes(sealed)), identifier)
