"""A million identifiers checked: Lianban beside python-stdnum, in one run.

Run: ``python -m benchmarks.identifiers`` (about two minutes, most of it the peer). The peer does one number
at a time; so does the middle column. Both sides are given the same texts, of which one in a hundred has a
wrong digit. The peer's verdicts differ on purpose: it asks whether the county had its code when the person
was born, and so refuses everybody born before the county got it.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import time
from collections.abc import Callable, Sequence
from datetime import date
from importlib import metadata
from pathlib import Path

import numpy as np
from stdnum.cn import ric, uscc

from lianban.engines.identifiers import InvalidIdentifier, check_identifier
from lianban.engines.identifiers.batch import check_credit_codes, check_resident_ids
from lianban.engines.identifiers.credit_codes import ALPHABET, organisation_check_character
from lianban.engines.identifiers.credit_codes import check_character as credit_check
from lianban.engines.identifiers.resident_ids import check_character as resident_check

SEED = 20261124
# Counties of the scenes, some with a code younger than most of their people.
COUNTIES = ("653122", "653222", "650422", "650502", "654025", "652827", "330206", "331003", "331004", "331023",
            "341225", "410482", "110105", "440305", "510104")  # fmt: skip


def residents(count: int, rng: random.Random) -> list[str]:
    first, last = date(1940, 1, 1).toordinal(), date(2010, 1, 1).toordinal()
    birthdays = [date.fromordinal(day).strftime("%Y%m%d") for day in range(first, last)]
    found = []
    for _ in range(count):
        digits = f"{rng.choice(COUNTIES)}{rng.choice(birthdays)}{rng.randrange(1000):03d}"
        found.append(spoil(digits + resident_check(digits), rng))
    return found


def firms(count: int, rng: random.Random) -> list[str]:
    found = []
    for _ in range(count):
        body = "MA" + "".join(rng.choices(ALPHABET, k=6))
        inner = f"91{rng.choice(COUNTIES)}{body}{organisation_check_character(body)}"
        found.append(spoil(inner + credit_check(inner), rng))
    return found


def spoil(text: str, rng: random.Random) -> str:
    if rng.random() >= 0.01:
        return text
    place = rng.randrange(8, 17)
    return text[:place] + str((ALPHABET.index(text[place]) + 1) % 10) + text[place + 1 :]


def processor() -> str:
    """The processor's own name where Linux tells it."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.is_file() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def timed(work: Callable[[], int]) -> tuple[float, int]:
    start = time.perf_counter()
    valid = work()
    return time.perf_counter() - start, valid


def singly(kind: str, texts: Sequence[str]) -> int:
    valid = 0
    for text in texts:
        try:
            check_identifier(kind, text)
        except InvalidIdentifier:
            continue
        valid += 1
    return valid


def main() -> None:
    parser = argparse.ArgumentParser(description="A million identifiers, beside python-stdnum.")
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    rng = random.Random(SEED)
    print(f"machine: {processor()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
          f"numpy {np.__version__}, python-stdnum {metadata.version('python-stdnum')}")  # fmt: skip
    print(f"data: {rows:,} made-up identifiers a kind, 1 % with a wrong digit, seed {SEED}\n")
    print(f"{'kind':14}{'':12}{'seconds':>10}{'per second':>14}{'valid':>12}{'times faster':>14}")
    for kind, texts, peer, batch in (
        ("resident_id", residents(rows, rng), ric.is_valid, check_resident_ids),
        ("credit_code", firms(rows, rng), uscc.is_valid, check_credit_codes),
    ):
        batch(texts[:1000])  # tables are built once a process; the peer loads its own below
        peer(texts[0])
        theirs, valid = timed(lambda peer=peer, texts=texts: sum(map(peer, texts)))
        report(kind, "python-stdnum", theirs, rows, valid, theirs)
        report(
            kind, "one by one", *swap(timed(lambda kind=kind, texts=texts: singly(kind, texts)), rows), theirs
        )
        best = min(timed(lambda batch=batch, texts=texts: int(batch(texts).valid.sum())) for _ in range(3))
        report(kind, "batch", *swap(best, rows), theirs)


def swap(result: tuple[float, int], rows: int) -> tuple[float, int, int]:
    return result[0], rows, result[1]


def report(kind: str, who: str, seconds: float, rows: int, valid: int, theirs: float) -> None:
    print(f"{kind:14}{who:14}{seconds:>8.3f}{rows / seconds:>14,.0f}{valid:>12,}{theirs / seconds:>14.1f}")


if __name__ == "__main__":
    main()
