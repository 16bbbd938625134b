"""数据碰撞: the debtors of one matter held against the registries of one agency, on a live warrant.

Warrant → quota → ledger → answer: the database is asked first whether the warrant bears it; what it refuses is ledgered
with its reason and asks no registry. The collision row is written in the same transaction as what comes of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import DatabaseError

from lianban.actions.judging_collisions import Judged, Subject, judge
from lianban.actions.query_errors import CollisionRefused, words_of
from lianban.actions.work import MatterRow, Work
from lianban.engines.matching import Collision, Registry, Scope
from lianban.records import collisions, envelopes, machines, registries, scenes, warrants
from lianban.records.collisions import CollisionRow
from lianban.records.directory import AgencyRow
from lianban.records.envelopes import Sealed
from lianban.records.history import Entry
from lianban.records.identity import new_id
from lianban.records.warrants import WarrantRow

REFUSED_BY_DATABASE = "LB004"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be asked of one agency on a warrant, for a letter or without one."""

    warrant: WarrantRow
    holder: AgencyRow
    questions: tuple[str, ...]
    subjects: tuple[Subject, ...]
    letter: UUID | None = None
    letter_kind: str | None = None

    @property
    def parties(self) -> list[UUID]:
        return [subject.party for subject in self.subjects]


@dataclass(frozen=True, slots=True)
class Collided:
    row: CollisionRow
    judged: Judged
    hits: tuple[UUID, ...]


def answering_registries(
    work: Work, holder: AgencyRow, questions: Iterable[str], basis: str
) -> Mapping[str, Registry]:
    """The registries by which an agency answers these questions by itself; none where its account is not live. Who has an
    account, and the files that declare registries, are looked at once an act and not once a letter."""
    memory = ("responders",)
    if memory not in work.memory:
        live = machines.agencies_with(work.cursor, machines.RESPONDER)
        work.memory[memory] = (live, registries.declared() if live else {})
    live, known = work.memory[memory]
    return registries.of_agency(holder.code, questions, basis, known) if holder.id in live else {}


def collide(work: Work, matter: MatterRow, wish: Wish, at: datetime) -> Collided | str:
    """Ask point by point. Returns the code of the refusal where the warrant does not bear it."""
    if (refused := refusal(work, matter, wish)) is not None:
        return refused
    return keep(work, matter, wish, ask(wish, at), at, way="point")


def refusal(work: Work, matter: MatterRow, wish: Wish) -> str | None:
    """Why the warrant does not bear this; ledgered, and told in the matter's history."""
    code = warrants.refused(work.cursor, wish.warrant.id, wish.holder.id, wish.questions, wish.parties)
    if code is not None:
        tell_refusal(work, matter, wish.holder, wish.questions, code, wish.warrant.id)
    return code


def tell_refusal(
    work: Work,
    matter: MatterRow,
    holder: AgencyRow,
    questions: Sequence[str],
    code: str,
    warrant: UUID | None,
) -> None:
    """Say in the history and in the ledger that nothing was asked, and why."""
    words = words_of(code)
    work.happen(
        matter, "collisions.refused", work.acting.now, unit=holder.code, why=code, zh=words.zh, en=words.en
    )
    work.enter(
        Entry("collisions.refused", matter.id,
              said={"unit": holder.code, "warrant": str(warrant or ""), "questions": list(questions), "refused": code})
    )  # fmt: skip


def ask(wish: Wish, at: datetime) -> Mapping[UUID, Collision]:
    """One look into the index for each subject, all registries of the agency at once."""
    index = registries.point_index()
    if index is None:
        return {}
    known = registries.of_agency(wish.holder.code, wish.questions, wish.warrant.legal_basis)
    scope = Scope(frozenset(wish.questions), wish.warrant.legal_basis, frozenset(known))
    return {
        subject.party: index.collide(subject.asked(), scope, now=at)
        for subject in wish.subjects if subject.comparable
    }  # fmt: skip


def keep(
    work: Work, matter: MatterRow, wish: Wish, found: Mapping[UUID, Collision], at: datetime, *, way: str,
    known: Iterable[str] = (),
) -> Collided:  # fmt: skip
    """Write what was asked and what came of it. ``known`` are digests of findings that are no news."""
    pack = scenes.scene(matter.scene)
    asked = [pack.questions[code] for code in wish.questions]
    judged = judge(pack, wish.letter_kind, asked, wish.subjects, found, keep_fields=wish.letter is None)
    earlier = set(known)
    judged.hits = [hit for hit in judged.hits if hit.digest not in earlier]
    row = CollisionRow(
        new_id(), wish.warrant.id, matter.id, matter.lead_agency, wish.holder.id, wish.letter, wish.warrant.requester,
        wish.warrant.legal_basis, way, list(wish.questions), wish.parties, judged.registries, judged.unsettled,
        judged.found, judged.pending, at,
    )  # fmt: skip
    try:
        collisions.insert(work.cursor, [row])
    except DatabaseError as error:
        cause: Any = error.__cause__
        if getattr(cause, "sqlstate", "") != REFUSED_BY_DATABASE:
            raise
        words = words_of(str(cause.diag.message_primary).rpartition(": ")[2])
        raise CollisionRefused(reason_zh=words.zh, reason=words.en) from error
    hits = collisions.insert_hits(work.cursor, row, judged.hits)
    work.enter(
        Entry(
            "collisions.asked", matter.id, tuple(wish.parties),
            {"collision": str(row.id), "warrant": str(row.warrant), "unit": wish.holder.code, "way": way,
             "letter": str(wish.letter or ""), "legal_basis": row.legal_basis, "questions": row.questions,
             "found": row.found, "pending": row.pending, "unsettled": row.unsettled,
             "registries": {str(one["code"]): str(one["status"]) for one in row.registries}},
        )
    )  # fmt: skip
    _ask_person(work, matter, wish, row)
    return Collided(row, judged, tuple(hits))


def _ask_person(work: Work, matter: MatterRow, wish: Wish, row: CollisionRow) -> None:
    """A hit that is no fact is a task for the agency that holds the registry. A closed matter has none: its hits are
    under Hits to check all the same."""
    if row.pending and matter.state == "open":
        work.ask(
            matter, wish.holder.id, "liaison", "核对数据碰撞命中", element="confirm_hits", action="collisions.confirm",
            about=row.id, at=work.acting.now, stage="answer",
        )  # fmt: skip
    work.tell(wish.holder.id)


def subjects_of(work: Work, matter: UUID, parties: Iterable[UUID]) -> tuple[Subject, ...]:
    """Whom a letter or a warrant names, in the order the letter lists them, with the number to compare."""
    wanted = list(parties)
    memory = ("subjects", matter, tuple(sorted(wanted)))
    if memory not in work.memory:
        work.cursor.execute(
            """SELECT p.id, p.kind, p.name, i.id, i.kind, i.masked, i.data_key_id, i.sealed FROM party p
                 LEFT JOIN party_identifier i ON i.party_id = p.id WHERE p.matter_id = %s AND p.id = ANY(%s) ORDER BY p.id""",
            [matter, wanted],
        )
        found = []
        for place, (party, kind, name, identifier, id_kind, masked, key, sealed) in enumerate(
            work.cursor.fetchall(), start=1
        ):
            number = (
                envelopes.unseal(work.cursor, Sealed(key, bytes(sealed)), identifier) if identifier else ""
            )
            found.append(Subject(party, place, kind, name, id_kind or "", number, masked or ""))
        work.memory[memory] = tuple(found)
    return work.memory[memory]
