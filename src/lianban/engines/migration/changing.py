"""What becomes of the rows of a matter that moves: computed once for a route, for the database to do in bulk.

The policy, in one place:

* **Elements and flows** get their new ids. A flow that is gone is forgotten, except at a join, where it counts and
  the matter is refused without it.
* **Tasks** take their name, stage, form and action from the new version. Who does a task changes only if the
  assignment was changed; then the task is open to that role again. Its due date
  changes only with its clock.
* **Timers** keep their date, and the firings they have left, unless their text was changed; then both are computed
  again from when the step was reached. New boundary timers are armed, removed ones are dropped. What has fired does
  not fire again: a timer that both versions have, and that is no longer armed, stays so.
* **Fan-outs** keep their branches, answered and open, as they were opened, whatever the new version would open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from lianban.engines.migration.mapping import Route
from lianban.engines.process import Kind
from lianban.engines.process.graph import Source
from lianban.engines.process.plans import BoundaryTimer, Plan, split_role
from lianban.engines.process.rows import At, nothing
from lianban.engines.process.timers import DueFunction, TimerSpec, first_due


@dataclass(frozen=True, slots=True)
class TaskChange:
    """What open tasks at ``element`` become. ``role`` is None where it stays; ``fixed`` is that role, read, unless
    FEEL decides. A ``clock`` of None after ``clock_changed`` means: no due date."""

    element: str
    target: str
    name: str
    stage: str
    form: str
    action: str
    role: Source | None = None
    fixed: tuple[str, At | None] | None = None
    clock_changed: bool = False
    clock: str | None = None


@dataclass(frozen=True, slots=True)
class NewTimer:
    """A timer to arm, or to compute again, for tokens at ``activity``. ``spec`` is None where FEEL gives it."""

    activity: str
    target: str
    element: str
    source: Source
    spec: TimerSpec | None


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything a route changes in rows. Empty mappings: those rows stay as they are.

    ``elements`` and ``timers`` (old → new id) hold only ids that differ; ``flows`` also those that are gone (None).
    ``recompute`` is by the old timer's element, ``arm`` by the old activity's. ``collections`` renames what a fan-out
    collects: old element → (old name, new name), None where there is none.
    """

    elements: Mapping[str, str] = field(default_factory=nothing)
    flows: Mapping[str, str | None] = field(default_factory=nothing)
    tasks: Mapping[str, TaskChange] = field(default_factory=nothing)
    timers: Mapping[str, str] = field(default_factory=nothing)
    recompute: Mapping[str, NewTimer] = field(default_factory=nothing)
    drop: frozenset[str] = frozenset()
    arm: Mapping[str, tuple[NewTimer, ...]] = field(default_factory=nothing)
    collections: Mapping[str, tuple[str | None, str | None]] = field(default_factory=nothing)


def changes(route: Route) -> Changes:
    """What moving along ``route`` changes."""
    old, new = route.old, route.new
    tasks: dict[str, TaskChange] = {}
    timers: dict[str, str] = {}
    recompute: dict[str, NewTimer] = {}
    drop: set[str] = set()
    arm: dict[str, tuple[NewTimer, ...]] = {}
    collections: dict[str, tuple[str | None, str | None]] = {}
    for key, plan in old.plans.items():
        target = route.elements.get(key)
        if target is None or plan.kind is Kind.BOUNDARY:
            continue
        after: Plan = new.plans[target]
        if plan.kind is Kind.USER and (change := _task(plan, after)):
            tasks[key] = change
        fresh = {timer.element: timer for timer in _timers(key, after)}
        for timer in _timers(key, plan):
            goes_on = fresh.pop(route.elements.get(timer.element, ""), None)
            if goes_on is None:
                drop.add(timer.element)
            elif goes_on.source.text != timer.source.text:
                recompute[timer.element] = goes_on
            elif goes_on.element != timer.element:
                timers[timer.element] = goes_on.element
        if fresh:
            arm[key] = tuple(fresh.values())
        if plan.loop and after.loop and plan.loop.output_collection != after.loop.output_collection:
            collections[key] = (plan.loop.output_collection, after.loop.output_collection)
    return Changes(
        {one: other for one, other in route.elements.items() if one != other},
        {flow: route.flows.get(flow) for flow in old.flows if route.flows.get(flow) != flow},
        tasks,
        timers,
        recompute,
        frozenset(drop),
        arm,
        collections,
    )


def _task(before: Plan, after: Plan) -> TaskChange | None:
    # A step under a new id with the same assignment is the same work: nobody loses the task in hand.
    role = after.node.role if before.node.role != after.node.role else None
    clock_changed = before.clock != after.clock
    looks = tuple(_look(plan) for plan in (before, after))
    if role is None and not clock_changed and looks[0] == looks[1] and before.id == after.id:
        return None
    fixed = split_role(role.text) if role is not None and role.formula is None else None
    return TaskChange(before.id, after.id, *looks[1], role, fixed, clock_changed, after.clock)


def _look(plan: Plan) -> tuple[str, str, str, str]:
    stage = plan.properties.get("stage", "").partition(":")[0].strip()
    return plan.name, stage, plan.form or "", plan.action or ""


def _timers(activity: str, plan: Plan) -> Iterator[NewTimer]:
    """The timers that run while a token rests at a step."""
    own = (BoundaryTimer(plan.node),) if plan.kind is Kind.TIMER else ()
    for timer in (*own, *plan.boundary_timers):
        yield NewTimer(activity, plan.id, timer.element, timer.source, timer.spec)


def armed(
    spec: TimerSpec, reached: datetime, now: datetime, clock_due: DueFunction
) -> tuple[datetime, int | None]:
    """When a timer that counts from ``reached`` is due, and what ``repeat_left`` it has.

    A series is joined where it would be by now: instants that are past are not made up for, and count as fired. A
    timer that is wholly past is due at once, and fires once.
    """
    due, left = first_due(spec, reached, clock_due), spec.repeat_left
    period = spec.period
    if period is None or period.is_zero:
        return due, left
    if due <= now and not period.months:
        length = timedelta(days=period.days, seconds=period.seconds)
        passed = (now - due) // length + 1
        if left is not None:
            passed = min(passed, left)
            left -= passed
        return due + passed * length, left
    while due <= now and left != 0:
        due = period.after(due)
        left = None if left is None else left - 1
    return due, left
