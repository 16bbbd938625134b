"""Drives a process in memory, without a database: for scene tests, for documentation, for the curious.

Time stands still until :meth:`Simulation.advance` moves it. Every event is given only the partial state a
database would load, so that a simulation proves what the running system does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any, TypeAlias
from uuid import UUID

from lianban.engines.process.errors import EndlessLoop, WorkIsOver
from lianban.engines.process.events import (
    BranchCancelled,
    CallService,
    Change,
    Effect,
    Ended,
    ErrorRaised,
    Event,
    MatterCancelled,
    MessageReceived,
    SentBack,
    ServiceCompleted,
    SignalReceived,
    TaskCompleted,
    ThrowSignal,
    TimerFired,
)
from lianban.engines.process.graph import Graph
from lianban.engines.process.rows import EMPTY, RowState, TaskRow, nothing
from lianban.engines.process.state import State
from lianban.engines.process.stepping import Decide, Due, Ids, no_clocks, no_decisions, start, step

#: Handler calls one event may cause.
MAX_CALLS = 10_000
#: Choices :func:`simulate` makes before it gives up.
MAX_CHOICES = 10_000

Services: TypeAlias = Callable[[CallService], Mapping[str, Any] | ErrorRaised]
Choose: TypeAlias = Callable[["Simulation"], Event | None]


def counting_ids() -> Ids:
    """Ids 1, 2, 3 …, so that a simulation gives the same rows each time."""
    numbers = count(1)
    return lambda: UUID(int=next(numbers))


def nothing_to_say(call: CallService) -> Mapping[str, Any]:
    """The default handler: done, without variables."""
    return EMPTY


@dataclass
class Simulation:
    """One matter in memory. ``events``, ``changes``, ``calls`` and ``signals`` keep what has happened."""

    graph: Graph
    now: datetime
    variables: Mapping[str, Any] = field(default_factory=nothing)
    matter: Mapping[str, Any] = field(default_factory=nothing)
    due: Due = no_clocks
    decide: Decide = no_decisions
    services: Services = nothing_to_say
    message: str | None = None
    ids: Ids = field(default_factory=counting_ids)
    state: State = field(default_factory=State.of)
    ended: RowState | None = None
    events: list[Event] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    calls: list[CallService] = field(default_factory=list)
    signals: list[ThrowSignal] = field(default_factory=list)

    def __post_init__(self) -> None:
        opened = start(
            self.graph, variables=self.variables, now=self.now, ids=self.ids, due=self.due, decide=self.decide,
            matter=self.matter, message=self.message,
        )  # fmt: skip
        self._take(opened.changes)
        self._carry_out(opened.effects)

    # --- looking ------------------------------------------------------------------------------------

    @property
    def tasks(self) -> tuple[TaskRow, ...]:
        """Open tasks, oldest first."""
        return tuple(self.state.tasks.values())

    def task(self, element: str, item: Any = None) -> TaskRow:
        """The open task at an element, in the branch of ``item`` if given. Raises :class:`WorkIsOver`."""
        for task in self.tasks:
            if task.element == element and (item is None or task.branch_item == item):
                return task
        raise WorkIsOver(what="task", id=element)

    def at(self) -> dict[str, int]:
        """Where the tokens rest, and how many."""
        return self.graph.live_elements(self.state.tokens.values())

    # --- acting -------------------------------------------------------------------------------------

    def complete(self, element: str, variables: Mapping[str, Any] = EMPTY, *, item: Any = None) -> None:
        """Complete the open task at an element."""
        self.feed(TaskCompleted(self.task(element, item).token_id, variables))

    def send_back(
        self, element: str, to_element: str, variables: Mapping[str, Any] = EMPTY, *, item: Any = None
    ) -> None:
        """Return the task at an element to an earlier one."""
        self.feed(SentBack(self.task(element, item).token_id, to_element, variables))

    def receive(self, message: str, variables: Mapping[str, Any] = EMPTY, *, item: Any = None) -> None:
        """Deliver a message to the first token that waits for it."""
        for element in self.graph.receivers(message):
            for token in self.state.tokens.values():
                if token.element == element and (item is None or self._item(token.scope_id) == item):
                    self.feed(MessageReceived(message, token.id, None, variables))
                    return
        raise WorkIsOver(what="message", id=message)

    def advance(self, to: datetime) -> None:
        """Move time on and fire what falls due on the way, in order."""
        while due := sorted(
            (t for t in self.state.timers.values() if t.due_at <= to), key=lambda t: (t.due_at, t.id)
        ):
            self.now = max(self.now, due[0].due_at)
            self.feed(TimerFired(due[0].id))
        self.now = max(self.now, to)

    def feed(self, event: Event) -> None:
        """Step on one event, then carry out its effects."""
        self._carry_out(self._step(event))

    def _loaded(self, event: Event) -> State:
        match event:
            case MatterCancelled():
                return self.state
            case TimerFired(timer_id):
                timer = self.state.timers.get(timer_id)
                token_id = timer.token_id if timer else None
            case BranchCancelled(scope_id):
                return self.state.chain(scope_id)
            case MessageReceived(token_id=None, scope_id=scope_id) if scope_id is not None:
                return self.state.chain(scope_id)
            case _:
                token_id = event.token_id
        return (
            self.state.around(token_id)
            if token_id is not None and token_id in self.state.tokens
            else State.of()
        )

    def _take(self, changes: Iterable[Change]) -> None:
        changes = tuple(changes)
        self.changes += changes
        self.state = self.state.apply(changes)

    def _carry_out(self, effects: tuple[Effect, ...]) -> None:
        waiting = list(effects)
        calls = 0
        while waiting:
            effect = waiting.pop(0)
            if isinstance(effect, Ended):
                self.ended = effect.state
            elif isinstance(effect, ThrowSignal):
                self.signals.append(effect)
                waiting += self._signal(effect)
            else:
                calls += 1
                if calls > MAX_CALLS:
                    raise EndlessLoop(elements=effect.element)
                self.calls.append(effect)
                if effect.token_id not in self.state.tokens:
                    continue  # cancelled by what an earlier handler caused
                answer = self.services(effect)
                done: Event = (
                    answer if isinstance(answer, ErrorRaised) else ServiceCompleted(effect.token_id, answer)
                )
                waiting += self._step(done)

    def _signal(self, effect: ThrowSignal) -> list[Effect]:
        elements = self.graph.signal_receivers(effect.name)
        effects: list[Effect] = []
        for token_id in [key for key, token in self.state.tokens.items() if token.element in elements]:
            if token_id in self.state.tokens:
                effects += self._step(SignalReceived(effect.name, token_id, effect.variables))
        return effects

    def _step(self, event: Event) -> tuple[Effect, ...]:
        result = step(
            self.graph, self._loaded(event), [event], now=self.now, ids=self.ids, due=self.due, decide=self.decide,
            matter=self.matter,
        )  # fmt: skip
        self.events.append(event)
        self._take(result.changes)
        return result.effects

    def _item(self, scope_id: UUID) -> Any:
        scope = self.state.scopes[scope_id]
        while scope.item is None and scope.parent_id is not None:
            scope = self.state.scopes[scope.parent_id]
        return scope.item


def simulate(graph: Graph, choose: Choose, *, now: datetime, **settings: Any) -> Simulation:
    """Run a process, asking ``choose(simulation)`` for the next event until it ends or gives None.

    ``settings`` are the other fields of :class:`Simulation`. Raises :class:`EndlessLoop` after
    ``MAX_CHOICES`` choices.
    """
    simulation = Simulation(graph, now, **settings)
    for _ in range(MAX_CHOICES):
        if simulation.ended is not None:
            return simulation
        event = choose(simulation)
        if event is None:
            return simulation
        simulation.feed(event)
    raise EndlessLoop(elements="、".join(simulation.at()))
