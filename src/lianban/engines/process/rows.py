"""The rows a running matter consists of, and the state a step is given.

State is rows, never a blob: a reply in one branch of a fan-out reads and writes the rows of its own
branch and one counter. Two habits keep it that small:

* A token that opens a scope (a sub-process, or a multi-instance activity) and the scope it opens carry
  **the same id**. From a scope one reaches the token that waits for it, and from a token the scope it
  must cancel, without loading either.
* A token is a row only where it rests: at a task, a timer, a message, a join, an open scope. Passing
  through a gateway leaves no row.

Shapes: ids are UUIDs, instants are aware datetimes, variables are plain JSON values (and FEEL values
while a step computes).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID

EMPTY: Mapping[str, Any] = MappingProxyType({})


def nothing() -> Mapping[str, Any]:
    """The default of every mapping here: one shared, read-only, empty mapping."""
    return EMPTY


class ScopeKind(StrEnum):
    PROCESS = "process"
    SUBPROCESS = "subprocess"
    MULTI = "multi"  # the fan-out itself: owns the counter
    BRANCH = "branch"  # one item of the fan-out


class RowState(StrEnum):
    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


class At(StrEnum):
    """Where the role of a task is looked up."""

    LEAD = "lead"  # the agency that leads the matter
    BRANCH = "branch"  # the agency that is the item of the nearest multi-instance branch


@dataclass(frozen=True, slots=True)
class ScopeRow:
    """A process, a sub-process, a fan-out or one branch of a fan-out.

    ``pending`` and ``total`` count branches and are 0 except in a ``multi`` scope. ``item`` is the item
    of a branch; in a sequential ``multi`` scope it is the whole collection, because the later branches
    are not open yet. ``index`` counts branches from 0.
    """

    id: UUID
    parent_id: UUID | None
    element: str
    kind: ScopeKind
    item: Any = None
    index: int | None = None
    pending: int = 0
    total: int = 0
    variables: Mapping[str, Any] = field(default_factory=nothing)
    state: RowState = RowState.OPEN


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A place where the matter rests. ``flow`` is the sequence flow it arrived by; joins count by it."""

    id: UUID
    scope_id: UUID
    element: str
    flow: str | None = None
    state: RowState = RowState.OPEN


@dataclass(frozen=True, slots=True)
class TaskRow:
    """Work for a person. One task a token; ``token_id`` names it in events and changes.

    ``role`` is a post's key; ``at`` says at which agency. ``inputs`` are the values of the input mappings
    when the task was opened, for the form. ``action``, ``clock`` and the rest of ``properties`` come from
    the drawing as they are.
    """

    id: UUID
    scope_id: UUID
    token_id: UUID
    element: str
    name: str
    role: str
    at: At
    branch_item: Any = None
    form: str | None = None
    action: str | None = None
    clock: str | None = None
    properties: Mapping[str, str] = field(default_factory=nothing)
    inputs: Mapping[str, Any] = field(default_factory=nothing)


@dataclass(frozen=True, slots=True)
class TimerRow:
    """A timer that waits. ``element`` is the timer event (boundary or intermediate), not the activity.

    ``repeat_left`` is how many times it fires again after the next time; ``None`` means without end.
    ``spec`` is the text :func:`lianban.engines.process.timers.timer_spec` reads.
    """

    id: UUID
    scope_id: UUID
    token_id: UUID
    element: str
    due_at: datetime
    repeat_left: int | None
    spec: str
