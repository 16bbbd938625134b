"""Debtors of the demo whose rows in the made-up registries do not quite fit: no name, another's name, a mistyped number.

Real registries have such rows, and what is found by them is no fact until a person of the agency that holds the registry
says so. The traps of ``engines.matching.synthetic`` fall on whom the dice pick; these are known, so that a demo can ask
about them and show each kind of hit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import cycle, islice
from typing import Any
from uuid import UUID

from django.db import connection

from lianban.actions.confirm_hit import confirm_hit
from lianban.doors.cli.officers import acting_as
from lianban.engines.scenes.city import City, MadeUpFirm, MadeUpPerson, username
from lianban.records import collisions

PARTIES_SEED = 20260302
"""The seed of the sample matters: their parties have rows in the registries."""
PEOPLE, FIRMS = 6_000, 4_000
_SOMEBODY_ELSE = 5_000


def _mistyped(number: str) -> str:
    return number[:-1] + ("1" if number.endswith("0") else "0")


# How a registry has a person down, given the person and somebody else; and who, by place in the city's list: of each several,
# since a registry holds only every second person.
_DOUBTS: tuple[Callable[[MadeUpPerson, MadeUpPerson], MadeUpPerson], ...] = (
    lambda person, other: replace(person, name=""),
    lambda person, other: replace(person, name=other.name),
    lambda person, other: replace(person, id_number=_mistyped(person.id_number)),
)
_PLACES = range(40, 49)
UNITS = ("police", "natural_resources", "human_resources", "tax", "housing", "central_bank")
QUESTIONS = ("vehicles", "real_estate", "social_security", "tax", "provident_fund", "bank_accounts")
BASIS = "cpl_2023_253"
"""The basis that every registry of these units accepts."""
DECISIONS = (
    (True, "与权利人本人及登记原件核对，系同一人"),
    (False, "同号不同人，经核对排除"),
    None,  # left for the reader
)


def known_people(city: City) -> list[MadeUpPerson]:
    """The people of the sample matters as the registries have them down."""
    people = list(islice(city.people(PARTIES_SEED), PEOPLE))
    for place in _PLACES:
        people[place] = _DOUBTS[place % len(_DOUBTS)](people[place], people[_SOMEBODY_ELSE])
    return people


def known_firms(city: City) -> list[MadeUpFirm]:
    return list(islice(city.firms(PARTIES_SEED), FIRMS))


def doubtful(data: Mapping[str, Any], city: City) -> dict[str, Any]:
    """The matter form of a sample, about the people whose rows do not fit, to units whose registries answer by themselves."""
    people = list(islice(city.people(PARTIES_SEED), _PLACES.stop))
    return {
        **data, "legal_basis": BASIS, "units": list(UNITS), "questions": list(QUESTIONS),
        "subjects": [
            {"role": "debtor", "kind": "person", "name": people[place].name, "id_kind": "resident_id",
             "id_number": people[place].id_number}
            for place in _PLACES
        ],
    }  # fmt: skip


def decide(matter: UUID, officer: str) -> int:
    """The liaison of each unit decides its hits of the matter: of each kind one is confirmed, one rejected, one left."""
    turns: dict[str, cycle[tuple[bool, str] | None]] = {}
    decided = 0
    for unit in UNITS:
        with acting_as(username(unit, officer)) as acting, connection.cursor() as cursor:
            waiting = [hit for hit in collisions.pending_hits(cursor, acting.agency) if hit.matter == matter]
            for hit in waiting:
                if (said := next(turns.setdefault(hit.kind, cycle(DECISIONS)))) is not None:
                    confirm_hit(acting, hit.id, *said)
                    decided += 1
    return decided
