"""Make the proof of one ledger entry: a file anybody can check without us."""

from __future__ import annotations

from uuid import UUID

import orjson
from django.db import connection

from lianban.actions.errors import EntryNotFound, LedgerEntryNotPlaced
from lianban.engines import ledger
from lianban.records import ledger_tree


def prove_entry(entry: UUID, key: ledger.VerifyingKey) -> ledger.Proof:
    """Whoever may see the entry may have its proof. Raises :class:`EntryNotFound` or, before the sequencer has
    placed it, :class:`LedgerEntryNotPlaced`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT recorded_at, commitment, payload, salt FROM ledger_entry WHERE id = %s", [entry]
        )
        row = cursor.fetchone()
        if row is None:
            raise EntryNotFound
        recorded_at, commitment, payload, salt = row
        place = ledger_tree.place_of(cursor, entry, recorded_at)
        note = ledger_tree.covering(cursor, place) if place is not None else None
        if place is None or note is None:
            raise LedgerEntryNotPlaced
        size = ledger.read_checkpoint(note).size
        return ledger.prove(
            ledger.Leaf(entry, recorded_at, bytes(commitment)), place, note, key,
            ledger_tree.node_reader(cursor, ledger.nodes_for_inclusion(place, size)),
            payload=orjson.loads(payload) if payload is not None else None,
            salt=bytes(salt) if salt is not None else None,
        )  # fmt: skip
