"""What a step needs at each node, looked up once when the drawing is compiled.

A :class:`Plan` is a node with its references resolved to other plans, so that a step follows pointers and
never searches. Plans are internal and belong to one graph.
"""

from __future__ import annotations

from collections.abc import Mapping

from lianban.engines.process.graph import Body, Flow, Formula, Kind, Mapped, Node, Source
from lianban.engines.process.rows import At
from lianban.engines.process.soundness import Soundness
from lianban.engines.process.timers import TimerSpec, timer_spec


class Exit:
    """One outgoing flow."""

    __slots__ = ("condition", "flow", "target")

    def __init__(self, flow: Flow, target: Plan) -> None:
        self.flow = flow.id
        self.target = target
        self.condition: Formula | None = flow.condition.formula if flow.condition else None


class BoundaryTimer:
    """A timer to arm when the activity starts; ``spec`` is None when the text is FEEL."""

    __slots__ = ("element", "source", "spec")

    def __init__(self, node: Node) -> None:
        assert node.timer is not None
        self.element = node.id
        self.source = node.timer
        self.spec = fixed_spec(node.timer)


class Plan:
    """A node, ready to step."""

    __slots__ = (
        "action", "assignment", "boundary", "boundary_timers", "choice", "clock", "default", "exits", "form", "id",
        "inner_start", "inputs", "is_join", "join_flows", "kind", "loop", "name", "node", "outputs", "properties",
        "soundness", "spec", "waits_for",
    )  # fmt: skip

    def __init__(self, node: Node, soundness: Soundness) -> None:
        self.node = node
        self.soundness = soundness
        self.id = node.id
        self.name = node.name or node.id
        self.kind = node.kind
        self.loop = node.loop
        self.form = node.form
        self.properties = node.properties
        self.action = node.properties.get("action")
        self.clock = node.properties.get("clock")
        self.inputs: tuple[Mapped, ...] = node.inputs
        self.outputs: tuple[Mapped, ...] = node.outputs
        self.assignment = _assignment(node.role)
        self.spec = fixed_spec(node.timer)
        self.is_join = soundness.is_join(node)
        self.join_flows = frozenset(node.incoming)
        self.waits_for: tuple[Plan, ...] = ()
        self.exits: tuple[Exit, ...] = ()
        self.default: Exit | None = None
        self.choice = False
        self.boundary: tuple[Plan, ...] = ()
        self.boundary_timers: tuple[BoundaryTimer, ...] = ()
        self.inner_start: Plan | None = None


def plans_of(
    process_id: str, nodes: Mapping[str, Node], flows: Mapping[str, Flow], bodies: Mapping[str, Body]
) -> dict[str, Plan]:
    """The plans of a graph by element id; the process itself is under its own id."""
    soundness = Soundness(nodes, flows)
    plans = {key: Plan(node, soundness) for key, node in nodes.items()}
    for plan in list(plans.values()):
        node = plan.node
        plan.exits = tuple(Exit(flows[flow], plans[flows[flow].target]) for flow in node.outgoing)
        plan.default = next((one for one in plan.exits if one.flow == node.default), None)
        plan.choice = plan.kind is Kind.INCLUSIVE or any(one.condition for one in plan.exits)
        plan.boundary = tuple(plans[key] for key in node.boundary)
        plan.boundary_timers = tuple(BoundaryTimer(nodes[key]) for key in node.boundary if nodes[key].timer)
        if plan.kind is Kind.EVENT_BASED:
            plan.waits_for = tuple(one.target for one in plan.exits)
            plan.boundary_timers = tuple(
                BoundaryTimer(one.target.node) for one in plan.exits if one.target.kind is Kind.TIMER
            )
        if node.id in bodies:
            plan.inner_start = plans[bodies[node.id].start]
    return plans


def fixed_spec(source: Source | None) -> TimerSpec | None:
    """The timer read once, when it is no expression."""
    return timer_spec(source.text) if source is not None and source.formula is None else None


def _assignment(role: Source | None) -> tuple[str, At | None] | None:
    """Role and place of a fixed role; None when FEEL decides. A place of None is decided by the scope."""
    if role is None or role.formula is not None:
        return None
    return split_role(role.text)


def split_role(text: str) -> tuple[str, At | None]:
    """``role``, ``role@lead`` or ``role@branch``."""
    role, at, place = text.strip().partition("@")
    return role, At(place) if at else None
