"""Give the entries that were committed their places in the tree, and sign a checkpoint. Run by the worker."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, transaction

from lianban.engines import ledger
from lianban.records import ledger_tree, server

ORIGIN = "lianban/ledger"
BATCH = 5000


def sequence_ledger(now: datetime, batch: int = BATCH) -> int:
    """Place up to ``batch`` entries; returns how many. One sequencer at a time: a second finds the lock taken
    and goes away, so writers never queue and places are given once."""
    with transaction.atomic(), connection.cursor() as cursor:
        if not ledger_tree.claim(cursor):
            return 0
        entries = ledger_tree.pending(cursor, batch)
        if not entries:
            return 0
        tree = ledger_tree.read_frontier(cursor)
        grown = ledger.append(tree.size, tree.frontier, [leaf.hash() for leaf in entries])
        checkpoint = ledger.Checkpoint(origin=ORIGIN, size=grown.size, root=grown.root, signed_at=now)
        note = ledger.sign_checkpoint(checkpoint, signing_key())
        ledger_tree.write(cursor, tree.size, entries, grown, note, now)
        return len(entries)


def signing_key() -> ledger.SigningKey:
    """The deployment's Ed25519 key: ``LIANBAN_LEDGER_KEY`` (64 hex digits) or the data folder's file."""
    if given := os.environ.get("LIANBAN_LEDGER_KEY"):
        return _named(bytes.fromhex(given))
    place = server.data_folder() / "ledger-key"
    return _named(_kept(place))


def _kept(place: Path) -> bytes:
    try:
        handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return bytes.fromhex(place.read_text("ascii"))
    raw = Ed25519PrivateKey.generate().private_bytes_raw()
    with os.fdopen(handle, "w") as file:
        file.write(raw.hex())
    return raw


def _named(raw: bytes) -> ledger.SigningKey:
    return ledger.SigningKey(ORIGIN, raw)
