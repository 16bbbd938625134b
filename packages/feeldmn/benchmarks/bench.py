"""Times a decision table of twenty rules and ten expressions beside other engines, in one run.

Usage: `python benchmarks/bench.py [--seconds S] [--markdown FILE]`. All figures are microseconds a call, the best
of five rounds. Peers are optional: feelin (npm), pySFeel, zen-engine and cel-python (pip).
"""

from __future__ import annotations

import argparse
import importlib.metadata
import logging
import os
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

import peers
import workload

import feeldmn


def microseconds(work: Callable[[], Any], seconds: float) -> float:
    """Return microseconds a call: the best of five rounds."""
    work()
    best = float("inf")
    for _ in range(5):
        count, start = 0, time.perf_counter()
        end = start + seconds / 5
        while True:
            for _ in range(10):
                work()
            count += 10
            now = time.perf_counter()
            if now >= end:
                break
        best = min(best, (now - start) / count)
    return best * 1e6


def own_table() -> list[Callable[[], Any]]:
    """Return the calls of the compiled table."""
    decision = feeldmn.read_dmn(workload.dmn()).decision("routing")
    return [lambda call=call: decision.evaluate(call).value for call in workload.CALLS]


def own_table_cold() -> list[Callable[[], Any]]:
    """Return calls that read and compile the table each time."""
    content = workload.dmn()
    return [
        lambda call=call: feeldmn.read_dmn(content).decision("routing").evaluate(call).value
        for call in workload.CALLS
    ]


def own_expressions(*, compiled: bool) -> dict[str, Callable[[], Any]]:
    """Return the ten expressions."""
    found: dict[str, Callable[[], Any]] = {}
    for name, source, _zen, _cel in workload.EXPRESSIONS:
        if compiled:
            expression = feeldmn.compile_expression(source)
            found[name] = lambda expression=expression: expression(workload.CONTEXT)
        else:
            found[name] = lambda source=source: feeldmn.compile_expression(source)(workload.CONTEXT)
    return found


def machine() -> str:
    """Return what the figures were measured on."""
    model = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        model = next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    return f"{model}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


def _version(name: str) -> str:
    try:
        return f"{name} {importlib.metadata.version(name)}"
    except importlib.metadata.PackageNotFoundError:
        return f"{name} (absent)"


def run(seconds: float) -> list[str]:
    """Return the lines of the report."""

    def mean(calls: list[Callable[[], Any]] | None) -> float | None:
        return None if calls is None else sum(microseconds(call, seconds) for call in calls) / len(calls)

    def each(found: dict[str, Callable[[], Any]] | None) -> dict[str, float] | None:
        return None if found is None else {name: microseconds(work, seconds) for name, work in found.items()}

    node = peers.feelin(seconds)
    lines = [
        f"machine: {machine()}",
        f"peers: {_version('zen-engine')}, {_version('cel-python')}, {_version('pysfeel')}, "
        f"{peers.feelin_version()}",
        "",
        "Decision table: 20 rules, 3 inputs, 2 outputs; the mean of 4 calls (first row, middle, last, none), µs a call",
        "",
        "| engine | µs |",
        "|---|---:|",
    ]
    for label, figure in (
        ("feeldmn, compiled", mean(own_table())),
        ("zen-engine, compiled", mean(peers.zen_table())),
        ("feelin, cell by cell (it has no tables)", node["table"] if node else None),
        ("feeldmn, reading the DMN file each time", mean(own_table_cold())),
    ):
        lines.append(f"| {label} | {_text(figure)} |")
    columns: list[tuple[str, dict[str, float] | None]] = [
        ("feeldmn compiled", each(own_expressions(compiled=True))),
        ("cel-python compiled", each(peers.cel_expressions(compiled=True))),
        ("zen compiled", each(peers.zen_expressions(compiled=True))),
        ("feeldmn", each(own_expressions(compiled=False))),
        ("pySFeel", each(peers.pysfeel_expressions())),
        ("cel-python", each(peers.cel_expressions(compiled=False))),
        ("zen", each(peers.zen_expressions(compiled=False))),
        ("feelin", node["expressions"] if node else None),
    ]
    lines += [
        "",
        "Ten expressions, µs a call; on the left parsed once, on the right parsed at each call",
        "",
        "| expression | " + " | ".join(label for label, _ in columns) + " |",
        "|---|" + "---:|" * len(columns),
    ]
    for name, *_ in workload.EXPRESSIONS:
        cells = [_text(None if found is None else found.get(name)) for _, found in columns]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    lines += ["", "–: the engine is absent, or has no such expression or gave no answer."]
    return lines


def _text(figure: float | None) -> str:
    return "–" if figure is None else f"{figure:,.1f}"


def main() -> None:
    """Print the report."""
    logging.disable(logging.CRITICAL)  # pySFeel logs what it cannot parse
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=0.25, help="time spent on each figure")
    parser.add_argument("--markdown", type=Path, help="also write the report here")
    options = parser.parse_args()
    lines = run(options.seconds)
    print("\n".join(lines))
    if options.markdown is not None:
        options.markdown.write_text(
            "# Benchmark\n\nWritten by `make bench`.\n\n" + "\n".join(lines) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    main()
