"""Look at open matters with the eyes of a new version of their drawing: who can move, and what the move changes.

A dry run and the migration itself ask the same survey, so that a plan says what will be done. It reads in bulk;
only where FEEL decides an assignment or a timer are rows looked at one by one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from lianban.actions import timing
from lianban.engines.errors import LianbanError
from lianban.engines.migration import (
    Changes,
    Computing,
    NewTimer,
    Obstacle,
    Route,
    Since,
    Situation,
    TaskChange,
    armed,
    changes,
    judge,
)
from lianban.engines.process import At, TimerSpec, timer_spec
from lianban.records import migrating, process_rows
from lianban.records.directory import directory
from lianban.records.identity import new_id
from lianban.records.migrating import Resting

Obstacles = dict[UUID, list[Obstacle]]
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An open matter of the old version."""

    id: UUID
    scene: str
    number: str
    lead: UUID
    opened_at: datetime


@dataclass(slots=True)
class Survey:
    """What a batch of matters would become. The lists hold (matter, row), rows as ``migrating.move_rows`` takes them."""

    matters: dict[UUID, Candidate]
    kept: Obstacles = field(default_factory=lambda: defaultdict(list))
    roles: list[tuple[UUID, tuple[UUID, str, UUID, UUID | None]]] = field(default_factory=list)
    dues: list[tuple[UUID, tuple[UUID, datetime | None]]] = field(default_factory=list)
    timers: list[tuple[UUID, tuple[UUID, str, datetime, int | None, str]]] = field(default_factory=list)
    armed: list[tuple[UUID, tuple[Any, ...]]] = field(default_factory=list)
    # How many rows of each matter change, by what: tasks, timers armed, computed again.
    counts: dict[UUID, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    @property
    def moving(self) -> list[UUID]:
        return [key for key in self.matters if key not in self.kept]

    def of_moving(self, rows: Iterable[tuple[UUID, Row]]) -> list[Row]:
        """The rows of the matters that move: an obstacle may have turned up after a row was computed."""
        return [row for matter, row in rows if matter not in self.kept]


class Surveyor:
    """Surveys batches along one route; what it finds out about a situation or an element it finds out once."""

    def __init__(self, cursor: Any, route: Route, now: datetime) -> None:
        self.cursor, self.route, self.now = cursor, route, now
        self.changes: Changes = changes(route)
        self._judged: dict[Situation, tuple[Obstacle, ...]] = {}

    def survey(self, rows: Iterable[tuple[UUID, str, str, UUID, datetime]]) -> Survey:
        """The survey of open matters, as :func:`migrating.next_matters` gives them."""
        found = Survey({row[0]: Candidate(*row) for row in rows})
        ids = list(found.matters)
        refused = [one for one in migrating.situations(self.cursor, ids) if self._judge(one)]
        for matter, situation in migrating.matters_in(self.cursor, ids, refused):
            found.kept[matter] += [one for one in self._judge(situation) if one not in found.kept[matter]]
        self._tasks(found)
        self._timers(found)
        return found

    def _judge(self, situation: Situation) -> tuple[Obstacle, ...]:
        if situation not in self._judged:
            self._judged[situation] = judge(self.route, situation)
        return self._judged[situation]

    # --- tasks

    def _tasks(self, found: Survey) -> None:
        wanted = {
            key: change
            for key, change in self.changes.tasks.items()
            if change.role is not None or change.clock_changed
        }
        rows = migrating.tasks_at(self.cursor, found.moving, wanted)
        by_feel = [row for row in rows if (c := wanted[row.element]).role is not None and c.fixed is None]
        computing = self._computing(found, by_feel)
        for row in rows:
            change = wanted[row.element]
            try:
                if change.role is not None:
                    found.roles.append((row.matter, self._role(found, change, row, computing)))
                if change.clock_changed:
                    due = self._clock(timer_spec(f"clock:{change.clock}"), row) if change.clock else None
                    found.dues.append((row.matter, (row.id, due)))
            except LianbanError as error:
                self._keep(found, row, error)
            found.counts[row.matter]["tasks"] += 1

    def _role(
        self, found: Survey, change: TaskChange, row: Resting, computing: dict[UUID, Computing]
    ) -> tuple[UUID, str, UUID, UUID | None]:
        """Who does the task now, as when a task is opened: the branch's agency or the lead, one post if it is named."""
        role, at = change.fixed or computing[row.matter].role(change, row.scope)
        if row.agency is None or at is At.LEAD:
            return row.id, role, found.matters[row.matter].lead, None
        if role.startswith("post:"):
            chosen = directory(self.cursor).post(row.agency, role.removeprefix("post:"))
            return row.id, chosen.role, row.agency, chosen.id
        return row.id, role, row.agency, None

    # --- timers

    def _timers(self, found: Survey) -> None:
        old = migrating.timers_at(self.cursor, found.moving, self.changes.recompute)
        new = migrating.tokens_at(self.cursor, found.moving, self.changes.arm)
        by_feel = [row for row in old if self.changes.recompute[row.element].spec is None]
        by_feel += [row for row in new if any(timer.spec is None for timer in self.changes.arm[row.element])]
        computing = self._computing(found, by_feel)
        for row in old:
            timer = self.changes.recompute[row.element]
            try:
                due, left, spec = self._armed(timer, row, computing)
            except LianbanError as error:
                self._keep(found, row, error)
                continue
            found.timers.append((row.matter, (row.id, timer.element, due, left, spec)))
            found.counts[row.matter]["recomputed"] += 1
        for row in new:
            for timer in self.changes.arm[row.element]:
                try:
                    due, left, spec = self._armed(timer, row, computing)
                except LianbanError as error:
                    self._keep(found, row, error)
                    break
                fresh = (new_id(), row.matter, row.agency, row.scope, row.id, timer.element, due, left, spec)
                found.armed.append((row.matter, fresh))
                found.counts[row.matter]["armed"] += 1

    def _armed(
        self, timer: NewTimer, row: Resting, computing: dict[UUID, Computing]
    ) -> tuple[datetime, int | None, str]:
        spec = timer.spec if timer.spec is not None else computing[row.matter].spec(timer, row.scope)
        due, left = armed(spec, self._reached(row), self.now, lambda wanted, _: self._clock(wanted, row))
        return due, left, spec.text

    def _reached(self, row: Resting) -> datetime:
        return self.now if self.route.timers is Since.NOW else row.reached

    def _clock(self, spec: TimerSpec, row: Resting) -> datetime:
        """The law counts from the letter's own trigger, whatever the map says of timers."""
        return timing.instant(spec, row.letter_from or self._reached(row))

    # --- expressions

    def _computing(self, found: Survey, rows: Sequence[Resting]) -> dict[UUID, Computing]:
        if not rows:
            return {}
        loaded = process_rows.load(self.cursor, {row.scope for row in rows})
        return {
            key: Computing(
                self.route,
                part.state.scopes,
                {
                    "number": found.matters[key].number,
                    "scene": found.matters[key].scene,
                    "opened_at": found.matters[key].opened_at,
                },
            )
            for key, part in loaded.items()
        }

    def _keep(self, found: Survey, row: Resting, error: LianbanError) -> None:
        name = self.route.old.nodes[row.element].name
        found.kept[row.matter].append(
            Obstacle("expression", row.element, name, error.text("zh"), error.text("en"))
        )
