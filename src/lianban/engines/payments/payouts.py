"""Money in the court's account: arrived, held for a reason, paid out before the clock ends.

Two clocks with different triggers, by setting: thirty days from the finance office's notice of arrival (法发〔2017〕6号 10 S), days
of an objection, a dispute or a distribution not counted; or twenty from the day the conditions for payout are met (Beijing, seed).
A hold needs its reason in words and a named kind; one that only delays does not stop the clock.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from lianban.engines import clocks
from lianban.engines.clocks import ClockBook, RunningClock, legal_date

from .claims import unique, whole
from .errors import EventsOutOfOrder, FundHeld, HoldNeedsReason
from .rates import PaymentSettings

FROM_NOTICE = "business.fund_payout"
FROM_CONDITIONS = "business.fund_payout_beijing"
_GROUND = "payout_disputed"


class HoldKind(StrEnum):
    """Why money stays. The first four stop the thirty-day clock (法发〔2017〕6号 10); the others need the president's word."""

    OBJECTION = "objection"  # 执行行为异议
    THIRD_PARTY_CLAIM = "third_party_claim"  # 案外人异议
    DISPUTE = "dispute"  # 权属争议
    DISTRIBUTION = "distribution"  # 须制作分配方案
    CREDITOR_UNREACHABLE = "creditor_unreachable"
    ACCOUNT_MISSING = "account_missing"
    PRESIDENT = "president"  # 院长批准延缓

    @property
    def stops_clock(self) -> bool:
        return self in (
            HoldKind.OBJECTION,
            HoldKind.THIRD_PARTY_CLAIM,
            HoldKind.DISPUTE,
            HoldKind.DISTRIBUTION,
        )


@dataclass(frozen=True, slots=True)
class Hold:
    """Money that may not be paid yet. ``amount_fen`` of ``None``: all of it. ``until`` of ``None``: still held."""

    id: str
    kind: HoldKind
    reason: str
    since: datetime
    amount_fen: int | None = None
    until: datetime | None = None

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise HoldNeedsReason()
        if self.amount_fen is not None:
            whole(self.amount_fen, "暂缓金额", "an amount on hold")
        if self.until is not None and self.until < self.since:
            raise EventsOutOfOrder(
                id=self.id, problem_zh="结束早于开始", problem_en="it ends before it starts"
            )


@dataclass(frozen=True, slots=True)
class Payout:
    """Money that left the account."""

    id: str
    to: str
    amount_fen: int
    paid_at: datetime

    def __post_init__(self) -> None:
        whole(self.amount_fen, "发放金额", "a payout")


@dataclass(frozen=True, slots=True)
class Fund:
    """One sum that arrived 案款. ``notified_at``: the finance office's notice; ``ready_at``: the conditions for payout were met."""

    id: str
    matter: str
    amount_fen: int
    arrived_at: datetime
    notified_at: datetime | None = None
    ready_at: datetime | None = None
    holds: tuple[Hold, ...] = ()
    payouts: tuple[Payout, ...] = ()

    def __post_init__(self) -> None:
        whole(self.amount_fen, "到账金额", "an amount received")
        for moment in (self.notified_at, self.ready_at):
            if moment is not None and moment < self.arrived_at:
                raise EventsOutOfOrder(
                    id=self.id,
                    problem_zh="通知或具备条件早于到账",
                    problem_en="it was notified or ready before it arrived",
                )
        unique(hold.id for hold in self.holds)
        unique(payout.id for payout in self.payouts)

    @property
    def paid_fen(self) -> int:
        return sum(payout.amount_fen for payout in self.payouts)

    def held_fen(self, now: datetime) -> int:
        """What holds keep back ``now``: several holds may be about the same money, so the largest counts, never a sum above it."""
        left = self.amount_fen - self.paid_fen
        amounts = [left if h.amount_fen is None else min(h.amount_fen, left) for h in self._open(now)]
        return max(amounts, default=0)

    def payable_fen(self, now: datetime) -> int:
        return self.amount_fen - self.paid_fen - self.held_fen(now)

    def hold(self, hold: Hold) -> Fund:
        """Hold money back."""
        return replace(self, holds=(*self.holds, hold))

    def lift(self, id: str, at: datetime) -> Fund:
        """End a hold. Raises KeyError for one that is not there."""
        if all(hold.id != id for hold in self.holds):
            raise KeyError(id)
        return replace(self, holds=tuple(replace(h, until=at) if h.id == id else h for h in self.holds))

    def pay(self, payout: Payout) -> Fund:
        """Pay out, at most what is not held. Raises :class:`FundHeld`, :class:`SameIdTwice`."""
        payable = self.payable_fen(payout.paid_at)
        if payout.amount_fen > payable:
            reasons = "、".join(h.kind.value for h in self._open(payout.paid_at)) or "—"
            raise FundHeld(fund=self.id, payable=payable, amount=payout.amount_fen, reasons=reasons)
        return replace(self, payouts=(*self.payouts, payout))

    def _open(self, now: datetime) -> list[Hold]:
        return [h for h in self.holds if h.since <= now and (h.until is None or h.until > now)]


def payout_clock(
    book: ClockBook, fund: Fund, now: datetime, settings: PaymentSettings | None = None
) -> RunningClock | None:
    """The clock of the payout as it stands ``now``; ``None`` while its trigger has not happened.

    From the notice: holds that stop the clock pause it, and it is paused while one is open. From the conditions: with an open
    hold the conditions are not met, and after one they are met on the day it ends. A fund paid in full finishes the clock.
    """
    settings = settings or PaymentSettings()
    code = settings.payout_clock
    stops = [h for h in fund.holds if h.kind.stops_clock and h.since <= now]
    if code == FROM_CONDITIONS or not _can_pause(book, code, now):
        if (
            fund.ready_at is None
            or fund.ready_at > now
            or any(h.until is None or h.until > now for h in stops)
        ):
            return None
        return _finished(
            book, clocks.start(book, code, max([fund.ready_at, *(h.until or now for h in stops)])), fund
        )
    if fund.notified_at is None or fund.notified_at > now:
        return None
    clock = clocks.start(book, code, fund.notified_at)
    for begin, end in _stretches(stops, fund.notified_at, now):
        if end is None:
            if clock.due_at is not None and begin <= clock.due_at:
                clock = clocks.pause(book, clock, _GROUND, begin)
        elif clock.due_at is not None and begin <= clock.due_at:
            clock = clocks.exclude(book, clock, _GROUND, begin, end)
    return _finished(book, clock, fund)


def overdue(book: ClockBook, fund: Fund, now: datetime, settings: PaymentSettings | None = None) -> bool:
    """Whether the money should have been paid out by now and was not."""
    clock = payout_clock(book, fund, now, settings)
    done = fund.paid_fen >= fund.amount_fen
    return bool(clock is not None and not done and clock.due_at is not None and now > clock.due_at)


def _can_pause(book: ClockBook, code: str, now: datetime) -> bool:
    return any(pause.code == _GROUND for pause in book.version(code, legal_date(now)).pauses)


def _stretches(
    stops: list[Hold], earliest: datetime, now: datetime
) -> list[tuple[datetime, datetime | None]]:
    """The union of the holds as stretches; the last is open where one still holds."""
    union: list[tuple[datetime, datetime | None]] = []
    for hold in sorted(stops, key=lambda h: h.since):
        begin = max(hold.since, earliest)
        end = hold.until if hold.until is not None and hold.until <= now else None
        if end is not None and end <= begin:
            continue
        if union and (union[-1][1] is None or begin <= union[-1][1]):
            last = union[-1][1]
            union[-1] = (union[-1][0], None if last is None or end is None else max(last, end))
        else:
            union.append((begin, end))
    return union


def _finished(book: ClockBook, clock: RunningClock, fund: Fund) -> RunningClock:
    if fund.paid_fen < fund.amount_fen or not fund.payouts:
        return clock
    return clocks.finish(book, clock, max([clock.trigger, *(p.paid_at for p in fund.payouts)]))
