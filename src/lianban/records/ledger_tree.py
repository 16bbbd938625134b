"""The ledger's tree in the database: what waits, tiles of the tree, checkpoints, and reading all of it to check it.

A tile's row holds up to 256 hashes side by side (:mod:`lianban.engines.ledger.tiles`); those of level 0, the leaves,
also the ids of their entries, and from when to when these were recorded, by which an entry's place is found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from lianban.engines import ledger
from lianban.records.bulk import packed

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
    """Size and frontier of the tree as it is stored. Raises NodeMissing where a tile is not as long as the size says."""
    size = last_size(cursor)
    wanted = ledger.partial_tiles(size)
    tiles = read_tiles(cursor, list(wanted))
    for (level, index), held in wanted.items():
        if len(tiles.get((level, index), b"")) != held * ledger.HASH_BYTES:
            raise ledger.NodeMissing(level=level, index=index)
    get_node = ledger.tile_reader(tiles)
    return Frontier(size, tuple(get_node(*place) for place in ledger.frontier_places(size)))


def last_size(cursor: Any) -> int:
    cursor.execute("SELECT coalesce(max(size), 0) FROM ledger_checkpoint")
    return int(cursor.fetchone()[0])


def read_tiles(cursor: Any, places: Sequence[ledger.Place]) -> dict[ledger.Place, bytes]:
    cursor.execute(
        "SELECT level, index, hashes FROM ledger_tile JOIN unnest(%s::smallint[], %s::bigint[]) AS w(level, index)"
        " USING (level, index)",
        [[level for level, _ in places], [index for _, index in places]],
    )
    return {(level, index): bytes(value) for level, index, value in cursor.fetchall()}


def upper_tiles(cursor: Any) -> dict[ledger.Place, bytes]:
    """All tiles above the leaves: 32 bytes for 256 entries."""
    cursor.execute("SELECT level, index, hashes FROM ledger_tile WHERE level > 0")
    return {(level, index): bytes(value) for level, index, value in cursor.fetchall()}


def node_reader(cursor: Any, places: Sequence[ledger.Place]) -> ledger.GetNode:
    """What proofs ask for these nodes of the tree, whose tiles are read at once."""
    return ledger.tile_reader(read_tiles(cursor, ledger.tiles_of(places)))


def write(
    cursor: Any, size: int, leaves: Sequence[ledger.Leaf], grown: ledger.Appended, note: str, now: datetime
) -> None:
    """Add to the tiles, sign for them, and take what has its place from what waits."""
    rows = []
    for (level, index), added in ledger.tiles_grown(grown.nodes).items():
        entries = first = last = None
        if level == 0:
            start = max(index * ledger.TILE_WIDTH - size, 0)
            held = leaves[start : start + len(added) // ledger.HASH_BYTES]
            entries, times = [leaf.entry for leaf in held], [leaf.recorded_at for leaf in held]
            first, last = min(times), max(times)
        rows.append((level, index, added, entries, first, last))
    cursor.execute(
        """INSERT INTO ledger_tile AS t (level, index, hashes, entries, span)
           SELECT level, index, hashes, entries, tstzrange(first, last, '[]') FROM json_to_recordset(%s::json)
             AS d(level smallint, index bigint, hashes bytea, entries uuid[], first timestamptz, last timestamptz)
           ON CONFLICT (level, index) DO UPDATE SET hashes = t.hashes || excluded.hashes,
              entries = t.entries || excluded.entries, span = range_merge(t.span, excluded.span)""",
        [packed(("level", "index", "hashes", "entries", "first", "last"), rows)],
    )
    cursor.execute(
        "INSERT INTO ledger_checkpoint (size, root, note, signed_at) VALUES (%s, %s, %s, %s)",
        [grown.size, grown.root, note, now],
    )
    cursor.execute("DELETE FROM ledger_pending WHERE entry = ANY(%s)", [[leaf.entry for leaf in leaves]])


PLACE = """(SELECT t.index * 256 + array_position(t.entries, {entry}) - 1 FROM ledger_tile t
             WHERE t.span @> {recorded_at} AND array_position(t.entries, {entry}) IS NOT NULL LIMIT 1)"""
"""The place of an entry in the tree, NULL where it waits for one: SQL, with what names its id and its instant."""


def place_of(cursor: Any, entry: UUID, recorded_at: datetime) -> int | None:
    """The place the sequencer gave an entry; None where it waits for one."""
    cursor.execute(
        "SELECT " + PLACE.format(entry="%(entry)s", recorded_at="%(at)s::timestamptz"),
        {"entry": entry, "at": recorded_at},
    )
    found: int | None = cursor.fetchone()[0]
    return found


def last_placed(cursor: Any) -> UUID | None:
    """The entry of the last leaf."""
    cursor.execute(
        "SELECT entries[cardinality(entries)] FROM ledger_tile WHERE level = 0 ORDER BY index DESC LIMIT 1"
    )
    row = cursor.fetchone()
    return row[0] if row else None


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """A placed entry as it is stored now, to be compared with its leaf."""

    entry: UUID
    leaf_hash: bytes
    recorded_at: datetime | None = None
    commitment: bytes | None = None
    payload: str | None = None
    salt: bytes | None = None
    act: str | None = None
    columns: dict[str, Any] = field(default_factory=dict)
    erased_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoredTile:
    """A tile of leaves with its entries. ``whole`` is False where it has not one hash for each entry."""

    index: int
    whole: bool
    entries: tuple[StoredEntry, ...]


def leaf_tiles(cursor: Any, batch: int = 20) -> Iterator[StoredTile]:
    """Every tile of leaves in order, with its entries as they are now, read batch by batch."""
    after = -1
    while True:
        cursor.execute(
            "SELECT index, hashes, entries FROM ledger_tile WHERE level = 0 AND index > %s ORDER BY index LIMIT %s",
            [after, batch],
        )
        tiles = cursor.fetchall()
        if not tiles:
            return
        stored = _entries(cursor, [entry for _, _, entries in tiles for entry in entries])
        for index, raw, entries in tiles:
            hashes = ledger.tile_hashes(bytes(raw))
            yield StoredTile(
                index,
                len(raw) == len(entries) * ledger.HASH_BYTES,
                tuple(
                    StoredEntry(entry, leaf, *stored.get(entry, ()))
                    for entry, leaf in zip(entries, hashes, strict=False)
                ),
            )
        after = tiles[-1][0]


def _entries(cursor: Any, ids: Sequence[UUID]) -> dict[UUID, tuple[Any, ...]]:
    cursor.execute(
        """SELECT id, recorded_at, commitment, payload, salt, act, agency_id, officer_id, post_id, matter_id, subjects,
                  erased_at FROM ledger_entry WHERE id = ANY(%s)""",
        [list(ids)],
    )
    return {
        key: (recorded_at, bytes(commitment), payload, bytes(salt) if salt is not None else None, act,
              {"agency": agency, "officer": officer, "post": post, "matter": matter, "subjects": subjects}, erased_at)
        for key, recorded_at, commitment, payload, salt, act, agency, officer, post, matter, subjects, erased_at
        in cursor.fetchall()
    }  # fmt: skip


def nowhere(cursor: Any) -> list[UUID]:
    """Entries that have no leaf and do not wait for one: nobody can have written them through the actions."""
    cursor.execute(
        """SELECT e.id FROM ledger_entry e
            WHERE NOT EXISTS (SELECT FROM (SELECT unnest(entries) AS entry FROM ledger_tile WHERE level = 0) t
                               WHERE t.entry = e.id)
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
