"""What one objection starts, and until when it bars the disposal of an asset."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lianban.engines.clocks import ClockBook

from .book import ObjectionBook, ObjectionKind
from .errors import NotTheNextRemedy, TooLate


@dataclass(frozen=True, slots=True)
class Raised:
    """The clocks of the court that start when one is received."""

    kind: ObjectionKind
    clocks: tuple[str, ...]


def raise_objection(
    book: ObjectionBook, clocks: ClockBook, code: str, received_on: date, *, served_on: date | None = None,
    refused_before: bool = False, put_off: bool = False,
) -> Raised:  # fmt: skip
    """Take in an objection or a request for review that arrived on ``received_on``.

    ``served_on``: when the decision it is against was served, which starts the party's own period (``ask``);
    ``refused_before``: the step before was refused; ``put_off``: the court allowed more time (民诉法 86). Raises
    :class:`UnknownObjection`, :class:`NotTheNextRemedy`, :class:`TooLate`.
    """
    kind = book.kind(code)
    if book.before(code) is not None and not refused_before:
        raise NotTheNextRemedy(kind_zh=kind.name.zh, kind_en=kind.name.en)
    if kind.ask and served_on is not None and not put_off:
        due = clocks.due(kind.ask, served_on)
        if received_on > due.legal_date:
            raise TooLate(
                kind_zh=kind.name.zh, kind_en=kind.name.en, due=due.legal_date.isoformat(),
                received=received_on.isoformat(), source_zh=kind.source.text("zh"), source_en=kind.source.text("en"),
            )  # fmt: skip
    return Raised(kind, tuple(name for name in (kind.file, kind.decide) if name))


@dataclass(frozen=True, slots=True)
class ThirdPartyClaim:
    """Where a third party's objection stands. ``upheld`` None: not decided. ``suit_ended``: the suit, if any, is over."""

    received_on: date
    upheld: bool | None = None
    served_on: date | None = None
    suit_filed: bool = False
    suit_ended: bool = False


def bars_disposal(clocks: ClockBook, claim: ThirdPartyClaim, on: date) -> bool:
    """Whether the asset may not be disposed of on a day (民诉法 238; 执行程序解释 15).

    Barred from receipt until the decision; after a refusal until the fifteen days to sue are over (or, not yet served,
    without end); during a suit until it ends. Upheld, enforcement against the asset stops: it stays barred.
    """
    if on < claim.received_on:
        return False
    if claim.upheld is None or claim.upheld:
        return True
    if claim.suit_filed:
        return not claim.suit_ended
    if claim.served_on is None:
        return True
    return on <= clocks.due("enforcement.third_party_suit", claim.served_on).legal_date
