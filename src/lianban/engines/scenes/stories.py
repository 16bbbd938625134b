"""Stories: how the sample matters of a scene live, step by step, as its ``demo/stories.yaml`` says.

A story has a count, days before today on which its matters were opened, data for the matter form, and steps, each so many days
after the opening. A step whose day has not come is not done: so the matters rest at every station. A step is a task
of the drawing (or one that an act asked for), or an act::

    seed: 20260302
    numbers: 执                                # their numbers are of the year they were opened in; absent: as they come
    data: {case: {…}}                          # what several stories share, by name
    beginnings: {usual: [{after: 1, …}]}
    stories:
      - code: frozen
        zh: 冻结存款
        en: A deposit is frozen
        count: 200
        opened: [5, 360]                       # days before today, drawn for each matter
        draws: {bank: {one_of: [central_bank]}, claim: {fen: [500000, 9000000]}}
        data: {cause: 买卖合同纠纷, claim: {principal: {drawn: claim}}, …}
        steps:
          - {after: 1, by: court.clerk, task: accept, data: {handler: court.judge}}
          - {after: 4, by: court.judge, act: record_asset, as: account, data: {kind: deposit, unit: {drawn: bank}, …}}
          - {after: 4, by: court.judge, act: order_measure, about: account, as: freeze, data: {…}}
          - {after: 5, by: "{bank}.liaison", task: measure_service, about: freeze}

``by`` is an officer of the city; ``{name}`` in it is a draw, ``*`` at its end spreads matters over all who hold the post. ``chance`` is
the percentage of matters that take a step; ``stop: true`` ends a matter's story where it does not; ``only: {end: [paid]}``
leaves it to the matters whose draw ``end`` is one of these. A step may also be a ``move`` of the matter or of its open task:
see :class:`Move`. Steps stand in the order of their days. The first matter of a story is the oldest and takes every step it
may, so that even one matter tells the whole of it. ``opened`` may be a list of ranges, one for each matter in turn. Beside the draws of
:mod:`.samples` a value may be::

    {drawn: name}          a draw of the story      {record: name}        the record a step kept under ``as``
    {fen: [low, high]}     money, in whole yuan     {percent: 40, of: claim}   of a draw that is money
    {day: 30}              a day after the opening  {at: [30, "10:00"]}   an instant
    {serial: 6222}         a text that is one matter's alone; {serial: 6222, shared: 2} is shared by so many matters
    {each_of: [a, b, c]}   the first for the first matter, the second for the second …; however small the city is made, there
                           are as many matters as the longest such list of the story needs

So that a city can be asked whether it shows all there is, the file may say ``listed`` (columns whose words a form lists:
``{table, column, form, field}``) and ``not_shown`` (what no city can show: ``{items: [...], zh, en}`` with the reason).
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID

from lianban.engines.forms import Words
from lianban.engines.process.timers import BEIJING
from lianban.engines.scenes.city import City
from lianban.engines.scenes.model import Scene
from lianban.engines.scenes.problems import SceneRefused
from lianban.engines.scenes.reading import Entry, Findings, plain, read_entry, refer
from lianban.engines.scenes.samples import Draw

FILE = "demo/stories.yaml"


class Move(StrEnum):
    """What may be done with a matter, or with its open task, beside completing it. ``data`` holds what each needs."""

    WITHDRAW = "withdraw"  # reason
    HOLD = "hold"  # task, until (days from today), reason
    SEND_BACK = "send_back"  # task, reason
    ASK_COUNTERSIGN = "ask_countersign"  # task, posts
    COUNTERSIGN = "countersign"  # task, agrees, remark


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a story. One of ``task``, ``act`` and ``move`` is given; a move of a task names it in its data."""

    after: int
    by: str
    task: str
    act: str
    about: str
    keep: str
    data: Any
    chance: int
    stop: bool
    line: int
    move: Move | None = None
    only: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Story:
    """A kind of matter, how many there are, and what happens to each."""

    code: str
    title: Words
    count: int
    opened: tuple[tuple[int, int], ...]
    draws: Mapping[str, Any]
    data: Any
    steps: tuple[Step, ...]
    # Days from the opening to the closing of matters that were closed before they came here; they have no steps.
    closed: tuple[int, int] | None = None
    # How those were closed, as a register tells it: ``mode``, ``ground``, ``ruling_no``, ``recovered_fen``.
    closing: Any = None

    @property
    def least(self) -> int:
        """How many matters it takes to show every choice of every ``each_of``."""
        parts = (self.draws, self.data, self.closing, *(step.data for step in self.steps))
        return max(len(self.opened), *map(_longest, parts))


class Life:
    """One matter of a story: what was drawn for it, and the records its steps have kept so far."""

    def __init__(self, draw: StoryDraw, story: Story, index: int, today: date) -> None:
        self.story, self.index, self._draw = story, index, draw
        self.chances = random.Random(f"{draw.seed}/{story.code}/{index}")  # noqa: S311  repeatable, not secret
        days = sorted(story.opened[index % len(story.opened)])
        age = self.chances.randint(*days)
        self.opened = today - timedelta(days=days[1] if index < len(story.opened) else age)
        self.records: dict[str, UUID] = {}
        self.stopped = False
        self.matter: UUID | None = None
        self.drawn: dict[str, Any] = {}
        for name, template in story.draws.items():
            self.drawn[name] = self.value(template)
        self.data = self.value(story.data)

    def value(self, template: Any) -> Any:
        """A template with everything drawn."""
        return self._draw.of(self, template)

    @property
    def closed_on(self) -> date | None:
        """The day a matter of the past was closed; None for one that lives here."""
        if self.story.closed is None:
            return None
        draw = random.Random(f"{self.story.code}/{self.index}")  # noqa: S311
        return self.opened + timedelta(days=draw.randint(*self.story.closed))

    def day(self, after: int) -> date:
        return self.opened + timedelta(days=after)

    def moment(self, after: int, hour: time = time(9, 30)) -> datetime:
        return datetime.combine(self.day(after), hour, BEIJING)

    def officer(self, step: Step, holders: Mapping[str, int]) -> str:
        """Who takes the step. ``*`` spreads the matters over those who hold the post."""
        name = step.by.format(**self.drawn)
        if not name.endswith("*"):
            return name
        name = name[:-1]
        number = self.index % max(holders.get(name, 1), 1)
        return name if number == 0 else f"{name}.{number + 1}"

    def takes(self, step: Step, today: date) -> bool:
        """Whether this matter takes the step by today."""
        if self.stopped or self.matter is None or self.day(step.after) > today:
            return False
        if step.about and step.about not in self.records:
            return False
        if any(self.drawn.get(name) not in values for name, values in step.only.items()):
            return False
        taken = self.chances.random() * 100 < step.chance or (self.index == 0 and step.chance > 0)
        if not taken and step.stop:
            self.stopped = True
        return taken


class StoryDraw(Draw):
    """Draws of samples, and those that know the matter they are for."""

    def __init__(self, scene: Scene, city: City, seed: int, year: int) -> None:
        super().__init__(scene, city, seed, year)
        self.seed = seed
        self._life: Life | None = None
        self._serials: dict[str, int] = {}
        self._numbers: dict[tuple[str, int], int] = {}

    def of(self, life: Life, template: Any) -> Any:
        self._life = life
        return self.value(template)

    def value(self, template: Any) -> Any:
        life = self._life
        assert life is not None
        match template:
            case {"drawn": str(name)}:
                return life.drawn[name]
            case {"record": str(name)}:
                return str(life.records[name])
            case {"fen": [int(low), int(high)]}:
                return life.chances.randint(low // 100, high // 100) * 100
            case {"percent": int(percent), "of": str(name)}:
                return life.drawn[name] * percent // 100
            case {"day": int(after)}:
                return life.day(after).isoformat()
            case {"at": [int(after), str(hour)]}:
                return life.moment(after, time.fromisoformat(hour)).isoformat()
            case {"serial": head, **rest}:
                return self._serial(str(head), int(str(rest.get("shared", 1))))
            case {"each_of": list(choices)}:
                return self.value(choices[life.index % len(choices)])
            case {"one_of": list(choices)}:
                return self.value(life.chances.choice(choices))
            case {"case_number": str(kind)}:
                year = life.opened.year
                self._numbers[kind, year] = self._numbers.get((kind, year), 0) + 1
                return f"（{year}）{self.court}{kind}{self._numbers[kind, year]}号"
        return super().value(template)

    def _serial(self, head: str, shared: int) -> str:
        count = self._serials.get(head, 0)
        self._serials[head] = count + 1
        return f"{head}{count // shared + 1:06d}"


@dataclass(frozen=True)
class Stories:
    """A scene's ``demo/stories.yaml``, ready to draw from."""

    scene: Scene
    city: City
    seed: int
    stories: tuple[Story, ...]
    # Columns whose words a form of the scene lists: table, column, form, field.
    listed: tuple[tuple[str, str, str, str], ...] = ()
    # What cannot be shown, by the item's code, and why.
    not_shown: Mapping[str, Words] = field(default_factory=dict)
    # The word in the numbers of its matters, where each bears one of the year it was opened in; otherwise they are numbered
    # as they come.
    numbers: str = ""

    def lives(self, today: date, scale: float = 1.0) -> Iterator[Life]:
        """Every matter of every story, the earliest story first. ``scale`` makes a smaller or larger city."""
        draw = StoryDraw(self.scene, self.city, self.seed, today.year)
        for story in self.stories:
            for index in range(max(round(story.count * scale), story.least)):
                yield Life(draw, story, index, today)

    def holders(self) -> dict[str, int]:
        """How many hold each post, by the user name of the first."""
        return {
            f"{agency.code}.{post.code}": post.officers
            for agency in self.city.agencies.values()
            for post in agency.posts
        }


def load_stories(scene: Scene, city: City, folder: Path | str) -> Stories:
    """The stories of the scene in ``folder``. Raises :class:`SceneRefused` with every problem of the file."""
    findings = Findings()
    head = read_entry(Path(folder) / FILE, FILE, findings)
    stories: list[Story] = []
    seed = 0
    listed: tuple[tuple[str, str, str, str], ...] = ()
    not_shown: dict[str, Words] = {}
    numbers = ""
    if head is not None:
        head.only("seed", "numbers", "data", "beginnings", "stories", "listed", "not_shown")
        listed = tuple(_listed(entry, scene) for entry in head.entries("listed", required=False))
        for entry in head.entries("not_shown", required=False):
            entry.only("items", "zh", "en")
            not_shown |= dict.fromkeys(_texts(entry, "items"), entry.words())
        seed = head.whole("seed", least=0, most=2**31)
        numbers = head.text("numbers", default="")
        templates = head.entry("data", required=False)
        beginnings = head.entry("beginnings", required=False)
        begins: dict[str, tuple[Step, ...]] = {}
        for name in beginnings.data if beginnings else ():
            assert beginnings is not None
            begins[str(name)] = tuple(_step(entry, scene, set()) for entry in beginnings.entries(str(name)))
        stories = [
            _story(entry, scene, plain(templates.data) if templates else {}, begins)
            for entry in head.entries("stories", required=False)
        ]
        if not numbers and any(story.closed is not None for story in stories):
            head.note(
                "numbers",
                "有已结旧案（closed），应写“numbers”，即案号中的字，如“执”。",
                'Matters of the past (closed) bear numbers: say "numbers", the word in them.',
            )
    if findings:
        raise SceneRefused.of(scene.name, findings.problems)
    return Stories(scene, city, seed, tuple(stories), listed, not_shown, numbers)


def _story(
    entry: Entry, scene: Scene, templates: Mapping[str, Any], beginnings: Mapping[str, tuple[Step, ...]]
) -> Story:
    """``data`` is a template, or the name of one under the file's ``data``; ``begins`` names steps under ``beginnings``."""
    entry.only("code", "zh", "en", "count", "opened", "closed", "closing", "draws", "data", "begins", "steps")
    opened = _ages(entry)
    closed = _days(entry, "closed") if "closed" in entry.data else None
    draws = entry.entry("draws", required=False)
    steps = list(beginnings.get(_named(entry, "begins", beginnings), ()))
    kept = {step.keep for step in steps if step.keep}
    for one in entry.entries("steps", required=False):
        step = _step(one, scene, kept)
        if steps and step.after < steps[-1].after:
            one.note("after", "各步应按日期先后排列。", "Steps stand in the order of their days.")
        kept |= {step.keep} if step.keep else set()
        steps.append(step)
    if isinstance(entry.data.get("data"), str):
        data = templates.get(_named(entry, "data", templates), {})
    else:
        given = entry.entry("data")
        data = plain(given.data) if given else {}
    return Story(
        entry.code(), entry.words(), entry.whole("count", least=1, most=1_000_000), opened,
        plain(draws.data) if draws else {}, data, tuple(steps), closed, plain(entry.data.get("closing")),
    )  # fmt: skip


def _texts(entry: Entry, key: str) -> tuple[str, ...]:
    found = entry.data.get(key)
    if isinstance(found, list) and found and all(isinstance(one, str) and one for one in found):
        return tuple(str(one) for one in found)
    entry.note(key, f"“{key}”应为若干文字。", f'"{key}" is a list of texts.')
    return ()


def _longest(template: Any) -> int:
    """The longest ``each_of`` in a template."""
    match template:
        case {"each_of": list(choices)}:
            return max(len(choices), *map(_longest, choices))
        case Mapping():
            return max(map(_longest, template.values()), default=1)
        case list():
            return max(map(_longest, template), default=1)
    return 1


def _listed(entry: Entry, scene: Scene) -> tuple[str, str, str, str]:
    entry.only("table", "column", "form", "field")
    table, column, form, name = (entry.text(key) for key in ("table", "column", "form", "field"))
    refer(entry, "form", (form,), scene.forms, "表单", "a form")
    known = scene.forms[form].schema.get("properties", {}) if form in scene.forms else {}
    if "enum" not in known.get(name, {}):
        entry.note(
            "field", f"表单“{form}”的“{name}”没有选项。", f'"{name}" of the form "{form}" lists no words.'
        )
    return table, column, form, name


def _named(entry: Entry, key: str, known: Collection[str]) -> str:
    name = entry.text(key, default="")
    if name:
        refer(entry, key, (name,), known, "共用部分", "a part to share")
    return name


def _ages(entry: Entry) -> tuple[tuple[int, int], ...]:
    """``opened``: one range of days before today, or one for each matter in turn."""
    days = entry.data.get("opened")
    if isinstance(days, list) and days and all(isinstance(one, list) for one in days):
        ranges = [
            _days(Entry(entry.file, entry.line, {"opened": one}, entry.findings), "opened") for one in days
        ]
        return tuple(ranges)
    return (_days(entry, "opened"),)


def _days(entry: Entry, key: str) -> tuple[int, int]:
    days = entry.data.get(key)
    if isinstance(days, list) and len(days) == 2 and all(isinstance(day, int) and day >= 0 for day in days):
        return int(days[0]), int(days[1])
    entry.note(key, f"“{key}”应为两个天数，如 [5, 360]。", f'"{key}" is two numbers of days, like [5, 360].')
    return (0, 0)


def _step(entry: Entry, scene: Scene, kept: set[str]) -> Step:
    entry.only("after", "by", "task", "act", "move", "about", "as", "data", "chance", "stop", "only")
    task, act, about = (entry.text(key, default="") for key in ("task", "act", "about"))
    move = entry.choice("move", Move) if "move" in entry.data else None
    if sum(map(bool, (task, act, move))) != 1:
        entry.note(
            None, "一步写 task、act、move 之一。", "A step has a task, an act or a move, one of the three."
        )
    only = plain(entry.data.get("only") or {})
    if not isinstance(only, Mapping) or not all(isinstance(values, list) for values in only.values()):
        entry.note("only", "“only”应为 {抽取名: [值]}。", '"only" is {draw: [values]}.')
        only = {}
    if act and act not in scene.acts:
        entry.note("act", f"场景没有办理事项“{act}”。", f'The scene has no act "{act}".')
    if about and about not in kept:
        entry.note(
            "about", f"前面没有以“{about}”保留的记录。", f'No step before keeps a record as "{about}".'
        )
    given = entry.entry("data", required=False)
    return Step(
        entry.whole("after", least=0, most=10_000), entry.text("by"), task, act, about, entry.text("as", default=""),
        plain(given.data) if given else {}, entry.whole("chance", least=0, most=100) if "chance" in entry.data else 100,
        entry.data.get("stop") is True, entry.line, move, {str(name): tuple(values) for name, values in only.items()},
    )  # fmt: skip
