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
    from lianban.records.clocks import ClockRow
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
    # The record an act made or changed, as its caller is told.
    record: UUID | None = None


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


@dataclass(frozen=True, slots=True)
class Doing:
    """An act about to be done in a matter, with ``data`` (already valid by its form), at ``at``.

    ``record`` is what it is done to: a measure, a fund, a listing of this matter. The verb finds and checks it.
    """

    work: Work
    matter: MatterRow
    data: Mapping[str, Any]
    at: datetime
    record: UUID | None = None


@dataclass(frozen=True, slots=True)
class ClockVerb:
    """What the kernel does when a clock of a record warns, and when it ends. Either may be nothing more than its event."""

    warned: Callable[[Work, MatterRow, ClockRow, int, datetime], None] | None = None
    expired: Callable[[Work, MatterRow, ClockRow, datetime], None] | None = None


Completes = Callable[[Completing], Outcome]
Serves = Callable[["Work", "MatterRow", "CallService", datetime], Mapping[str, Any]]

COMPLETES: dict[str, Completes] = {}
SERVES: dict[str, Serves] = {}
ACTS: dict[str, Callable[[Doing], Outcome]] = {}
CLOCK_VERBS: dict[str, ClockVerb] = {}

_FILES = (
    "draft_letters", "approve_letters", "seal_letters", "deliver_letter", "sign_letter", "route_letter",
    "answer_letter", "check_answer", "amend_letter", "remind_letter", "supervise_letter", "record_observation",
    "archive_matter", "value_for_sale", "announce_sale", "record_sale", "run_a_clock", "issue_warrant", "answer_by_registry", "confirm_hit", "collide_batch", "follow_up",
    "record_asset", "order_measure", "serve_measure", "serve_ruling", "answer_measure", "renew_measure", "sign_renewals", "serve_renewal",
    "decline_renewal", "release_measure", "deduct_measure", "continue_preservation", "follow_measures",
    "record_claim", "correct_claim", "receive_payment", "count_payment", "claim_fund", "mark_fund",
    "correct_payment", "record_in_kind", "hold_fund", "draft_distribution", "serve_distribution",
    "object_to_distribution", "execute_distribution", "propose_payout", "decide_payout", "pay_out",
    "agree_instalments", "record_instalment", "payment_clocks",
    "push_to_township", "sign_collaboration", "report_lead", "verify_lead", "agree_day", "record_result",
    "rate_collaboration", "watch_collaborations", "list_debtor", "sign_listing", "end_listing", "limit_consumption",
    "file_objection", "decide_objection", "close_matter", "record_query", "reopen_matter", "link_insolvency",
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


def acts(name: str) -> Callable[[Callable[[Doing], Outcome]], Callable[[Doing], Outcome]]:
    """This function is what an act with the verb ``name`` does in a matter."""

    def keep(function: Callable[[Doing], Outcome]) -> Callable[[Doing], Outcome]:
        ACTS[name] = function
        return function

    return keep


def on_clock(name: str, verb: ClockVerb) -> None:
    """``verb`` is what a clock with this name does when it warns and when it ends."""
    CLOCK_VERBS[name] = verb


def load() -> None:
    """Import the verbs. Called once by whatever runs tasks; the verbs themselves import this module."""
    for name in _FILES:
        import_module(f"lianban.actions.{name}")
