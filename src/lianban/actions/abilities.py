"""What a drawing can ask for by name, and the function that does it.

A user task names what completing it means (``letters.answer``); a send or service task names what the kernel
does when it is reached (``letters.deliver``). The names are those of ``engines.scenes.abilities``, one verb a
file in this room; a test compares the two lists, so that a drawing cannot ask for what nobody does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any
from uuid import UUID

from lianban.actions.errors import LetterNotFound

if TYPE_CHECKING:
    from lianban.actions.work import MatterRow, Work
    from lianban.engines.process.events import CallService
    from lianban.records.letters import LetterRow
    from lianban.records.tasks import TaskRow


@dataclass(slots=True)
class Outcome:
    """What completing a task meant.

    ``variables`` go on into the drawing (only those its expressions read are kept); ``said`` and ``evidence`` go
    into the ledger; ``shown`` goes into the matter's history.
    """

    variables: Mapping[str, Any] = field(default_factory=dict)
    said: Mapping[str, Any] = field(default_factory=dict)
    shown: Mapping[str, Any] = field(default_factory=dict)
    evidence: tuple[tuple[str, UUID, str | None], ...] = ()
    subjects: tuple[UUID, ...] = ()
    activity: str | None = None
    milestone: bool = True


@dataclass(frozen=True, slots=True)
class Completing:
    """A task about to be completed with ``data`` (already valid by its form), at ``at``."""

    work: Work
    matter: MatterRow
    task: TaskRow
    data: Mapping[str, Any]
    at: datetime

    @property
    def letter(self) -> LetterRow:
        """The letter this task is about. A task without one has no business with a letter's verb."""
        letter = self.work.letters.rows.get(self.task.letter) if self.task.letter else None
        if letter is None:
            raise LetterNotFound
        return letter

    @property
    def unit(self) -> str:
        """The code of the agency the letter went to."""
        return self.work.directory.agencies[self.letter.addressee_id].code


Completes = Callable[[Completing], Outcome]
Serves = Callable[["Work", "MatterRow", "CallService", datetime], Mapping[str, Any]]

COMPLETES: dict[str, Completes] = {}
SERVES: dict[str, Serves] = {}

_FILES = (
    "draft_letters", "approve_letters", "seal_letters", "deliver_letter", "sign_letter", "route_letter",
    "answer_letter", "check_answer", "amend_letter", "remind_letter", "supervise_letter", "record_observation",
    "archive_matter",
)  # fmt: skip


def completes(name: str) -> Callable[[Completes], Completes]:
    """This function is what completing a task with the action ``name`` does."""

    def keep(function: Completes) -> Completes:
        COMPLETES[name] = function
        return function

    return keep


def serves(name: str) -> Callable[[Serves], Serves]:
    """This function is what the kernel does when a step of the type ``name`` is reached."""

    def keep(function: Serves) -> Serves:
        SERVES[name] = function
        return function

    return keep


def load() -> None:
    """Import the verbs. Called once by whatever runs tasks; the verbs themselves import this module."""
    for name in _FILES:
        import_module(f"lianban.actions.{name}")
