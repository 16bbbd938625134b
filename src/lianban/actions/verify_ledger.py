"""Check the whole ledger: every entry against its leaf, every leaf against the tree, every signature, and
every answer and document against the digest the ledger keeps of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.db import connection

from lianban.engines import ledger
from lianban.engines.errors import LianbanError
from lianban.records import ledger_tree


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as it was: where, and what was found, in both languages."""

    where: str
    zh: str
    en: str


@dataclass(slots=True)
class Verification:
    entries: int = 0
    erased: int = 0
    evidence: int = 0
    checkpoints: int = 0
    waiting: int = 0
    root: str = ""
    faults: list[Fault] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        return not self.faults


def verify_ledger(
    key: ledger.VerifyingKey, progress: Callable[[int], None] = lambda count: None
) -> Verification:
    """Runs as a role that may read the ledger. Faults are collected, not raised: an auditor wants them all."""
    found = Verification()
    frontier: tuple[bytes, ...] = ()
    size = 0
    with connection.cursor() as cursor:
        wanted: dict[tuple[str, str], tuple[str, str]] = {}
        signed = {at: (root, note) for at, root, note in ledger_tree.checkpoints(cursor)}
        # Checkpoints cut the run into pieces, so that each signed root is compared at its own size.
        piece: list[bytes] = []
        upper: dict[ledger.Place, bytes] = {}
        for tile in ledger_tree.leaf_tiles(cursor):
            if not tile.whole:
                found.faults.append(
                    _fault(
                        f"tile 0/{tile.index}", "叶子与记录不是一一对应", "it has not one leaf for each entry"
                    )
                )
            if tile.index * ledger.TILE_WIDTH != found.entries:
                found.faults.append(_fault(f"leaf {found.entries}", "缺少叶子", "the leaf is missing"))
                return found
            for stored in tile.entries:
                found.entries += 1
                _check_entry(stored, found, wanted)
                piece.append(stored.leaf_hash)
                if found.entries in signed:
                    grown = ledger.append(size, frontier, piece)
                    size, frontier, piece = grown.size, grown.frontier, []
                    _check_signed(grown, *signed[size], key, found)
                    for place, added in ledger.tiles_grown(grown.nodes).items():
                        if place[0] > 0:
                            upper[place] = upper.get(place, b"") + added
                if found.entries % 5000 == 0:
                    progress(found.entries)
        if piece or (signed and max(signed) != size):
            found.faults.append(
                _fault(
                    f"leaf {size}",
                    "叶子与签名检查点的数目不符",
                    "leaves and signed checkpoints do not end together",
                )
            )
        else:
            _check_upper(upper, ledger_tree.upper_tiles(cursor), found)
        _check_evidence(cursor, wanted, found)
        cursor.execute("SELECT count(*) FROM ledger_pending")
        found.waiting = cursor.fetchone()[0]
        for entry in ledger_tree.nowhere(cursor):
            found.faults.append(
                _fault(f"entry {entry}", "记录既无叶子也不在待编序之列", "it has no leaf and waits for none")
            )
        found.root = ledger.root_of(frontier).hex()
    return found


def _check_entry(
    stored: ledger_tree.StoredEntry, found: Verification, wanted: dict[tuple[str, str], tuple[str, str]]
) -> None:
    where = f"entry {stored.entry}"
    if stored.recorded_at is None or stored.commitment is None:
        found.faults.append(_fault(where, "记录已不存在", "the entry is gone"))
        return
    if ledger.Leaf(stored.entry, stored.recorded_at, stored.commitment).hash() != stored.leaf_hash:
        found.faults.append(_fault(where, "记录头与账本叶子不符", "its header does not match its leaf"))
    if stored.payload is None or stored.salt is None:
        found.erased += 1
        if stored.erased_at is None:
            found.faults.append(
                _fault(
                    where, "内容缺失而没有依规清除的记录", "its payload is missing and was not erased by rule"
                )
            )
        return
    try:
        payload = orjson.loads(stored.payload)
        commitment = ledger.commit(payload, stored.salt)
    except (LianbanError, ValueError):
        found.faults.append(_fault(where, "内容无法读取", "its payload cannot be read"))
        return
    if commitment != stored.commitment or ledger.canonical(payload).decode() != stored.payload:
        found.faults.append(_fault(where, "内容已被改动", "its payload was changed"))
        return
    if changed := [name for name, value in _columns(stored).items() if payload.get(name) != value]:
        found.faults.append(
            _fault(
                where,
                f"列与内容不符：{'、'.join(changed)}",
                f"columns differ from the payload: {', '.join(changed)}",
            )
        )
    for evidence in payload["evidence"]:
        wanted[evidence["kind"], evidence["id"]] = (evidence["digest"], where)


def _columns(stored: ledger_tree.StoredEntry) -> dict[str, Any]:
    """What the entry's searchable columns must say, as its payload says it."""
    columns = stored.columns
    single = {
        name: str(columns[name]) if columns[name] else None
        for name in ("agency", "officer", "post", "matter")
    }
    return {**single, "subjects": sorted(str(one) for one in columns["subjects"]), "act": stored.act}


def _check_signed(
    grown: ledger.Appended, root: bytes, note: str, key: ledger.VerifyingKey, found: Verification
) -> None:
    found.checkpoints += 1
    where = f"checkpoint {grown.size}"
    try:
        checkpoint = ledger.verify_checkpoint(note, key)
    except LianbanError as error:
        found.faults.append(_fault(where, error.text("zh"), error.text("en")))
        return
    if not (checkpoint.root == grown.root == root and checkpoint.size == grown.size):
        found.faults.append(_fault(where, "根与各叶子不符", "its root is not that of the leaves"))


def _check_upper(
    computed: dict[ledger.Place, bytes], stored: dict[ledger.Place, bytes], found: Verification
) -> None:
    """The tiles above the leaves, as they follow from the leaves and as they are stored."""
    for level, index in sorted(computed.keys() | stored.keys()):
        if computed.get((level, index)) != stored.get((level, index)):
            found.faults.append(
                _fault(
                    f"tile {level}/{index}", "树节点缺失或不符", "its nodes of the tree are missing or differ"
                )
            )


def _check_evidence(cursor: Any, wanted: dict[tuple[str, str], tuple[str, str]], found: Verification) -> None:
    found.evidence = len(wanted)
    keys = list(wanted)
    for start in range(0, len(keys), 2000):
        for key, now in ledger_tree.evidence_digests(cursor, keys[start : start + 2000]).items():
            kept, where = wanted[key]
            if now != kept:
                kind, ref = key
                zh = "已不存在" if now is None else "内容已被改动"
                en = "is gone" if now is None else "was changed"
                found.faults.append(
                    _fault(f"{kind} {ref}", f"{zh}（存证见 {where}）", f"{en} (kept in {where})")
                )


def _fault(where: str, zh: str, en: str) -> Fault:
    return Fault(where, zh, en)
