"""Decision tables and expressions of FEEL, beside the engines that are installed. The report is packages/feeldmn's own.

``python packages/feeldmn/benchmarks/bench.py`` prints it expression by expression, with more peers (pySFeel, feelin).
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from importlib import metadata
from typing import Any

from benchmarks.deployment import tell
from benchmarks.table import PROJECT, BenchRow


def rows(full: bool) -> list[BenchRow]:
    sys.path.insert(0, str(PROJECT / "packages" / "feeldmn" / "benchmarks"))
    import bench
    import peers

    logging.disable(logging.CRITICAL)  # a peer logs what it cannot parse
    seconds = 0.5 if full else 0.2

    def micros(calls: list[Callable[[], Any]] | None) -> float | None:
        return (
            None if calls is None else sum(bench.microseconds(call, seconds) for call in calls) / len(calls)
        )

    found = [
        _row("FEEL: a decision table of 20 rules", "3 inputs, 2 outputs, the mean of 4 calls, compiled", "zen-engine",
             micros(peers.zen_table()), micros(bench.own_table())),
    ]  # fmt: skip
    own, cel = bench.own_expressions(compiled=True), peers.cel_expressions(compiled=True)
    both = sorted(set(own) & set(cel or {})) or sorted(own)
    tell(f"  expressions that both have: {', '.join(both)}")
    found.append(
        _row(f"FEEL: {len(both)} expressions", "the mean, compiled; those that the peer has too", "cel-python",
             micros([cel[name] for name in both]) if cel else None, micros([own[name] for name in both])),
    )  # fmt: skip
    return found


def _row(what: str, data: str, peer: str, theirs: float | None, ours: float | None) -> BenchRow:
    assert ours is not None
    if theirs is None:
        return BenchRow(what, data, f"{peer}: not installed", f"{ours:.1f} µs")
    return BenchRow(
        what, data, f"{peer} {metadata.version(peer)}: {theirs:.1f} µs", f"{ours:.1f} µs", theirs / ours
    )
