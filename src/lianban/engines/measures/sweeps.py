"""Control over time, for millions of measures at once: on which day a matter first holds too much.

The same rule as :mod:`.control`, on numpy arrays of integers; tests prove that both agree. Used by the nightly sweep and the
simulation: promotions and new valuations bring an excess about without anybody ordering anything.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Dates = npt.NDArray[np.datetime64]
Whole = npt.NDArray[np.int64]

_DAY = np.timedelta64(1, "D")


def held_on(
    matter: Whole, begins: Dates, ends_on: Dates, net_fen: Whole, matters: int, day: np.datetime64
) -> Whole:
    """What each of ``matters`` holds on ``day``. ``begins`` of NaT: never first, holds nothing; ``ends_on`` of NaT: no end."""
    live = (begins <= day) & ((ends_on >= day) | np.isnat(ends_on))
    held = np.zeros(matters, dtype=np.int64)
    np.add.at(held, matter[live], net_fen[live])
    return held


def first_excess(
    matter: Whole,
    begins: Dates,
    ends_on: Dates,
    net_fen: Whole,
    limit_fen: Whole,
    tolerance_permille: int = 0,
) -> Dates:
    """The first day on which each matter holds more than its limit; NaT if never.

    ``matter`` indexes into ``limit_fen``. ``begins`` is the day a measure came first (NaT: it never did), ``ends_on`` its last day
    (NaT: none). Exact integers throughout.
    """
    counts = ~np.isnat(begins) & (net_fen != 0)
    closes = counts & ~np.isnat(ends_on)
    owner = np.concatenate([matter[counts], matter[closes]])
    day = np.concatenate([begins[counts], ends_on[closes] + _DAY])
    change = np.concatenate([net_fen[counts], -net_fen[closes]])
    order = np.lexsort((day, owner))
    owner, day, change = owner[order], day[order], change[order]
    found = np.full(limit_fen.shape[0], np.datetime64("NaT"), dtype="datetime64[D]")
    if not owner.size:
        return found
    running = np.cumsum(change)
    starts = np.flatnonzero(np.concatenate(([True], owner[1:] != owner[:-1])))
    before = np.concatenate(([0], running[starts[1:] - 1]))
    running -= np.repeat(before, np.diff(np.concatenate((starts, [owner.size]))))
    last_of_day = np.concatenate(((owner[1:] != owner[:-1]) | (day[1:] != day[:-1]), [True]))
    limit = limit_fen[owner]
    over = last_of_day & ((running - limit) * 1000 > limit * tolerance_permille)
    rows = np.flatnonzero(over)[::-1]  # the earliest is written last and stays
    found[owner[rows]] = day[rows]
    return found
