"""What happened (events), what the rows must do (changes), what the outside must do (effects).

``step(graph, state, events)`` turns events into changes and effects and touches nothing itself. Changes
are typed so that a database can group them and write each group as one statement.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from lianban.engines.process.rows import RowState, ScopeRow, TaskRow, TimerRow, TokenRow, nothing

# --- events --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TaskCompleted:
    """A person finished the task at ``token_id``."""

    token_id: UUID
    variables: Mapping[str, Any] = field(default_factory=nothing)


@dataclass(frozen=True, slots=True)
class ServiceCompleted:
    """The handler asked for by :class:`CallService` finished."""

    token_id: UUID
    variables: Mapping[str, Any] = field(default_factory=nothing)


@dataclass(frozen=True, slots=True)
class TimerFired:
    """A timer that was due is fired. It must be among the timers of the state."""

    timer_id: UUID


@dataclass(frozen=True, slots=True)
class MessageReceived:
    """A message arrived for one waiting token, or for the first token of a scope that waits for it."""

    name: str
    token_id: UUID | None = None
    scope_id: UUID | None = None
    variables: Mapping[str, Any] = field(default_factory=nothing)


@dataclass(frozen=True, slots=True)
class SignalReceived:
    """A signal, which goes to every token that waits for it; the caller names each of them."""

    name: str
    token_id: UUID
    variables: Mapping[str, Any] = field(default_factory=nothing)


@dataclass(frozen=True, slots=True)
class ErrorRaised:
    """The handler of a service task raised a business error (not a fault): boundary events may catch it."""

    token_id: UUID
    error: str
    variables: Mapping[str, Any] = field(default_factory=nothing)


@dataclass(frozen=True, slots=True)
class BranchCancelled:
    """One branch of a fan-out is withdrawn 撤回: its subtree is cancelled and it is counted down."""

    scope_id: UUID


@dataclass(frozen=True, slots=True)
class MatterCancelled:
    """Everything stops."""


@dataclass(frozen=True, slots=True)
class SentBack:
    """Return 退回: the token's task is cancelled and an earlier user task of the same scope opens again."""

    token_id: UUID
    to_element: str
    variables: Mapping[str, Any] = field(default_factory=nothing)


Event: TypeAlias = (
    TaskCompleted
    | ServiceCompleted
    | TimerFired
    | MessageReceived
    | SignalReceived
    | ErrorRaised
    | BranchCancelled
    | MatterCancelled
    | SentBack
)

# --- changes -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OpenScope:
    scope: ScopeRow


@dataclass(frozen=True, slots=True)
class CountDown:
    """``pending`` of a fan-out falls by ``by``; relative, so that it can be written without reading."""

    scope_id: UUID
    by: int = 1


@dataclass(frozen=True, slots=True)
class SetVariables:
    """Merge into the variables of a scope: keys given here replace, others stay."""

    scope_id: UUID
    variables: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CloseScope:
    """The scope alone; what is below it has closed already."""

    scope_id: UUID
    state: RowState = RowState.DONE


@dataclass(frozen=True, slots=True)
class CancelTree:
    """The scope and everything below it: scopes, tokens, tasks, timers that are still open."""

    scope_id: UUID


@dataclass(frozen=True, slots=True)
class OpenToken:
    token: TokenRow


@dataclass(frozen=True, slots=True)
class CloseToken:
    id: UUID
    state: RowState = RowState.DONE


@dataclass(frozen=True, slots=True)
class OpenTask:
    task: TaskRow


@dataclass(frozen=True, slots=True)
class CloseTask:
    token_id: UUID
    state: RowState = RowState.DONE


@dataclass(frozen=True, slots=True)
class OpenTimer:
    timer: TimerRow


@dataclass(frozen=True, slots=True)
class CloseTimer:
    id: UUID


@dataclass(frozen=True, slots=True)
class RearmTimer:
    """A repeating timer waits again."""

    id: UUID
    due_at: datetime
    repeat_left: int | None


Change: TypeAlias = (
    OpenScope
    | CountDown
    | SetVariables
    | CloseScope
    | CancelTree
    | OpenToken
    | CloseToken
    | OpenTask
    | CloseTask
    | OpenTimer
    | CloseTimer
    | RearmTimer
)

# --- effects -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CallService:
    """Run the handler named ``type`` and feed :class:`ServiceCompleted` (or :class:`ErrorRaised`) back.

    ``variables`` are the input mappings if the drawing has any, otherwise all variables the token sees.
    """

    token_id: UUID
    scope_id: UUID
    element: str
    type: str
    headers: Mapping[str, str] = field(default_factory=nothing)
    variables: Mapping[str, Any] = field(default_factory=nothing)


@dataclass(frozen=True, slots=True)
class ThrowSignal:
    """A signal was thrown; the caller feeds :class:`SignalReceived` to each token that waits for it."""

    name: str
    variables: Mapping[str, Any] = field(default_factory=nothing)


@dataclass(frozen=True, slots=True)
class Ended:
    """The process is over: ``done`` or ``cancelled``."""

    state: RowState


Effect: TypeAlias = CallService | ThrowSignal | Ended


@dataclass(frozen=True, slots=True)
class Step:
    """The result of a step: changes to write in this order, and effects to carry out."""

    changes: tuple[Change, ...]
    effects: tuple[Effect, ...]
