"""Rehearses a scene's tests: sentences of given, when and then, played on its own drawing and forms.

No database and no wall clock: the process engine's simulation stands in for the kernel, the forms check what
is filled in, and the clocks count in the published calendar. A file of ``tests/`` holds a list of::

    - title: {zh: 法官退回后重新起草, en: Drafted again after the judge returns it}
      given:
        at: 2026-03-02 09:00                 # Beijing time
        units: [tax, police]                 # any other key is a variable of the process, or
        form: {…}                            # the matter form, checked, whose fields become variables
        kernel: {registries.answer: {by_registry: all}}   # what a service says when the drawing calls it
      when:
        - {by: 书记员, do: 起草函件}            # a role and a step, by code or by Chinese name
        - {by: 法官, do: 审批, fill: {decision: return}, refused: 退回理由}
        - {by: 法官, do: 审批, fill: {decision: return, remark: 缺少法律依据}}
        - {by: 联络员, of: tax, do: 签收}        # `of` is the unit of a branch
        - {until: 2026-03-20 09:00}           # time passes, timers fire
        - {withdraw: tax}                     # the branch of a unit is withdrawn
        - {send_back: 审批, to: 起草函件}       # returned to an earlier step, by hand
        - then: {waiting: {起草函件: 1}}        # looked at on the way
      then:
        waiting: {起草函件: 1}                 # exactly these steps wait: how many, or at which units
        stages: [起草]                        # exactly these stages are lit
        called: {letters.remind: 2}           # how often the kernel was asked, so far
        due: {办理反馈: 2026-03-16}            # when the clock of every such waiting step ends
        ended: false
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any

from lianban.engines.clocks import ClockBook
from lianban.engines.clocks.moments import end_of_day
from lianban.engines.errors import LianbanError
from lianban.engines.forms import Words
from lianban.engines.process import BranchCancelled, RowState, ScopeKind, Simulation, TaskRow, TimerSpec
from lianban.engines.scenes.decisions import decide
from lianban.engines.scenes.model import Scene
from lianban.engines.scenes.problems import SceneRefused, nearest
from lianban.engines.scenes.reading import Entry, Findings, plain, read_yaml

BEIJING = timezone(timedelta(hours=8))
GIVEN = ("at", "form", "kernel")
STEPS: Mapping[str, tuple[str, ...]] = {
    "do": ("by", "of", "do", "fill", "refused"),
    "until": ("until",),
    "withdraw": ("withdraw",),
    "send_back": ("send_back", "to", "of"),
    "then": ("then",),
}
THEN = ("waiting", "stages", "called", "due", "ended")


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """The outcome of one test. ``failure`` is ``None`` when everything was as the test says."""

    title: Words
    file: str
    line: int
    failure: Words | None = None
    failed_at: int = 0  # the line of the sentence that did not hold

    @property
    def passed(self) -> bool:
        return self.failure is None


class _Failed(Exception):
    """A sentence did not hold. Internal: becomes the ``failure`` of a :class:`Rehearsed`."""

    def __init__(self, line: int, zh: str, en: str) -> None:
        self.line, self.words = line, Words(zh, en)


def rehearse(scene: Scene, folder: Path | str) -> list[Rehearsed]:
    """Play every test in ``folder``/tests. Raises :class:`SceneRefused` if a test cannot be understood."""
    findings = Findings()
    examples = [
        entry for path in sorted(Path(folder).glob("tests/*.yaml")) for entry in _read(path, findings)
    ]
    for entry in examples:
        _check_shape(entry)
    if findings:
        raise SceneRefused.of(scene.name, findings.problems)
    return [_play(scene, entry) for entry in examples]


def _read(path: Path, findings: Findings) -> list[Entry]:
    file = f"tests/{path.name}"
    loaded = read_yaml(path, file, findings)
    if not isinstance(loaded, list):
        if loaded is not None:
            findings.note(file, 1, "测试文件应为列表。", "A file of tests must hold a list.")
        return []
    return Entry(file, 1, {"tests": loaded}, findings).entries("tests")


def _check_shape(entry: Entry) -> None:
    entry.only("title", "given", "when", "then")
    entry.words("title")
    given = entry.entry("given")
    if given is not None and not isinstance(given.data.get("at"), str | datetime):
        given.note(
            "at", "缺少“at”（开始时刻，北京时间）。", '"at" is missing: when it begins, in Beijing time.'
        )
    for step in entry.entries("when", required=False):
        kind = next((key for key in STEPS if key in step.data), None)
        if kind is None:
            step.note(None, f"一步应有 {'、'.join(STEPS)} 之一。", f"A step needs one of {', '.join(STEPS)}.")
            continue
        step.only(*STEPS[kind])
        if kind == "then" and (inner := step.entry("then")):
            inner.only(*THEN)
    if (then := entry.entry("then", required=False)) is not None:
        then.only(*THEN)
    elif not any("then" in step for step in entry.data.get("when", ()) if isinstance(step, Mapping)):
        entry.note(None, "没有写“then”：什么也没有检查。", 'There is no "then": nothing is checked.')


def _play(scene: Scene, entry: Entry) -> Rehearsed:
    title = entry.words("title")
    try:
        _Play(scene, entry).run()
    except _Failed as failed:
        return Rehearsed(title, entry.file, entry.line, failed.words, failed.line)
    return Rehearsed(title, entry.file, entry.line)


@dataclass
class _Play:
    """One test under way."""

    scene: Scene
    entry: Entry
    opened: dict[Any, datetime] = field(default_factory=dict)  # token → when its task opened, for its clock

    def run(self) -> None:
        given = self.entry.entry("given")
        assert given is not None
        values = plain(given.data)
        start = self.moment(given, "at", given.data["at"])
        if (form := values.get("form")) is not None:
            self.told(given, "form", lambda: self.scene.forms[self.scene.matter_form].check(form, demo=True))
        variables = {key: value for key, value in values.items() if key not in GIVEN} | (form or {})
        said: Mapping[str, Any] = values.get("kernel") or {}
        self.simulation = self.told(
            given,
            None,
            lambda: Simulation(
                self.scene.process.graph,
                start,
                variables,
                due=_due,
                decide=self.decide,
                services=lambda call: said.get(call.type, {}),
            ),
        )
        self.watch()
        for step in self.entry.entries("when", required=False):
            self.step(step)
            self.watch()
        if (then := self.entry.entry("then", required=False)) is not None:
            self.compare(then)

    # --- when ---------------------------------------------------------------------------------------

    def step(self, step: Entry) -> None:
        if "do" in step.data:
            self.complete(step)
        elif "until" in step.data:
            moment = self.moment(step, "until", step.data["until"])
            if moment < self.simulation.now:
                raise _Failed(step.line, "时间不能倒流。", "Time cannot run backwards.")
            self.told(step, "until", lambda: self.simulation.advance(moment))
        elif "withdraw" in step.data:
            scope = self.branch(step, step.data["withdraw"])
            self.told(step, "withdraw", lambda: self.simulation.feed(BranchCancelled(scope)))
        elif "send_back" in step.data:
            source, target = self.element(step, "send_back"), self.element(step, "to")
            item = step.data.get("of")
            self.told(step, "send_back", lambda: self.simulation.send_back(source, target, item=item))
        elif (then := step.entry("then")) is not None:
            self.compare(then)

    def complete(self, step: Entry) -> None:
        element, item, fill = self.element(step, "do"), step.data.get("of"), plain(step.data.get("fill", {}))
        refused = step.data.get("refused")
        try:
            task = self.simulation.task(element, item)
            self.check_role(step, task)
            if task.form:
                self.scene.forms[task.form].check(fill, demo=True)
            self.simulation.complete(element, fill, item=item)
        except LianbanError as error:
            if refused is None:
                raise _failure(step.line_of("do"), error) from error
            if refused not in error.text("zh") and refused not in error.text("en"):
                raise _Failed(
                    step.line_of("refused"),
                    f"应以“{refused}”被拒绝，实际的理由是：{error.text('zh')}",
                    f'Should be refused for "{refused}"; the reason was: {error.text("en")}',
                ) from error
            return
        if refused is not None:
            raise _Failed(
                step.line_of("refused"),
                f"应当被拒绝（{refused}），却办成了。",
                f"Should be refused ({refused}) and was not.",
            )

    def check_role(self, step: Entry, task: TaskRow) -> None:
        given = step.text("by")
        code = next((r.code for r in self.scene.roles.values() if given in (r.code, r.title.zh)), given)
        if task.role != code:
            names = {role.code: role.title.zh for role in self.scene.roles.values()}
            raise _Failed(
                step.line_of("by"),
                f"“{task.name}”由{names.get(task.role, task.role)}办理，不是{given}。",
                f'"{task.name}" belongs to {task.role}, not to {code}.',
            )

    # --- then ---------------------------------------------------------------------------------------

    def compare(self, then: Entry) -> None:
        for key in then.data:
            getattr(self, f"_{key}")(then)

    def _waiting(self, then: Entry) -> None:
        wanted = self.by_element(then, "waiting")
        found: dict[str, list[Any]] = {}
        for task in self.simulation.tasks:
            found.setdefault(task.element, []).append(task.branch_item)
        same = set(wanted) == set(found) and all(
            len(units) == wanted[element]
            if isinstance(wanted[element], int)
            else Counter(map(str, units)) == Counter(map(str, wanted[element]))
            for element, units in found.items()
        )
        if not same:
            shown = "、".join(f"{self.name(e)} {_units(units)}" for e, units in found.items()) or "（无）"
            raise _Failed(then.line_of("waiting"), f"实际在等待的是：{shown}。", f"What waits is: {shown}.")

    def _stages(self, then: Entry) -> None:
        titles = {stage.title.zh: stage.code for stage in self.scene.stages}
        wanted = {titles.get(str(stage), str(stage)) for stage in then.data["stages"]}
        graph = self.scene.process.graph
        found = {graph.stage_of(token.element) for token in self.simulation.state.tokens.values()} - {None}
        if wanted != found:
            shown = "、".join(sorted(str(stage) for stage in found)) or "（无）"
            raise _Failed(
                then.line_of("stages"), f"实际亮起的阶段是：{shown}。", f"The stages lit are: {shown}."
            )

    def _called(self, then: Entry) -> None:
        found = Counter(call.type for call in self.simulation.calls)
        for service, times in then.data["called"].items():
            if found[service] != times:
                raise _Failed(
                    then.line_of("called"),
                    f"“{service}”应调用 {times} 次，实际 {found[service]} 次。",
                    f'"{service}" should be called {times} times; it was called {found[service]} times.',
                )

    def _due(self, then: Entry) -> None:
        for element, day in self.by_element(then, "due").items():
            tasks = [task for task in self.simulation.tasks if task.element == element]
            if not tasks:
                raise _Failed(
                    then.line_of("due"),
                    f"没有在等待的“{self.name(element)}”。",
                    f'No "{element}" is waiting.',
                )
            for task in tasks:
                found = self.due_of(task)
                if found != day:
                    raise _Failed(
                        then.line_of("due"),
                        f"“{task.name}”的期限实际为 {found or '未设'}。",
                        f'"{task.name}" is due on {found or "no day"}.',
                    )

    def _ended(self, then: Entry) -> None:
        found = self.simulation.ended is RowState.DONE
        if found is not then.data["ended"]:
            said = ("已经办结", "is closed") if found else ("没有办结", "is not closed")
            raise _Failed(then.line_of("ended"), f"事项{said[0]}。", f"The matter {said[1]}.")

    def decide(self, decision: str, context: Mapping[str, Any]) -> Any:
        return decide(self.scene.decisions, decision, context)

    # --- looking things up --------------------------------------------------------------------------

    def watch(self) -> None:
        """Remember when each task opened: its clock runs from then."""
        for task in self.simulation.tasks:
            self.opened.setdefault(task.token_id, self.simulation.now)

    def due_of(self, task: TaskRow) -> date | None:
        if task.clock is None:
            return None
        return _book().due(task.clock, self.opened[task.token_id]).legal_date

    def element(self, step: Entry, key: str) -> str:
        return self.named(step, key, str(step.data.get(key, "")))

    def named(self, entry: Entry, key: str, wanted: str) -> str:
        nodes = self.scene.process.graph.nodes
        if wanted in nodes:
            return wanted
        for node in nodes.values():
            if node.name and node.name == wanted:
                return node.id
        near = nearest(wanted, [node.name or node.id for node in nodes.values()])
        raise _Failed(
            entry.line_of(key),
            f"流程图中没有“{wanted}”。{near[0]}",
            f'The drawing has no "{wanted}". {near[1]}',
        )

    def by_element(self, then: Entry, key: str) -> dict[str, Any]:
        return {self.named(then, key, str(name)): value for name, value in then.data[key].items()}

    def name(self, element: str) -> str:
        return self.scene.process.graph.nodes[element].name or element

    def branch(self, step: Entry, unit: Any) -> Any:
        for scope in self.simulation.state.scopes.values():
            if scope.kind is ScopeKind.BRANCH and scope.item == unit:
                return scope.id
        raise _Failed(step.line, f"没有单位“{unit}”的分支。", f'There is no open branch of "{unit}".')

    def moment(self, entry: Entry, key: str, value: Any) -> datetime:
        try:
            moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        except ValueError:
            raise _Failed(entry.line_of(key), f"“{value}”不是时刻。", f'"{value}" is not a moment.') from None
        return moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)

    def told(self, entry: Entry, key: str | None, act: Callable[[], Any]) -> Any:
        """Do ``act``; an error of the family becomes the failure of this sentence."""
        try:
            return act()
        except LianbanError as error:
            raise _failure(entry.line_of(key), error) from error


def _failure(line: int, error: LianbanError) -> _Failed:
    return _Failed(line, error.text("zh"), error.text("en"))


def _units(units: list[Any]) -> str:
    named = [str(unit) for unit in units if unit is not None]
    return f"[{', '.join(sorted(named))}]" if named else str(len(units))


@lru_cache(maxsize=1)
def _book() -> ClockBook:
    return ClockBook.standard()


def _due(spec: TimerSpec, now: datetime) -> datetime:
    """When a timer that names a clock is due, the clock starting now."""
    assert spec.clock is not None
    due = _book().due(spec.clock, now)
    if spec.working_days:
        return end_of_day(_book().calendar.add_working_days(due.legal_date, spec.working_days))
    return due.at if spec.clock_offset is None else spec.clock_offset.after(due.at)


def narrate(rehearsed: list[Rehearsed]) -> Iterator[str]:
    """One line a test, for a terminal: passed or not, and why not."""
    for entry in rehearsed:
        mark = "✓" if entry.passed else "✗"
        yield f"{mark} {entry.title.zh} / {entry.title.en}"
        if entry.failure is not None:
            yield f"    {entry.file}:{entry.failed_at}: {entry.failure.zh} / {entry.failure.en}"
