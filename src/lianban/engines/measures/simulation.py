"""Three years of control with leave and holidays: does anything lapse unannounced, is every planted over-freeze found?

Pure and seeded. Measures of every family are served, printed, renewed or let go; officers, deputies and heads go on leave; the
engine's own columns (:mod:`lianban.engines.clocks.bulk`, :mod:`.warnings`, :mod:`.sweeps`) do the work, and a referee that
shares none of that code judges it. ``naive=True`` runs the radar that every court starts with, a note to the officer on the very day, so
that the referee is seen to find misses where there are some.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from lianban.engines.clocks import ClockBook
from lianban.engines.clocks.bulk import ClockColumns, due_columns

from .settings import MeasureSettings
from .sweeps import first_excess
from .warnings import NOBODY, Roster, deliver

FIRST, LAST = date(2023, 12, 1), date(2026, 11, 30)
_CLOCKS = (
    "enforcement.freeze_deposit",
    "enforcement.seize_movable",
    "enforcement.seal_immovable",
    "enforcement.freeze_other_rights",
)
_SHARES = (0.55, 0.15, 0.2, 0.1)
_PER_OFFICER = 2200  # the paper ledger of one judge
_DEFAULT = MeasureSettings()
Dates = npt.NDArray[np.datetime64]
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SimulationReport:
    """What the referee found. ``lapses``: measures that ended unrenewed; ``unannounced``: of those, without a warning that
    reached a person at work at least the nearest radar day before. ``renewed``: renewals served. ``outlived``: ends beyond the
    longest term. ``planted``: over-freezes put in; ``found`` on the very day they came about; ``false_alarms``: others."""

    measures: int
    officers: int
    ends: int
    renewed: int
    lapses: int
    unannounced: int
    on_rest_days: int
    outlived: int
    planted: int
    found: int
    false_alarms: int


def simulate(
    book: ClockBook,
    *,
    measures: int = 10_000,
    seed: int = 20261124,
    settings: MeasureSettings = _DEFAULT,
    naive: bool = False,
) -> SimulationReport:
    """Run ``measures`` measures through three years. Deterministic for a seed."""
    rng = np.random.default_rng(seed)
    officers = max(measures // _PER_OFFICER, 3)
    leaves = _leaves(rng, officers)
    person = np.arange(officers)
    roster = Roster.of(
        book.calendar, FIRST - timedelta(days=90), LAST, leaves, (person + 1) % officers, person // 8 * 8
    )
    family = rng.choice(len(_CLOCKS), measures, p=_SHARES)
    served = np.datetime64(FIRST) + rng.integers(0, (LAST - FIRST).days - 60, measures).astype(
        "timedelta64[D]"
    )
    officer = rng.integers(0, officers, measures)
    printed = np.full(measures, np.datetime64("NaT"), dtype="datetime64[D]")
    prints = rng.random(measures) < 0.6  # some documents print an end, often too short and sometimes too late
    printed[prints] = served[prints] + rng.integers(40, 1200, int(prints.sum())).astype("timedelta64[D]")
    end = _ends(book, family, served, printed)
    outlived = int((end > _longest(family, served)).sum())

    rows = np.arange(measures)
    live_end = end.copy()
    ends = renewed = lapses = unannounced = rest = 0
    begin = served.copy()
    while rows.size:
        rows = rows[live_end[rows] <= np.datetime64(LAST)]
        ends += rows.size
        again = rng.random(rows.size) < 0.8
        lapsed = rows[~again]
        lapses += lapsed.size
        days, people = _warnings(roster, live_end[lapsed], officer[lapsed], settings, naive)
        unannounced += _unannounced(book, leaves, live_end[lapsed], begin[lapsed], days, people, settings)
        rest += sum(
            not book.calendar.is_working_day(day) for day in np.unique(live_end[lapsed]).astype(object)
        )
        rows = rows[again]
        renewed += rows.size
        begin[rows] = live_end[rows]
        longer = _ends(book, family[rows], live_end[rows], None)
        outlived += int((longer > _longest(family[rows], live_end[rows])).sum())
        live_end[rows] = longer
    planted, found, false_alarms = _over_freezes(rng, served, live_end)
    return SimulationReport(
        measures, officers, ends, renewed, lapses, unannounced, rest, outlived, planted, found, false_alarms
    )


def _leaves(rng: np.random.Generator, officers: int) -> list[tuple[int, date, date]]:
    """Each officer is away some four times a year, from a day to five weeks, heads and deputies alike."""
    leaves = []
    for person in range(officers):
        for _ in range(12):
            begin = FIRST + timedelta(days=int(rng.integers(-60, (LAST - FIRST).days)))
            leaves.append((person, begin, begin + timedelta(days=int(rng.integers(0, 36)))))
    return leaves


def _ends(book: ClockBook, family: Whole, begins: Dates, printed: Dates | None) -> Dates:
    return due_columns(book, ClockColumns(_CLOCKS, family, begins, printed_end=printed)).legal_date


def _longest(family: Whole, begins: Dates) -> Dates:
    """The referee's own years: 1, 2, 3, 3 to the corresponding day, 28 February where there is none."""
    years = np.array([1, 2, 3, 3])[family]
    month = begins.astype("datetime64[M]")
    day = (begins - month.astype("datetime64[D]")).astype(np.int64)
    target = month + (years * 12).astype("timedelta64[M]")
    length = ((target + 1).astype("datetime64[D]") - target.astype("datetime64[D]")).astype(np.int64)
    ends: Dates = target.astype("datetime64[D]") + np.minimum(day, length - 1).astype("timedelta64[D]")
    return ends


def _warnings(
    roster: Roster, ends: Dates, officer: Whole, settings: MeasureSettings, naive: bool
) -> tuple[list[Dates], list[Whole]]:
    if not naive:
        pairs = [deliver(roster, ends, officer, days) for days in settings.radar_days]
        return [day for day, _ in pairs], [people for _, people in pairs]
    days = [ends - np.timedelta64(n, "D") for n in settings.radar_days]
    return days, [officer for _ in days]


def _unannounced(
    book: ClockBook,
    leaves: list[tuple[int, date, date]],
    ends: Dates,
    begins: Dates,
    days: list[Dates],
    people: list[Whole],
    settings: MeasureSettings,
) -> int:
    """The referee: from the leaves and the calendar themselves, without the roster."""
    away: dict[int, set[int]] = {}
    for person, begin, end in leaves:
        away.setdefault(person, set()).update(range(begin.toordinal(), end.toordinal() + 1))
    rest: dict[int, bool] = {}
    epoch = date(1970, 1, 1).toordinal()
    missed = 0
    columns = [(d.astype(np.int64).tolist(), p.tolist()) for d, p in zip(days, people, strict=True)]
    for row, (end, begin) in enumerate(
        zip(ends.astype(np.int64).tolist(), begins.astype(np.int64).tolist(), strict=True)
    ):
        for warned, whom in columns:
            day = warned[row] + epoch
            if whom[row] == NOBODY or not begin + epoch <= day <= end + epoch - settings.radar_days[-1]:
                continue
            if day not in rest:
                rest[day] = not book.calendar.is_working_day(date.fromordinal(day))
            if not rest[day] and day not in away.get(whom[row], ()):
                break
        else:
            missed += 1
    return missed


def _over_freezes(rng: np.random.Generator, served: Dates, ends: Dates) -> tuple[int, int, int]:
    """Plant excesses with a known first day among matters that never hold too much, and decoys that only look so."""
    size = served.shape[0]
    matters = max(size // 5, 4)
    matter = rng.integers(0, matters, size)
    net = rng.integers(1, 50_000_000, size)
    limit = np.zeros(matters, dtype=np.int64)
    np.add.at(limit, matter, net)  # all at once would just fit: no excess of its own
    limit += 1
    chosen = rng.permutation(matters)
    third = max(matters // 100, 1)
    direct, promoted, decoy = chosen[:third], chosen[third : 2 * third], chosen[2 * third : 3 * third]
    day = np.datetime64(FIRST) + rng.integers(0, (LAST - FIRST).days, 3 * third).astype("timedelta64[D]")
    never = np.full(third, np.datetime64("NaT"), dtype="datetime64[D]")
    # Directly served; promoted on that day; and one that stays 轮候 for ever, whatever its value.
    begins = np.concatenate([served, day[: 2 * third], never])
    lasts = np.concatenate([ends, day[: 2 * third] + np.timedelta64(30, "D"), never])
    values = np.concatenate([net, limit[direct] + 1, limit[promoted] + 1, limit[decoy] * 10])
    owner = np.concatenate([matter, direct, promoted, decoy])
    found = first_excess(owner, begins, lasts, values, limit)
    truth = np.full(matters, np.datetime64("NaT"), dtype="datetime64[D]")
    truth[direct], truth[promoted] = day[:third], day[third : 2 * third]
    hit = int(((found == truth) & ~np.isnat(truth)).sum())
    return 2 * third, hit, int((~np.isnat(found) & np.isnat(truth)).sum())
