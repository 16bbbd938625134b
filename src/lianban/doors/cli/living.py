"""Sample matters lived through the actions: opened, moved on and acted upon, each step as the officer whose it is.

Matters are taken many at a time (an act takes one or many), the steps of a story one after another, with the day each would
have happened. A step whose day has not come is left out, so the city has matters at every station.

A city that was recorded in one minute would never be warned of anything: a warning whose day has passed is not given late. So
it is lived in parts. What happened up to each of :data:`PAUSES` is recorded as of that moment, and then the worker does what was
due by then; the rest is recorded as of now. The worker's last round is the caller's, when all else is there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from lianban.actions.act_on_matter import Act, act_on_matters
from lianban.actions.acting import Acting
from lianban.actions.complete_task import Completion, complete_tasks
from lianban.actions.countersign import ask_countersign, countersign
from lianban.actions.hold_task import hold_task
from lianban.actions.open_matter import Opening, open_matters
from lianban.actions.record_closed import ClosedMatter, record_closed
from lianban.actions.send_back import send_back
from lianban.actions.withdraw_matter import withdraw_matter
from lianban.doors.cli.officers import acting_as
from lianban.engines.clocks import legal_date
from lianban.engines.closing import Told
from lianban.engines.process.timers import BEIJING
from lianban.engines.scenes.city import load_city
from lianban.engines.scenes.stories import Life, Move, Step, Stories, Story, load_stories
from lianban.records import scenes

OPENED_TOGETHER, DONE_TOGETHER, RECORDED_TOGETHER = 250, 50, 2_000
PAUSES = (21, 10)
"""Days before now. The first is longer than the longest holiday (a warning is given on the working day before) and shorter than
the oldest month the history has a place for; the second is within the shortest periods that warn."""


class Living:
    """The stories of one scene, lived up to a day."""

    def __init__(self, scene: str, clerk: str, scale: float = 1.0, now: datetime | None = None) -> None:
        folder = Path(settings.SCENES)
        self.scene, self.clerk = scene, clerk
        self.now = now or datetime.now(UTC)
        self.today = legal_date(self.now)
        # The part that is lived: after which moment, up to which, and as of when it is recorded.
        self._after, self._until = datetime.min.replace(tzinfo=UTC), self.now
        self.stories: Stories = load_stories(
            scenes.scene(scene), load_city(folder / "city.yaml"), folder / scene
        )
        self._holders = self.stories.holders()
        self.acts = 0
        by_story: dict[str, list[Life]] = defaultdict(list)
        for life in self.stories.lives(self.today, scale):
            if life.moment(0) <= self.now:  # what a later hour of today would bring has not happened
                by_story[life.story.code].append(life)
        self.lives = by_story

    @property
    def total(self) -> int:
        return sum(map(len, self.lives.values()))

    def live(
        self, progress: Callable[[int], None] = lambda count: None, between: Callable[[datetime], None] = lambda at: None
    ) -> int:  # fmt: skip
        """Live every story; returns how many acts that took. ``progress`` is told how many matters have come; ``between`` does
        what the worker had to do by a moment."""
        for days in PAUSES:
            self._until = self.now - timedelta(days=days)
            self._live(progress)
            between(self._until)
            self._after = self._until
        self._until = self.now
        for story in self.stories.stories:
            if story.closed is not None:
                self._record(story, self.lives[story.code], progress)
        return self._live(progress)

    def _live(self, progress: Callable[[int], None]) -> int:
        for story in self.stories.stories:
            if story.closed is not None:
                continue
            for chunk in _chunks(self.lives[story.code], OPENED_TOGETHER):
                new = [life for life in chunk if self._in_part(life.moment(0))]
                if new:
                    self._open(new)
                for step in story.steps:
                    self._step(step, chunk)
                progress(len(new))
        return self.acts

    def _in_part(self, moment: datetime) -> bool:
        """Whether this belongs to the part that is lived."""
        return self._after < moment <= self._until

    @contextmanager
    def _acting_as(self, officer: str) -> Iterator[Acting]:
        with acting_as(officer) as acting:
            yield replace(acting, now=self._until)

    def _record(self, story: Story, lives: Sequence[Life], progress: Callable[[int], None]) -> None:
        for chunk in _chunks(
            [life for life in lives if life.closed_on and life.closed_on <= self.today], RECORDED_TOGETHER
        ):
            matters = [
                ClosedMatter(life.data, self._number(life), life.moment(0), _noon(life.closed_on), _told(life))
                for life in chunk
            ]  # fmt: skip
            with acting_as(self.clerk, "批量导入") as acting:
                record_closed(acting, self.scene, matters, f"city/{story.code}")
            self.acts += len(chunk)
            progress(len(chunk))

    def _open(self, lives: Sequence[Life]) -> None:
        with self._acting_as(self.clerk) as acting:
            keys = open_matters(
                acting, self.scene,
                [Opening(life.data, number=self._number(life), occurred_at=life.moment(0)) for life in lives],
            )  # fmt: skip
            self._parties(dict(zip(keys, lives, strict=True)))
        self.acts += len(lives)

    def _number(self, life: Life) -> str:
        """Of the year it was opened in, where the stories say how; otherwise it gets the next one."""
        return str(life.value({"case_number": self.stories.numbers})) if self.stories.numbers else ""

    def _parties(self, lives: Mapping[UUID, Life]) -> None:
        """The parties, as records that steps may name: the first of each role by its role, then ``creditor.2`` and so on."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT matter_id, role, id, row_number() OVER (PARTITION BY matter_id, role ORDER BY id)"
                " FROM party WHERE matter_id = ANY(%s)",
                [list(lives)],
            )
            for matter, role, party, number in cursor.fetchall():
                lives[matter].records[role if number == 1 else f"{role}.{number}"] = party
        for matter, life in lives.items():
            life.matter = matter

    def _step(self, step: Step, lives: Sequence[Life]) -> None:
        taking = [
            life for life in lives if self._in_part(life.moment(step.after)) and life.takes(step, self.today)
        ]
        by_officer: dict[str, list[Life]] = defaultdict(list)
        for life in taking:
            by_officer[life.officer(step, self._holders)].append(life)
        for officer, theirs in by_officer.items():
            for chunk in _chunks(theirs, DONE_TOGETHER):
                self._do(step, officer, chunk)

    def _do(self, step: Step, officer: str, lives: Sequence[Life]) -> None:
        with self._acting_as(officer) as acting:
            if step.move:
                done = self._move(acting, step, lives)
            elif step.task:
                done = self._complete(acting, step, lives)
            else:
                done = self._act(acting, step, lives)
        self.acts += done

    def _act(self, acting: Any, step: Step, lives: Sequence[Life]) -> int:
        acts = [
            Act(life.matter, step.act, life.value(step.data), life.records.get(step.about), life.moment(step.after))
            for life in lives if life.matter is not None
        ]  # fmt: skip
        for life, record in zip(lives, act_on_matters(acting, acts), strict=True):
            if step.keep and record is not None:
                life.records[step.keep] = record
        return len(acts)

    def _move(self, acting: Acting, step: Step, lives: Sequence[Life]) -> int:
        done = 0
        for life in lives:
            assert life.matter is not None and step.move is not None
            data = life.value(step.data)
            if step.move is Move.WITHDRAW:
                withdraw_matter(acting, life.matter, data["reason"])
                done += 1
                continue
            for task in self._open_tasks(life.matter, data["task"]):
                _MOVES[step.move](acting, task, data, self.today)
                done += 1
        return done

    def _open_tasks(self, matter: UUID, element: str) -> list[UUID]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM task WHERE matter_id = %s AND element = %s AND state = 'open' ORDER BY id",
                [matter, element],
            )
            return [row[0] for row in cursor.fetchall()]

    def _complete(self, acting: Any, step: Step, lives: Sequence[Life]) -> int:
        about = {life.records[step.about]: life for life in lives if step.about}
        by_matter = {life.matter: life for life in lives}
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, matter_id, about FROM task WHERE matter_id = ANY(%s) AND element = %s AND state = 'open'"
                " AND agency_id = %s AND (NOT %s OR about = ANY(%s)) ORDER BY id",
                [list(by_matter), step.task, acting.agency, bool(step.about), list(about)],
            )
            found: list[tuple[UUID, UUID, UUID | None]] = cursor.fetchall()
        completions = []
        for task, matter, record in found:
            life = about[record] if step.about and record is not None else by_matter[matter]
            completions.append(Completion(task, life.value(step.data), life.moment(step.after)))
        if completions:
            complete_tasks(acting, completions)
        return len(completions)


_MOVES: dict[Move, Callable[[Acting, UUID, Mapping[str, Any], date], None]] = {
    Move.HOLD: lambda acting, task, data, today: hold_task(
        acting, task, today + timedelta(days=int(data["until"])), data["reason"]
    ),
    Move.SEND_BACK: lambda acting, task, data, today: send_back(acting, task, data["reason"]),
    Move.ASK_COUNTERSIGN: lambda acting, task, data, today: ask_countersign(acting, task, data["posts"]),
    Move.COUNTERSIGN: lambda acting, task, data, today: countersign(
        acting, task, bool(data["agrees"]), data.get("remark", "")
    ),
}


def _chunks(lives: Sequence[Life], size: int) -> Iterator[Sequence[Life]]:
    for start in range(0, len(lives), size):
        yield lives[start : start + size]


def _told(life: Life) -> Told | None:
    """How a matter of the past was closed, where its story says so."""
    if not life.story.closing:
        return None
    said = life.value(life.story.closing)
    return Told(said["mode"], said["ground"], said.get("ruling_no", ""), said.get("recovered_fen"))


def _noon(day: date | None) -> datetime:
    assert day is not None
    return datetime.combine(day, time(12), BEIJING)
