"""Order, answer, measure: three facts with three dates.

An order 协助执行通知书 is written by a court or organ; it has *no effect* until it reaches the assisting unit (查扣冻规定
1); the unit's answer is recorded as it came, whatever it says, and a corrected answer stands beside the first. A
:class:`Measure` is the order with everything that happened to it. Nothing here is computed: see :mod:`.terms`,
:mod:`.queue`, :mod:`.control`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from lianban.engines.clocks import legal_date

from .errors import BadAmount, WrongOrderOfEvents
from .kinds import LegalBasis, MeasureKind, Outcome, RenewalState, State


@dataclass(frozen=True, slots=True)
class Asset:
    """One thing that can be held.

    ``key`` is its number at the unit (account, certificate of title, plate); ranks are counted per key. Money in fen.
    ``value_fen`` of ``None``: not known yet, counts as nothing. The debtor's share is ``share_numerator`` /
    ``share_denominator``; ``encumbrance_fen`` is what goes before (a mortgage).
    """

    key: str
    kind: str
    value_fen: int | None = None
    share_numerator: int = 1
    share_denominator: int = 1
    encumbrance_fen: int = 0
    divisible: bool = True

    def __post_init__(self) -> None:
        if not 0 < self.share_numerator <= self.share_denominator:
            share = f"{self.share_numerator}/{self.share_denominator}"
            raise BadAmount(what_zh="被执行人份额", what_en="the debtor's share", found=share)
        if self.encumbrance_fen < 0 or (self.value_fen or 0) < 0:
            raise BadAmount(what_zh="财产价值或负担", what_en="a value or an encumbrance", found="-")

    def net_fen(self, found_fen: int | None = None) -> int:
        """What the asset is worth for the claim: the debtor's share, rounded down, less what goes before, never below 0.

        ``found_fen`` is the amount the unit answered, which goes before the estimated value.
        """
        value = found_fen if found_fen is not None else self.value_fen
        if value is None:
            return 0
        return max(value * self.share_numerator // self.share_denominator - self.encumbrance_fen, 0)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the unit said, as it came. ``rank`` and ``ends_on`` are the unit's own words, not computed."""

    received_at: datetime
    outcome: Outcome
    amount_fen: int | None = None
    rank: int | None = None
    ends_on: date | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Renewal:
    """One prolongation 续行. It counts only if it reached the unit before the end it prolongs."""

    ordered_on: date
    state: RenewalState = RenewalState.DRAFTED
    served_at: datetime | None = None
    printed_end: date | None = None

    def __post_init__(self) -> None:
        if (self.state is RenewalState.SERVED) != (self.served_at is not None):
            raise WrongOrderOfEvents(
                measure="—",
                problem_zh="续行的送达状态与送达时刻不符",
                problem_en="a renewal is served exactly when it has a moment of service",
            )


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure on one asset, with its history.

    ``ceiling_fen`` is the amount the order names; ``printed_end`` the end it prints. ``served_at`` is when the order reached
    the unit. ``released_at``: a release reached the unit; ``disposed_at``: the asset was sold, deducted or given in payment.
    """

    id: str
    matter: str
    unit: str
    asset: Asset
    kind: MeasureKind
    basis: LegalBasis
    ordered_on: date
    ceiling_fen: int
    printed_end: date | None = None
    served_at: datetime | None = None
    answers: tuple[Answer, ...] = ()
    renewals: tuple[Renewal, ...] = ()
    released_at: datetime | None = None
    disposed_at: datetime | None = None
    officer: str = ""

    def __post_init__(self) -> None:
        if self.ceiling_fen < 0:
            raise BadAmount(what_zh="控制金额", what_en="the ceiling of an order", found=self.ceiling_fen)
        if self.served_at is not None and legal_date(self.served_at) < self.ordered_on:
            self._contradicts("送达早于作出", "it was served before it was made")
        for end in (self.released_at, self.disposed_at):
            if end is not None and (self.served_at is None or end < self.served_at):
                self._contradicts("解除或处置早于送达", "it ended before it was served")

    def _contradicts(self, zh: str, en: str) -> None:
        raise WrongOrderOfEvents(measure=self.id, problem_zh=zh, problem_en=en)

    @property
    def answer(self) -> Answer | None:
        """The answer that counts: the last received, of two in one moment the later recorded. Earlier ones stay on record."""
        return max(reversed(self.answers), key=lambda a: a.received_at) if self.answers else None

    @property
    def has_object(self) -> bool:
        """Whether the unit holds something; until it answers, the law says it does."""
        return self.answer is None or self.answer.outcome not in (Outcome.NOT_FOUND, Outcome.REFUSED)

    @property
    def is_hold(self) -> bool:
        """Whether the measure holds for a term; a deduction takes at once."""
        return self.kind is not MeasureKind.DEDUCT

    @property
    def renewal_state(self) -> RenewalState:
        """How far the latest renewal has come."""
        return self.renewals[-1].state if self.renewals else RenewalState.NONE

    # --- what may happen to it

    def served(self, at: datetime) -> Measure:
        """The order reached the unit."""
        if self.served_at is not None:
            self._contradicts("已送达，不能再次送达", "it has been served already")
        return replace(self, served_at=at)

    def answered(self, answer: Answer) -> Measure:
        """An answer came. It is never refused and never replaces an earlier one, even if it contradicts the order."""
        return replace(self, answers=(*self.answers, answer))

    def renewed(self, renewal: Renewal) -> Measure:
        """A renewal was drafted, or the one being made went a step further."""
        going_on = bool(self.renewals) and self.renewals[-1].state not in (
            RenewalState.SERVED,
            RenewalState.NOT_WANTED,
        )
        earlier = self.renewals[:-1] if going_on else self.renewals
        return replace(self, renewals=(*earlier, renewal))

    def released(self, at: datetime) -> Measure:
        """The release reached the unit."""
        if self.released_at is not None:
            self._contradicts("已解除，不能再次解除", "it has been released already")
        return replace(self, released_at=at)

    def disposed(self, at: datetime) -> Measure:
        """The asset was sold, deducted or given in payment; control on it ends for everyone (查扣冻规定 27)."""
        return replace(self, disposed_at=at)

    def as_enforcement(self) -> Measure:
        """A preservation becomes a measure of enforcement without a gap and with the same end (保全规定 17)."""
        if self.basis is not LegalBasis.PRESERVATION:
            self._contradicts("只有财产保全可以自动转为执行措施", "only a preservation becomes enforcement")
        return replace(self, basis=LegalBasis.ENFORCEMENT)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one measure stands at a moment, as :func:`.queue.stand` computes it.

    ``rank``: 1 is effective; ``None`` where nothing is held. ``effective_from`` is the moment it came first; ``ends_on`` the last
    day it holds (``None``: waiting without a printed end, or no object), ``ended_at`` when it ended. ``computed_end`` is the longest the
    law allows, beside the printed one. ``notes`` say what disagrees with the answer or the document.
    """

    measure: Measure
    state: State
    rank: int | None
    effective_from: datetime | None
    ends_on: date | None
    ended_at: datetime | None
    computed_end: date | None
    provisional: bool = False
    unverified: bool = False
    notes: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        return self.state is State.EFFECTIVE

    @property
    def net_fen(self) -> int:
        """What it holds for the claim: nothing unless effective and first (DESIGN invariant 3)."""
        if not self.holds or not self.measure.is_hold:
            return 0
        answer = self.measure.answer
        if answer is None:
            return 0  # nobody knows yet what is there
        return self.measure.asset.net_fen(answer.amount_fen)
