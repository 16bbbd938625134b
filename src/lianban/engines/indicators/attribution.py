"""Who held the ball: the time of a matter, shared out among agencies so that the parts are the whole.

At each instant the agencies that hold the ball share it equally (a letter to 31 agencies waits for all of
them), and where nobody holds it, it belongs to nobody, which is shown and not hidden. Shares are exact
fractions of a microsecond; they become whole microseconds by the largest remainder (Hamilton's method), so the
sum is the whole, to the last one.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from lianban.engines.indicators.errors import BackwardInterval, BadScope

_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Held:
    """``agency`` held the ball from ``start`` until just before ``end`` (aware instants)."""

    agency: str
    start: datetime
    end: datetime


def attribute(
    intervals: Iterable[Held], *, start: datetime | None = None, end: datetime | None = None
) -> dict[str | None, timedelta]:
    """How much of the time from ``start`` to ``end`` each agency had the ball.

    Without ``start`` and ``end``, the whole is from the first interval's start to the last one's end. The
    values add up to it exactly. The key ``None`` holds the time in which nobody had the ball; it is left out
    when there was none. An agency that holds two things at once counts once. Intervals outside are cut. The
    order of the intervals does not matter. Raises :class:`BackwardInterval` or :class:`BadScope`.
    """
    held = list(intervals)
    for one in held:
        if one.start.tzinfo is None or one.end.tzinfo is None or one.end < one.start:
            raise BackwardInterval(agency=one.agency, start=str(one.start), end=str(one.end))
    if start is None:
        start = min((one.start for one in held), default=None)
    if end is None:
        end = max((one.end for one in held), default=None)
    if start is None or end is None:
        return {}
    if start.tzinfo is None or end.tzinfo is None or end < start:
        raise BadScope(
            problem_zh=f"起 {start} 止 {end} 不可用", problem_en=f"from {start} to {end} is no period"
        )
    shares = _shares(held, start, end)
    return _whole(shares, (end - start) // _MICROSECOND)


def _shares(held: list[Held], start: datetime, end: datetime) -> dict[str | None, Fraction]:
    # +1 or -1 for an agency at an instant, cut to the period; between two instants the holders do not change.
    changes: dict[datetime, list[tuple[str, int]]] = {start: [], end: []}
    for one in held:
        first, last = max(one.start, start), min(one.end, end)
        if first < last:
            changes.setdefault(first, []).append((one.agency, 1))
            changes.setdefault(last, []).append((one.agency, -1))
    holding: dict[str, int] = {}
    shares: dict[str | None, Fraction] = {one.agency: Fraction(0) for one in held}
    moments = sorted(changes)
    for moment, following in itertools.pairwise(moments):
        for agency, change in changes[moment]:
            holding[agency] = holding.get(agency, 0) + change
            if not holding[agency]:
                del holding[agency]
        length = (following - moment) // _MICROSECOND
        for agency in holding:
            shares[agency] += Fraction(length, len(holding))
        if not holding:
            shares[None] = shares.get(None, Fraction(0)) + length
    return shares


def _whole(shares: dict[str | None, Fraction], total: int) -> dict[str | None, timedelta]:
    whole = {agency: share.numerator // share.denominator for agency, share in shares.items()}
    rest = total - sum(whole.values())
    # The largest remainders get the microseconds left over; names decide between equals, so that the result
    # does not depend on the order of the intervals.
    by_remainder = sorted(
        shares, key=lambda agency: (whole[agency] - shares[agency], agency is None, agency or "")
    )
    for agency in by_remainder[:rest]:
        whole[agency] += 1
    return {agency: count * _MICROSECOND for agency, count in whole.items()}
