"""Matters of the letters scene with as many letters as it can send, made by the actions set-wise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

LETTERS = 31
TOGETHER = 500  # tasks completed in one act
# Who does a step: the code of the officer where it is not the role's.
OFFICERS = {"handler": "handler_1"}


def units_asked(city: Any) -> list[str]:
    """The agencies whose kind some question may be put to: the first 31, one letter each."""
    kinds = {kind for question in city.samples.scene.questions.values() for kind in question.agency_kinds}
    return city.column("SELECT code FROM agency WHERE kind = ANY(%s) ORDER BY code", list(kinds))[:LETTERS]


def open_many(city: Any, count: int, units: Iterable[str], at: datetime) -> list[UUID]:
    from lianban.actions.open_matter import Opening, open_matters

    units, made = tuple(units), []
    for first in range(0, count, 100):
        openings = [Opening(city.content(units)) for _ in range(min(100, count - first))]
        with city.acting_as("court.clerk", at) as acting:
            made += open_matters(acting, "assistance", openings)
    return made


def said_at(city: Any, element: str, matter: UUID, agency: str, at: datetime, kept: dict[Any, Any]) -> Any:
    """What the form of a step of the scene says; an answer is made once for each unit, as all are asked the same."""
    if element == "answer":
        if agency not in kept:
            kept[agency] = city.answer_data(matter, agency, at=at)
        return kept[agency]
    return {
        "approve": {"decision": "approve"}, "seal": {"checked": True}, "route": {"handler": "handler_1"},
        "check": {"decision": "accept"}, "archive": {"summary": "各单位均已反馈。"},
    }.get(element, {})  # fmt: skip


def do_all(
    city: Any,
    elements: Iterable[str],
    at: datetime,
    together: int = TOGETHER,
    acted: Callable[[int], None] | None = None,
) -> int:
    """Do every open task at these steps, each as an officer who may, many in one act; returns how many."""
    from lianban.actions.complete_task import Completion, complete_tasks

    kept: dict[Any, Any] = {}
    todo: dict[str, list[tuple[UUID, UUID, str, str]]] = defaultdict(list)
    for task, matter, element, agency, role in city.rows(
        "SELECT t.id, t.matter_id, t.element, a.code, t.role FROM task t JOIN agency a ON a.id = t.agency_id"
        " WHERE t.state = 'open' AND t.element = ANY(%s) ORDER BY t.matter_id", list(elements),
    ):  # fmt: skip
        todo[f"{agency}.{OFFICERS.get(role, role)}"].append((task, matter, element, agency))
    done = 0
    for officer, tasks in todo.items():
        for first in range(0, len(tasks), together):
            batch = [
                Completion(task, said_at(city, element, matter, agency, at, kept))
                for task, matter, element, agency in tasks[first : first + together]
            ]
            with city.acting_as(officer, at) as acting:
                complete_tasks(acting, batch)
            done += len(batch)
            if acted:
                acted(len(batch))
    return done


def deliver_all(city: Any, at: datetime, together: int = 20) -> None:
    """From the draft to the delivery of every letter; few matters an act, as each sends 31 letters."""
    for element in ("draft", "approve", "seal"):
        do_all(city, [element], at, together)


def sign_and_route_all(city: Any, at: datetime) -> None:
    do_all(city, ["sign"], at)
    do_all(city, ["route"], at + timedelta(minutes=5))
