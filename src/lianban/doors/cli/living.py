"""Sample matters lived through the actions: opened, moved on and acted upon, each step as the officer whose it is.

Matters are taken many at a time (an act takes one or many), the steps of a story one after another, with the day each would
have happened. A step whose day has not come is left out, so the city has matters at every station.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from lianban.actions.act_on_matter import Act, act_on_matters
from lianban.actions.complete_task import Completion, complete_tasks
from lianban.actions.open_matter import Opening, open_matters
from lianban.actions.record_closed import ClosedMatter, record_closed
from lianban.doors.cli.officers import acting_as
from lianban.engines.clocks import legal_date
from lianban.engines.process.timers import BEIJING
from lianban.engines.scenes.city import load_city
from lianban.engines.scenes.stories import Life, Step, Stories, Story, load_stories
from lianban.records import scenes

OPENED_TOGETHER, DONE_TOGETHER, RECORDED_TOGETHER = 250, 50, 2_000


class Living:
    """The stories of one scene, lived up to a day."""

    def __init__(self, scene: str, clerk: str, scale: float = 1.0, today: date | None = None) -> None:
        folder = Path(settings.SCENES)
        self.scene, self.clerk = scene, clerk
        self.today = today or legal_date(datetime.now(UTC))
        self.stories: Stories = load_stories(
            scenes.scene(scene), load_city(folder / "city.yaml"), folder / scene
        )
        self._holders = self.stories.holders()
        self.acts = 0
        by_story: dict[str, list[Life]] = defaultdict(list)
        for life in self.stories.lives(self.today, scale):
            by_story[life.story.code].append(life)
        self.lives = by_story

    @property
    def total(self) -> int:
        return sum(map(len, self.lives.values()))

    def live(self, progress: Callable[[int], None] = lambda count: None) -> int:
        """Live every story; returns how many acts that took. ``progress`` is told how many matters are there."""
        for story in self.stories.stories:
            lives = self.lives[story.code]
            if story.closed is not None:
                self._record(story, lives, progress)
                continue
            for chunk in _chunks(lives, OPENED_TOGETHER):
                self._open(chunk)
                for step in story.steps:
                    self._step(step, chunk)
                progress(len(chunk))
        return self.acts

    def _record(self, story: Story, lives: Sequence[Life], progress: Callable[[int], None]) -> None:
        for chunk in _chunks(
            [life for life in lives if life.closed_on and life.closed_on <= self.today], RECORDED_TOGETHER
        ):
            matters = [
                ClosedMatter(life.data, life.value({"case_number": "执"}), life.moment(0), _noon(life.closed_on)) for life in chunk
            ]  # fmt: skip
            with acting_as(self.clerk, "批量导入") as acting:
                record_closed(acting, self.scene, matters, f"city/{story.code}")
            self.acts += len(chunk)
            progress(len(chunk))

    def _open(self, lives: Sequence[Life]) -> None:
        with acting_as(self.clerk) as acting:
            keys = open_matters(
                acting, self.scene,
                [Opening(life.data, number=life.value({"case_number": "执"}), occurred_at=life.moment(0)) for life in lives],
            )  # fmt: skip
            self._parties(dict(zip(keys, lives, strict=True)))
        self.acts += len(lives)

    def _parties(self, lives: Mapping[UUID, Life]) -> None:
        """The first party of each role, by its role, as a record that steps may name."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT matter_id, role, id FROM party WHERE matter_id = ANY(%s) ORDER BY id DESC",
                [list(lives)],
            )
            for matter, role, party in cursor.fetchall():
                lives[matter].records[role] = party
        for matter, life in lives.items():
            life.matter = matter

    def _step(self, step: Step, lives: Sequence[Life]) -> None:
        taking = [life for life in lives if life.takes(step, self.today)]
        by_officer: dict[str, list[Life]] = defaultdict(list)
        for life in taking:
            by_officer[life.officer(step, self._holders)].append(life)
        for officer, theirs in by_officer.items():
            for chunk in _chunks(theirs, DONE_TOGETHER):
                self._do(step, officer, chunk)

    def _do(self, step: Step, officer: str, lives: Sequence[Life]) -> None:
        with acting_as(officer) as acting:
            if step.task:
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


def _chunks(lives: Sequence[Life], size: int) -> Iterator[Sequence[Life]]:
    for start in range(0, len(lives), size):
        yield lives[start : start + size]


def _noon(day: date | None) -> datetime:
    assert day is not None
    return datetime.combine(day, time(12), BEIJING)
