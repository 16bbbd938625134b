"""A compiled drawing: immutable, hashed, ready to step.

A :class:`Graph` is what :func:`compile_bpmn` makes of a file and all that a step reads. Nothing in it
depends on where the shapes were drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from lianban.engines.process.errors import Problem
from lianban.engines.process.rows import TokenRow, nothing


class Formula(Protocol):
    """A compiled FEEL expression, as :func:`feeldmn.compile_expression` gives it."""

    def __call__(self, context: Mapping[str, Any]) -> Any: ...


class Kind(StrEnum):
    """What a token does at a node. Several BPMN elements may share a kind."""

    START = "start"
    END = "end"
    TERMINATE = "terminate"
    ERROR_END = "error end"
    ESCALATION = "escalation"  # end or throw
    SIGNAL_THROW = "signal throw"  # end or throw
    THROUGH = "through"  # nothing to wait for: task without a type, manual task, milestone
    USER = "user task"
    SERVICE = "service"  # service task, send task, message throw or end: a handler is called
    RULE = "business rule"
    MESSAGE = "message"  # receive task, message catch
    SIGNAL = "signal"
    TIMER = "timer"
    EXCLUSIVE = "exclusive gateway"
    PARALLEL = "parallel gateway"
    INCLUSIVE = "inclusive gateway"
    EVENT_BASED = "event-based gateway"
    SUBPROCESS = "sub-process"
    BOUNDARY = "boundary event"


@dataclass(frozen=True, slots=True)
class Source:
    """A text from the drawing: a constant, or FEEL (it begins with ``=``) compiled to ``formula``."""

    text: str
    formula: Formula | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Mapped:
    """One ``zeebe:input`` or ``zeebe:output``: ``target`` is a variable name, ``a.b`` sets inside ``a``."""

    source: Source
    target: str


@dataclass(frozen=True, slots=True)
class Loop:
    """Multi-instance over a collection."""

    collection: Source
    item: str | None
    sequential: bool
    condition: Source | None = None
    output_collection: str | None = None
    output: Source | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow. ``condition`` is FEEL."""

    id: str
    name: str
    source: str
    target: str
    condition: Source | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """One element of the drawing, with everything a step needs to know about it.

    ``type`` is the BPMN element (``userTask``), ``kind`` what it does. ``body`` is the id of the process
    or sub-process it is drawn in. ``role`` of a user task is text or FEEL, with ``@lead``, ``@branch`` or
    neither. ``properties`` are the ``zeebe:properties``. ``event`` is the message, signal, error or
    escalation name or code. ``line`` is where it stands in the file and takes no part in equality.
    """

    id: str
    name: str
    type: str
    kind: Kind
    body: str
    incoming: tuple[str, ...] = ()
    outgoing: tuple[str, ...] = ()
    default: str | None = None
    boundary: tuple[str, ...] = ()
    attached_to: str | None = None
    interrupting: bool = True
    timer: Source | None = None
    event: str | None = None
    role: Source | None = None
    form: str | None = None
    service: Source | None = None
    headers: Mapping[str, str] = field(default_factory=nothing)
    decision: Source | None = None
    result: str | None = None
    inputs: tuple[Mapped, ...] = ()
    outputs: tuple[Mapped, ...] = ()
    properties: Mapping[str, str] = field(default_factory=nothing)
    loop: Loop | None = None
    local: bool = False
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Body:
    """The inside of a process or sub-process: where it starts and what is in it, in drawing order."""

    id: str
    start: str
    nodes: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """A compiled drawing.

    ``hash`` is the SHA-256 of the meaning: two files that differ in layout, order or editor only have
    the same. ``notices`` are remarks that did not stop the compilation. ``message_starts`` maps a message
    name to the start event it triggers.
    """

    process_id: str
    name: str
    hash: str
    source: str
    nodes: Mapping[str, Node]
    flows: Mapping[str, Flow]
    bodies: Mapping[str, Body]
    message_starts: Mapping[str, str] = field(default_factory=nothing)
    notices: tuple[Problem, ...] = ()
    plans: Mapping[str, Any] = field(default_factory=nothing, repr=False)

    def receivers(self, message: str) -> tuple[str, ...]:
        """Elements where a live token takes this message, for a caller that looks for the token.

        For a boundary event or a branch of an event-based gateway it is the element the token rests at.
        """
        return self._takers(Kind.MESSAGE, "message", message)

    def signal_receivers(self, signal: str) -> tuple[str, ...]:
        """As :meth:`receivers`, for a signal."""
        return self._takers(Kind.SIGNAL, "signal", signal)

    def stages(self) -> tuple[tuple[str, str], ...]:
        """The stages of the matter page, in the order the drawing reaches them: (key, Chinese title).

        A node's property ``stage`` is ``key`` or ``key:标题``; without a title the node's name is taken.
        The first titled mention of a key gives the title.
        """
        titles: dict[str, str] = {}
        given: set[str] = set()
        for node in self.in_order():
            stage = node.properties.get("stage")
            if not stage:
                continue
            key, _, title = (part.strip() for part in stage.partition(":"))
            if key not in titles or (title and key not in given):
                titles[key] = title or node.name
            if title:
                given.add(key)
        return tuple(titles.items())

    def stage_of(self, element: str) -> str | None:
        """The stage key of an element: its own, or that of the nearest sub-process around it."""
        node: Node | None = self.nodes.get(element)
        while node is not None:
            if stage := node.properties.get("stage"):
                return stage.partition(":")[0].strip()
            node = self.nodes.get(node.body)
        return None

    def live_elements(self, tokens: Iterable[TokenRow]) -> dict[str, int]:
        """How many tokens rest at each element, for lighting up the drawing."""
        counts: dict[str, int] = {}
        for token in tokens:
            counts[token.element] = counts.get(token.element, 0) + 1
        return counts

    def in_order(self) -> list[Node]:
        """All nodes, breadth first from the start, the inside of a sub-process right after it."""
        seen: dict[str, None] = {}
        self._walk(self.process_id, seen)
        return [self.nodes[node_id] for node_id in seen]

    def _walk(self, body_id: str, seen: dict[str, None]) -> None:
        body = self.bodies[body_id]
        queue = [body.start, *(s for s in self.message_starts.values() if self.nodes[s].body == body_id)]
        for node_id in queue:
            if node_id in seen:
                continue
            seen[node_id] = None
            if node_id in self.bodies:
                self._walk(node_id, seen)
            node = self.nodes[node_id]
            queue += [self.flows[flow].target for flow in node.outgoing]
            queue += node.boundary

    def _takers(self, kind: Kind, event_type: str, name: str) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for node in self.nodes.values():
            if node.event != name:
                continue
            if node.kind is kind:
                found[node.id] = None
                for flow in node.incoming:
                    source = self.nodes[self.flows[flow].source]
                    if source.kind is Kind.EVENT_BASED:
                        found[source.id] = None
            elif node.kind is Kind.BOUNDARY and node.type == event_type and node.attached_to:
                found[node.attached_to] = None
        return tuple(found)
