"""A year and more through the database with leave and holidays: nothing lapses unannounced, every over-freeze is found."""

from __future__ import annotations

import os

from measure_years import live, shown


def test_nothing_lapses_unannounced_and_every_excess_is_found(holding, record_property):
    """Day by day with the clock worker; LIANBAN_SIMULATED=2000 runs three years of two thousand measures."""
    count = int(os.environ.get("LIANBAN_SIMULATED", "60"))
    report = live(holding, count, 1096 if count >= 1000 else 300)
    record_property("simulation", shown(report))
    print(shown(report))
    assert report.unannounced == 0, report.missed
    assert report.outlived == 0
    assert report.lapses > count // 20 and report.renewed > count // 6
    assert (report.found, report.false_alarms) == (report.planted, 0)
    assert report.planted >= 4


def test_referee_finds_what_nobody_handed_over(holding):
    """The same court where nobody hands over a post before a leave: the referee does find lapses that no one was told of."""
    report = live(holding, 60, 300, naive=True)
    assert report.unannounced > 0
