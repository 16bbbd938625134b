"""The demo's matters: one handled from filing to archive before the reader's eyes, and some left on their way.

Everything goes through the actions, each as the officer whose task it is. Nothing is written beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from lianban.actions.act_on_matter import Act, act_on_matters
from lianban.actions.complete_task import Completion, complete_tasks
from lianban.actions.confirm_hit import confirm_hit
from lianban.actions.open_matter import Opening, open_matter
from lianban.actions.read_answer import read_answer
from lianban.actions.recall_answer import recall_answer
from lianban.actions.withdraw_letter import withdraw_letter
from lianban.doors.cli import doubts
from lianban.doors.cli.officers import acting_as
from lianban.doors.cli.speaking import say
from lianban.engines.scenes.city import City, load_city, username
from lianban.engines.scenes.samples import SampleMatter, Samples, load_samples
from lianban.records import collisions, inbox, matter_view, scenes
from lianban.records.directory import directory
from lianban.records.matter_view import StepLine

SCENE = "assistance"
# The officers of the court who act in the demo, by role; a unit's are found by its code.
COURT = {"clerk": "court.clerk", "judge": "court.judge", "seal_keeper": "court.seal_keeper"}
UNIT = {"liaison": "liaison", "handler": "handler_1"}


@dataclass(frozen=True, slots=True)
class Handled:
    matter: UUID
    number: str
    letters: int
    answers: dict[str, int]
    acts: int
    seconds: float


class Demonstration:
    """Plays officers of the demo city."""

    def __init__(self) -> None:
        self.city: City = load_city(settings.SCENES / "city.yaml")
        self.samples: Samples = load_samples(scenes.scene(SCENE), self.city, Path(settings.SCENES) / SCENE)
        self.acts = 0

    def open(self, sample: SampleMatter, at: datetime | None = None) -> UUID:
        self.acts += 1
        with acting_as(COURT["clerk"]) as acting:
            return open_matter(acting, SCENE, Opening(sample.data, occurred_at=at))

    def steps(self, matter: UUID) -> list[StepLine]:
        with acting_as(COURT["judge"]), connection.cursor() as cursor:
            return [step for step in matter_view.steps(cursor, matter) if step.state == "open"]

    def complete(
        self, officer: str, tasks: Sequence[UUID], data: Mapping[str, Any], at: datetime | None = None
    ) -> None:
        self.acts += len(tasks)
        with acting_as(officer) as acting:
            complete_tasks(acting, [Completion(task, data, at) for task in tasks])

    def court_does(
        self, matter: UUID, element: str, role: str, data: Mapping[str, Any], at: datetime | None = None
    ) -> int:
        """Every open task of the court at one element, in one act."""
        found = [step.id for step in self.steps(matter) if step.element == element]
        if found:
            self.complete(COURT[role], found, data, at)
        return len(found)

    def results(self, matter: UUID) -> dict[str, int]:
        """How the letters of a matter were answered, by result."""
        with acting_as(COURT["judge"]), connection.cursor() as cursor:
            found: dict[str, int] = {}
            for line in inbox.letters_of(cursor, matter):
                if line.result:
                    found[line.result] = found.get(line.result, 0) + 1
            return found

    def unit_of(self, step: StepLine) -> str:
        with acting_as(COURT["judge"]), connection.cursor() as cursor:
            return directory(cursor).agencies[step.agency].code

    def unit_signs(self, step: StepLine, at: datetime | None = None) -> None:
        self.complete(username(self.unit_of(step), UNIT["liaison"]), [step.id], {}, at)

    def unit_routes(self, step: StepLine, at: datetime | None = None) -> None:
        self.complete(username(self.unit_of(step), UNIT["liaison"]), [step.id], {"handler": "handler_1"}, at)

    def unit_answers(self, step: StepLine, number: int, at: datetime | None = None, result: str = "") -> str:
        officer = username(self.unit_of(step), UNIT["handler"])
        with acting_as(officer) as acting, connection.cursor() as cursor:
            assert step.letter is not None
            letter = inbox.letter_line(cursor, step.letter)
            assert letter is not None
            moment = at or acting.now
            waiting = [
                hit.id for hit in collisions.hits_of_letter(cursor, letter.id) if hit.state == "pending"
            ]
            data = self.samples.answer(
                letter.kind,
                letter.left,
                signer="局领导",
                now=moment.astimezone(UTC),
                number=number,
                result=result,
            )
        # A hit whose name differs is decided before its letter is answered.
        for hit in waiting:
            with acting_as(officer) as acting:
                confirm_hit(acting, hit, False, "同号不同人，经核对排除")
        self.complete(officer, [step.id], data, at)
        return str(data["result"])


def handle_one(demo: Demonstration, tell: Callable[[str, str], None] = say) -> Handled:
    """The main job: a matter filed, asked about in thirty-one agencies, answered by all, closed."""
    began, acts = datetime.now(UTC), demo.acts
    sample = next(demo.samples.matters(began.astimezone().year))
    matter = demo.open(sample)
    with acting_as(COURT["clerk"]), connection.cursor() as cursor:
        head = matter_view.head(cursor, matter)
        assert head is not None
    units = len(sample.data["units"])
    tell(f"① 立案登记：{head.number}，书记员起草发往 {units} 个单位的协助调查函",
         f"1. Filed: {head.number}; the clerk drafts letters to {units} agencies")  # fmt: skip
    demo.court_does(matter, "draft", "clerk", {})
    demo.court_does(matter, "approve", "judge", {"decision": "approve"})
    tell(
        f"② 法官审批，印章管理员签章：{units} 份函各有文号",
        "2. The judge approves, the seal is set: each letter has its number",
    )
    demo.court_does(matter, "seal", "seal_keeper", {"checked": True})
    steps = [step for step in demo.steps(matter) if step.element == "sign"]
    at_once = units - len(steps)
    tell(
        f"③ 已送达 {units} 个单位：{at_once} 个由登记库即时应答，{len(steps)} 个由联络员签收并分办",
        f"3. Delivered to {units} agencies: the registries of {at_once} answer at once, {len(steps)} sign and route it",
    )
    for step in steps:
        demo.unit_signs(step)
    for step in demo.steps(matter):
        if step.element == "route":
            demo.unit_routes(step)
    steps = [step for step in demo.steps(matter) if step.element == "answer"]
    for number, step in enumerate(steps):
        demo.unit_answers(step, number)
    answers = demo.results(matter)
    said = "、".join(f"{_RESULTS[key][0]} {count}" for key, count in sorted(answers.items()))
    said_en = ", ".join(f"{_RESULTS[key][1]} {count}" for key, count in sorted(answers.items()))
    tell(
        f"④ 承办人反馈 {len(steps)} 份，连同登记库应答：{said}",
        f"4. {len(steps)} answers by people, with the registries': {said_en}",
    )
    checked = demo.court_does(matter, "check", "judge", {"decision": "accept"})
    tell(
        f"⑤ 法官核验通过 {checked} 份（一次提交），计数归零，流程汇合",
        f"5. The judge accepts {checked} in one act; the branches are counted in",
    )
    demo.court_does(matter, "archive", "clerk", {"summary": "各单位均已反馈，结果已入卷。"})
    with acting_as(COURT["clerk"]), connection.cursor() as cursor:
        closed = matter_view.head(cursor, matter)
        assert closed is not None
    tell(
        f"⑥ 归档，事项{'已办结' if closed.state == 'closed' else closed.state}",
        f"6. Archived; the matter is {closed.state}",
    )
    seconds = (datetime.now(UTC) - began).total_seconds()
    return Handled(matter, head.number, units, answers, demo.acts - acts, seconds)


_RESULTS = {"yes": ("有", "found"), "no": ("无", "nothing"), "partial": ("部分", "in part"),
            "supplement": ("需补正", "to complete"), "objection": ("异议", "objection")}  # fmt: skip


def leave_on_their_way(demo: Demonstration, progress: Callable[[], None] = lambda: None) -> int:
    """The usual matters of the city, each stopped at another station, some of them weeks ago: so that every
    state, and some overdue letters, can be seen. Of those that wait for the court, some letters take another turn."""
    now = datetime.now(UTC)
    samples = list(demo.samples.matters(now.year))[1:]
    at_check = []
    for number, sample in enumerate(samples):
        matter = _part_way(demo, sample, number, now)
        if number % 8 in (5, 6):
            at_check.append(matter)
        progress()
    _other_turns(demo, at_check)
    _doubtful(demo, samples[-1])
    return len(samples) + 1


def _other_turns(demo: Demonstration, matters: Sequence[UUID]) -> None:
    """Letters whose answers wait to be checked: the first of them is answered anew, the next its unit takes back, the third
    the court completes, the fourth it withdraws."""
    waiting = [step for matter in matters for step in demo.steps(matter) if step.element == "check"]
    for turn, step in zip(("return", "recall", "amend", "withdraw"), waiting, strict=False):
        assert step.letter is not None
        if turn == "recall":
            _recall(step)
        elif turn == "withdraw":
            with acting_as(COURT["clerk"]) as acting:
                withdraw_letter(acting, step.letter, "所问事项已由当事人提交")
        else:
            said = {"decision": turn, "remark": "请补充基准日" if turn == "return" else "补充被执行人曾用名"}
            demo.complete(COURT["judge"], [step.id], said)


def _doubtful(demo: Demonstration, like: SampleMatter) -> None:
    """Registries that find what does not quite fit: of each kind of hit one is confirmed, one rejected, one left to a
    person; then the judge lets the registries be asked at night, and once at once."""
    matter = demo.open(replace(like, data=doubts.doubtful(like.data, demo.city)))
    demo.court_does(matter, "draft", "clerk", {})
    demo.court_does(matter, "approve", "judge", {"decision": "approve"})
    demo.court_does(matter, "seal", "seal_keeper", {"checked": True})
    demo.acts += doubts.decide(matter, UNIT["liaison"])
    warrant = {
        "kind": "standing", "legal_basis": doubts.BASIS, "questions": ["vehicles", "real_estate", "tax", "bank_accounts"],
        "days": 90, "quota": 600, "reason": "被执行人可能另购车辆、另有退税，夜间查询",
    }  # fmt: skip
    with acting_as(COURT["judge"]) as acting:
        (issued,) = act_on_matters(acting, [Act(matter, "issue_warrant", warrant)])
        act_on_matters(acting, [Act(matter, "collide_now", {"reason": "申请人称被执行人新购车辆"}, issued)])
    demo.acts += 2


def _recall(step: StepLine) -> None:
    """The judge read it; then the unit finds its answer wrong and takes it back, and the judge is told."""
    with acting_as(COURT["judge"]) as acting, connection.cursor() as cursor:
        sent = next(one for one in matter_view.answers(cursor, letter=step.letter) if one.state == "sent")
        read_answer(acting, [sent])
        unit = directory(cursor).agencies[sent.agency].code
    with acting_as(username(unit, UNIT["handler"])) as acting:
        recall_answer(acting, sent.id, "同名误查，撤回重答")


def count_samples(demo: Demonstration) -> int:
    return len(list(demo.samples.matters(2026))) - 1


def _part_way(demo: Demonstration, sample: SampleMatter, number: int, now: datetime) -> UUID:
    """Station 0 is the draft, 7 the archive; the age in days grows with the number."""
    station = number % 8
    at = now - timedelta(days=(2, 9, 24)[number % 3] + number / 10)
    hour = timedelta(hours=1)
    matter = demo.open(sample, at)
    if station >= 1:
        demo.court_does(matter, "draft", "clerk", {}, at + hour)
    if station >= 2:
        demo.court_does(matter, "approve", "judge", {"decision": "approve"}, at + 2 * hour)
    if station < 3:
        return matter
    demo.court_does(matter, "seal", "seal_keeper", {"checked": True}, at + 3 * hour)
    for index, step in enumerate(demo.steps(matter)):
        if step.element != "sign" or (station == 3 and index % 2):
            continue
        demo.unit_signs(step, at + 4 * hour)
    if station < 5:
        return matter
    for step in demo.steps(matter):
        if step.element == "route":
            demo.unit_routes(step, at + 5 * hour)
    for index, step in enumerate(demo.steps(matter)):
        if step.element == "answer" and (station > 5 or index % 2 == 0):
            demo.unit_answers(step, number * 100 + index, at + 28 * hour)
    if station >= 7:
        demo.court_does(matter, "check", "judge", {"decision": "accept"}, at + 30 * hour)
        demo.court_does(
            matter, "archive", "clerk", {"summary": "各单位均已反馈，结果已入卷。"}, at + 31 * hour
        )
    return matter
