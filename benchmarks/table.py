"""One table of everything that is measured: what, on which data, the peer's figure, ours, the ratio, the goal.

A benchmark is a package ``benchmarks/NAME`` with ``rows(full: bool) -> list[BenchRow]`` in its ``__init__``, and its
docstring says what it measures. It prints what it likes while it works; it checks its own result and raises
:class:`WrongResult` when that is not right: a fast wrong figure is none. Each runs in a process of its own, as most
have a database of their own::

    python -m benchmarks.table                  all, in the sizes that end within a quarter of an hour on two cores
    FULL=1 python -m benchmarks.table           all, at full size
    python -m benchmarks.table inbox timers     these
    python -m benchmarks.table --json table.json

``lianban bench`` and ``make bench`` call this.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
# The order of the table; a package that is not named here comes after these.
ORDER = (
    "kernel", "spiff", "storage", "inbox", "migration", "timers", "letters", "collision", "process", "feel", "clocks",
    "identifiers", "measures", "city", "imports", "documents",
)  # fmt: skip
WIDTHS = {"what": 44, "data": 46, "peer": 34, "ours": 34, "ratio": 8, "goal": 26}


@dataclass(frozen=True)
class BenchRow:
    """One line of the table. Figures are texts with their unit ("1,234 steps/s"), as they are to be read."""

    what: str
    data: str
    """What it was done on: how much, made how."""
    peer: str
    """Who the peer is, and its figure in the same run; empty where there is none."""
    ours: str
    ratio: float | None = None
    """Ours against the peer's; which way, the goal says ("≥ 20×", "≤ 2×")."""
    goal: str = ""
    met: bool | None = None
    """Whether the goal was reached in this run; None where there is none, or where the size was not the goal's."""


class WrongResult(Exception):
    """What was measured did not come out right: something lost, doubled or different."""


class NotHere(Exception):
    """What the benchmark needs is not on this machine (a data file, a program); its text says what."""


@dataclass(frozen=True)
class Outcome:
    """What one benchmark gave: rows, or the reason why it gave none."""

    name: str
    rows: list[BenchRow] = field(default_factory=list)
    seconds: float = 0.0
    absent: str = ""
    failed: str = ""


def is_full() -> bool:
    return os.environ.get("FULL", "") not in ("", "0")


def known() -> list[str]:
    """The names of the benchmarks that have rows, in the order of the table."""
    found = [
        file.parent.name
        for file in (PROJECT / "benchmarks").glob("*/__init__.py")
        if re.search(
            r"^def rows\(|^from .* import .*\brows\b", file.read_text(encoding="utf-8"), re.MULTILINE
        )
    ]
    return sorted(found, key=lambda name: (ORDER.index(name) if name in ORDER else len(ORDER), name))


def processor() -> str:
    """The processor's own name where Linux tells it."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.is_file() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def machine() -> str:
    """One line: processor, cores, memory, how busy it was already, system, Python."""
    memory = ""
    with contextlib.suppress(ValueError, OSError, AttributeError):
        memory = f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GB, "
    load = f"load before {os.getloadavg()[0]:.1f}, " if hasattr(os, "getloadavg") else ""
    return (f"{processor()}, {os.cpu_count()} cores, {memory}{load}{platform.system()} {platform.release()}, "
            f"Python {platform.python_version()}")  # fmt: skip


# --- printing


def width(text: str) -> int:
    """Columns of a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def wrapped(text: str, columns: int) -> list[str]:
    lines = [""]
    for word in text.split():
        if lines[-1] and width(lines[-1]) + 1 + width(word) > columns:
            lines.append("")
        lines[-1] += f" {word}" if lines[-1] else word
    return lines


def cells(row: BenchRow) -> list[str]:
    mark = {True: " ✓", False: " ✗ missed", None: ""}[row.met]
    ratio = "" if row.ratio is None else f"{row.ratio:,.0f}×" if row.ratio >= 100 else f"{row.ratio:.2f}×"
    return [row.what, row.data, row.peer or "—", row.ours, ratio or "—", (row.goal + mark).strip() or "—"]


def printed(rows: Sequence[BenchRow], where: str) -> str:
    """The table as text."""
    lines = [list(WIDTHS), ["-" * number for number in WIDTHS.values()]]
    for row in rows:
        columns = [wrapped(cell, size) for cell, size in zip(cells(row), WIDTHS.values(), strict=True)]
        height = max(map(len, columns))
        lines += [[column[n] if n < len(column) else "" for column in columns] for n in range(height)]
    text = [
        "  ".join(
            cell + " " * (size - width(cell)) for cell, size in zip(line, WIDTHS.values(), strict=True)
        ).rstrip()
        for line in lines
    ]
    return "\n".join([*text, "", f"machine: {where}"])


# --- running


def run_one(name: str, full: bool) -> Outcome:
    """One benchmark in a process of its own; what it prints goes to this process's error output."""
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder, "rows.json")
        command = [sys.executable, "-m", "benchmarks.table", "--child", str(answer), name]
        environment = os.environ | {
            "FULL": "1" if full else "0",
            "PYTHONUTF8": "1",
            "PYTHONPATH": os.pathsep.join(filter(None, [str(PROJECT), os.environ.get("PYTHONPATH", "")])),
        }
        began = time.perf_counter()
        ended = subprocess.run(
            command, cwd=PROJECT, env=environment, stdout=sys.stderr, check=False
        ).returncode
        seconds = time.perf_counter() - began
        if not answer.is_file():
            return Outcome(name, seconds=seconds, failed=f"ended with {ended}")
        said = json.loads(answer.read_text(encoding="utf-8"))
    rows = [BenchRow(**row) for row in said.pop("rows", [])]
    return Outcome(name, rows, seconds, **said)


def _child(name: str, answer: Path, full: bool) -> int:
    said: dict[str, object] = {}
    try:
        said["rows"] = [asdict(row) for row in importlib.import_module(f"benchmarks.{name}").rows(full)]
    except NotHere as absent:
        said["absent"] = str(absent)
    except WrongResult as wrong:
        said["failed"] = f"wrong result: {wrong}"
    answer.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
    return 1 if "failed" in said else 0


def run(names: Sequence[str], full: bool, to_json: Path | None = None) -> int:
    """Run these one after another and print one table; 1 where one of them failed."""
    where, outcomes = machine(), []
    for name in names:
        print(f"== {name}", file=sys.stderr, flush=True)
        outcomes.append(run_one(name, full))
    print(printed([row for outcome in outcomes for row in outcome.rows], where))
    print(f"size: {'full' if full else 'default; FULL=1 for the full one'}; "
          + ", ".join(f"{outcome.name} {outcome.seconds:.0f} s" for outcome in outcomes))  # fmt: skip
    for outcome in outcomes:
        if outcome.absent:
            print(f"not measured: {outcome.name}: {outcome.absent}")
        if outcome.failed:
            print(f"FAILED: {outcome.name}: {outcome.failed}", file=sys.stderr)
    if to_json:
        said = {"machine": where, "full": full, "benchmarks": [asdict(outcome) for outcome in outcomes]}
        to_json.write_text(json.dumps(said, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return 1 if any(outcome.failed for outcome in outcomes) else 0


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("names", nargs="*", metavar="NAME", help="all where none is given")
    options.add_argument("--json", type=Path, help="write the table to this file as well")
    options.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.child:
        return _child(chosen.names[0], chosen.child, is_full())
    if unknown := set(chosen.names) - set(known()):
        options.error(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(known())}")
    return run(chosen.names or known(), is_full(), chosen.json)


if __name__ == "__main__":
    # Through its own name: the benchmarks raise what is defined there, not in __main__.
    raise SystemExit(importlib.import_module("benchmarks.table").main())
