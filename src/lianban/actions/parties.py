"""Take the parties out of a form: a row each, bound to one matter, identifiers sealed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings

from lianban.actions.work import MatterRow, Work
from lianban.engines.clocks.moments import legal_date
from lianban.engines.forms import Form
from lianban.engines.identifiers import check_identifier
from lianban.records import envelopes
from lianban.records.bulk import insert_many
from lianban.records.identity import new_id

_PARTY = {"id": "uuid", "matter_id": "uuid", "role": "text", "kind": "text", "name": "text",
          "recorded_at": "timestamptz"}  # fmt: skip
_IDENTIFIER = {"id": "uuid", "party_id": "uuid", "matter_id": "uuid", "kind": "text", "masked": "text",
               "data_key_id": "uuid", "sealed": "bytea"}  # fmt: skip


def take_parties(
    work: Work, form: Form, matters: Sequence[MatterRow], contents: Sequence[dict[str, Any]]
) -> list[tuple[dict[str, Any], tuple[UUID, ...]]]:
    """For each matter: its content without names and numbers, and the ids of its parties.

    A party is the object around a field the form marks ``x-private``; it says ``role``, ``kind``, ``name`` and
    ``id_kind``. What stays in the content is a reference to the party's row.
    """
    now = work.acting.now
    paths = [path.split(".") for path in form.private_paths()]
    people: list[tuple[Any, ...]] = []
    identifiers: list[tuple[Any, ...]] = []
    indexes: list[tuple[Any, ...]] = []
    key = envelopes.current_key(work.cursor, now) if paths else None
    made = []
    for matter, data in zip(matters, contents, strict=True):
        mine: list[UUID] = []
        for path in paths:
            for holder, name in _holders(data, path):
                party = new_id()
                mine.append(party)
                number = holder.pop(name, None)
                kind = holder.pop("id_kind", "resident_id")
                people.append(
                    (
                        party,
                        matter.id,
                        holder.get("role", ""),
                        holder.get("kind", "person"),
                        holder.pop("name", ""),
                        now,
                    )
                )
                holder["party"] = str(party)
                if number:
                    assert key is not None
                    checked = check_identifier(kind, number, demo=settings.DEMO, on=legal_date(now))
                    row = new_id()
                    sealed = envelopes.seal(work.cursor, key, checked.normalised, row)
                    identifiers.append((row, party, matter.id, kind, checked.masked, key, sealed.content))
                    indexes.append((row, envelopes.blind_index(kind, checked.normalised)))
        made.append((data, tuple(mine)))
    insert_many(work.cursor, "party", _PARTY, people)
    insert_many(work.cursor, "party_identifier", _IDENTIFIER, identifiers)
    insert_many(work.cursor, "identity_index", {"identifier_id": "uuid", "blind_index": "bytea"}, indexes)
    return made


def _holders(data: Mapping[str, Any], path: Sequence[str]) -> Iterator[tuple[dict[str, Any], str]]:
    """The objects that hold the private field at ``path`` (``subjects[]``, ``id_number``)."""
    here: list[Any] = [data]
    for part in path[:-1]:
        name, listed, _ = part.partition("[]")
        inside = [item.get(name) for item in here if isinstance(item, dict)]
        here = (
            [one for item in inside for one in (item or [])] if listed else [item for item in inside if item]
        )
    for item in here:
        if isinstance(item, dict):
            yield item, path[-1]
