"""The ledger's tree in the database: what waits, the frontier, nodes, checkpoints, and checking all of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from lianban.engines import ledger
from lianban.records.bulk import insert_many

# Any constant does; it is the same in every process of a deployment.
_SEQUENCER = 0x1EDE12


@dataclass(frozen=True, slots=True)
class Frontier:
    size: int
    frontier: tuple[bytes, ...]


def claim(cursor: Any) -> bool:
    """Become the sequencer until the transaction ends; False if another is at it."""
    cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_SEQUENCER])
    return bool(cursor.fetchone()[0])


def pending(cursor: Any, limit: int) -> list[ledger.Leaf]:
    """The oldest entries without a place."""
    cursor.execute(
        """SELECT e.id, e.recorded_at, e.commitment FROM ledger_pending p
             JOIN ledger_entry e ON e.id = p.entry AND e.recorded_at = p.recorded_at
            ORDER BY p.recorded_at, p.entry LIMIT %s""",
        [limit],
    )
    return [
        ledger.Leaf(key, recorded_at, bytes(commitment)) for key, recorded_at, commitment in cursor.fetchall()
    ]


def read_frontier(cursor: Any) -> Frontier:
    size = last_size(cursor)
    nodes = read_nodes(cursor, ledger.frontier_places(size))
    return Frontier(size, tuple(nodes[place] for place in ledger.frontier_places(size)))


def last_size(cursor: Any) -> int:
    cursor.execute("SELECT coalesce(max(size), 0) FROM ledger_checkpoint")
    return int(cursor.fetchone()[0])


def read_nodes(cursor: Any, places: Sequence[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
    cursor.execute(
        "SELECT level, index, hash FROM ledger_node JOIN unnest(%s::smallint[], %s::bigint[]) AS w(level, index)"
        " USING (level, index)",
        [[level for level, _ in places], [index for _, index in places]],
    )
    return {(level, index): bytes(value) for level, index, value in cursor.fetchall()}


def write(
    cursor: Any, size: int, leaves: Sequence[ledger.Leaf], grown: ledger.Appended, note: str, now: datetime
) -> None:
    insert_many(
        cursor, "ledger_leaf", {"index": "bigint", "entry": "uuid", "recorded_at": "timestamptz", "hash": "bytea"},
        [(size + i, leaf.entry, leaf.recorded_at, leaf.hash()) for i, leaf in enumerate(leaves)],
    )  # fmt: skip
    insert_many(cursor, "ledger_node", {"level": "smallint", "index": "bigint", "hash": "bytea"},
                [(node.level, node.index, node.hash) for node in grown.nodes])  # fmt: skip
    cursor.execute(
        "INSERT INTO ledger_checkpoint (size, root, note, signed_at) VALUES (%s, %s, %s, %s)",
        [grown.size, grown.root, note, now],
    )
    cursor.execute("DELETE FROM ledger_pending WHERE entry = ANY(%s)", [[leaf.entry for leaf in leaves]])


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """A placed entry as it is stored now, to be compared with its leaf."""

    index: int
    entry: UUID
    leaf_hash: bytes
    recorded_at: datetime | None
    commitment: bytes | None
    payload: str | None
    salt: bytes | None
    act: str | None
    columns: dict[str, Any]
    erased_at: datetime | None = None


def placed(cursor: Any, first: int = 0, batch: int = 5000) -> Iterator[StoredEntry]:
    """Every placed entry in the order of its leaves, read batch by batch."""
    while True:
        cursor.execute(
            """SELECT l.index, l.entry, l.hash, e.recorded_at, e.commitment, e.payload, e.salt, e.act,
                      e.agency_id, e.officer_id, e.post_id, e.matter_id, e.subjects, e.erased_at
                 FROM ledger_leaf l LEFT JOIN ledger_entry e ON e.id = l.entry AND e.recorded_at = l.recorded_at
                WHERE l.index >= %s ORDER BY l.index LIMIT %s""",
            [first, batch],
        )
        rows = cursor.fetchall()
        for (
            index,
            entry,
            leaf,
            recorded_at,
            commitment,
            payload,
            salt,
            act,
            agency,
            officer,
            post,
            matter,
            subjects,
            erased_at,
        ) in rows:
            yield StoredEntry(
                index, entry, bytes(leaf), recorded_at, bytes(commitment) if commitment is not None else None, payload,
                bytes(salt) if salt is not None else None, act,
                {"agency": agency, "officer": officer, "post": post, "matter": matter, "subjects": subjects},
                erased_at,
            )  # fmt: skip
        if len(rows) < batch:
            return
        first = rows[-1][0] + 1


def nowhere(cursor: Any) -> list[UUID]:
    """Entries that have no leaf and do not wait for one: nobody can have written them through the actions."""
    cursor.execute(
        """SELECT e.id FROM ledger_entry e
            WHERE NOT EXISTS (SELECT FROM ledger_leaf l WHERE l.entry = e.id)
              AND NOT EXISTS (SELECT FROM ledger_pending p WHERE p.entry = e.id) ORDER BY e.id LIMIT 1000"""
    )
    return [row[0] for row in cursor.fetchall()]


def checkpoints(cursor: Any) -> list[tuple[int, bytes, str]]:
    cursor.execute("SELECT size, root, note FROM ledger_checkpoint ORDER BY size")
    return [(size, bytes(root), note) for size, root, note in cursor.fetchall()]


def covering(cursor: Any, index: int) -> str | None:
    """The newest checkpoint that covers a leaf: its note."""
    cursor.execute("SELECT note FROM ledger_checkpoint WHERE size > %s ORDER BY size DESC LIMIT 1", [index])
    row = cursor.fetchone()
    return row[0] if row else None


def evidence_digests(cursor: Any, wanted: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str | None]:
    """What the rows named as evidence say now. The database computes it; their content is not read."""
    cursor.execute(
        "SELECT kind, ref, lianban.evidence_digest(kind, ref::uuid) FROM unnest(%s::text[], %s::text[]) AS w(kind, ref)",
        [[kind for kind, _ in wanted], [ref for _, ref in wanted]],
    )
    return {(kind, ref): digest for kind, ref, digest in cursor.fetchall()}
