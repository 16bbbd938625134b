"""Append to the two histories: events (what happened in a matter) and the ledger (who answers for it)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from lianban.engines import ledger
from lianban.records.bulk import insert_beside, insert_many
from lianban.records.identity import new_id


@dataclass(frozen=True, slots=True)
class Happened:
    """An event to append. ``seq`` is taken from the matter's counter, under the matter's lock."""

    matter: UUID
    seq: int
    kind: str
    occurred_at: datetime
    activity: str | None = None
    milestone: bool = False
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """One ledger entry to append.

    ``subjects`` are party rows whose data was used or seen; ``said`` is the payload's content, plain values
    without floats; ``evidence`` names rows by kind, id and digest, so that a later change shows.
    """

    act: str
    matter: UUID | None = None
    subjects: tuple[UUID, ...] = ()
    said: Mapping[str, Any] = field(default_factory=dict)
    evidence: tuple[tuple[str, UUID, str], ...] = ()


@dataclass(frozen=True, slots=True)
class By:
    """Who acts, as the histories name it. All empty: the system post."""

    officer: UUID | None
    post: UUID | None
    agency: UUID | None
    purpose: str


MATTERS_TOLD = 20

_EVENT = {"matter_id": "uuid", "seq": "integer", "kind": "text", "activity": "text",
          "agency_id": "uuid", "post_id": "uuid", "officer_id": "uuid", "milestone": "boolean",
          "occurred_at": "timestamptz", "recorded_at": "timestamptz", "data": "jsonb"}  # fmt: skip
_ENTRY = {"id": "uuid", "recorded_at": "timestamptz", "act": "text", "agency_id": "uuid", "post_id": "uuid",
          "officer_id": "uuid", "matter_id": "uuid", "subjects": "uuid[]", "payload": "text", "salt": "bytea",
          "commitment": "bytea"}  # fmt: skip


def append_events(cursor: Any, by: By, happened: Iterable[Happened], recorded_at: datetime) -> None:
    insert_many(
        cursor,
        "event",
        _EVENT,
        (
            (e.matter, e.seq, e.kind, e.activity, by.agency, by.post, by.officer, e.milestone,
             e.occurred_at, recorded_at, e.data)
            for e in happened
        ),
    )  # fmt: skip


def append_entries(cursor: Any, by: By, entries: Iterable[Entry], recorded_at: datetime) -> list[UUID]:
    """Append and return the ids. The sequencer gives them their leaves after the commit."""
    rows = []
    instant = ledger.instant_text(recorded_at)
    for entry in entries:
        key = new_id()
        payload = ledger.canonical(
            {
                "entry": str(key),
                "act": entry.act,
                "agency": _text(by.agency),
                "evidence": [
                    {"kind": kind, "id": str(ref), "digest": digest} for kind, ref, digest in entry.evidence
                ],
                "matter": _text(entry.matter),
                "officer": _text(by.officer),
                "post": _text(by.post),
                "purpose": by.purpose,
                "recorded_at": instant,
                "said": _plain(entry.said),
                "subjects": sorted(str(subject) for subject in entry.subjects),
            }
        )
        salt = ledger.new_salt()
        rows.append(
            (key, recorded_at, entry.act, by.agency, by.post, by.officer, entry.matter, entry.subjects,
             payload.decode("utf-8"), salt, ledger.commit_canonical(payload, salt))
        )  # fmt: skip
    insert_beside(
        cursor, "ledger_entry", _ENTRY, rows, "ledger_pending", {"entry": "id", "recorded_at": "recorded_at"}
    )
    return [row[0] for row in rows]


def tell(cursor: Any, matters: Iterable[UUID], agencies: Iterable[UUID]) -> None:
    """Wake the open pages of these agencies, at commit. Ids only: a page then fetches what it may see.

    An act on very many matters names the first of them: pages that show others refresh by themselves.
    """
    some = list(dict.fromkeys(matters))[:MATTERS_TOLD]
    said = [f"{agency} {matter}" for agency in set(agencies) for matter in some]
    if said:
        cursor.execute("SELECT pg_notify('lianban', said) FROM unnest(%s::text[]) AS said", [said])


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)


def _plain(said: Mapping[str, Any]) -> Any:
    # Through JSON once: dates and decimals become text, so that canonical JSON meets only plain values.
    return orjson.loads(orjson.dumps(dict(said), default=str))
