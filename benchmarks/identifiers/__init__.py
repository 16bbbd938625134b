"""A million identifiers checked: Lianban beside python-stdnum, in one run. Times are CPU seconds.

``python -m benchmarks.identifiers --rows N`` chooses another number. The peer does one number
at a time; so does the middle column. Both sides are given the same texts, of which one in a hundred has a
wrong digit. The peer's verdicts differ on purpose: it asks whether the county had its code when the person
was born, and so refuses everybody born before the county got it.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from datetime import date
from importlib import metadata

from benchmarks.deployment import expect, tell
from benchmarks.table import BenchRow
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


def timed(work: Callable[[], int]) -> tuple[float, int]:
    start = time.process_time()
    valid = work()
    return time.process_time() - start, valid


def singly(kind: str, texts: Sequence[str]) -> int:
    valid = 0
    for text in texts:
        try:
            check_identifier(kind, text)
        except InvalidIdentifier:
            continue
        valid += 1
    return valid


def measure(count: int) -> list[BenchRow]:
    """``count`` identifiers a kind, checked by the peer, by us one by one, and by us in a batch."""
    rng = random.Random(SEED)
    found = []
    for kind, texts, peer, batch in (
        ("resident_id", residents(count, rng), ric.is_valid, check_resident_ids),
        ("credit_code", firms(count, rng), uscc.is_valid, check_credit_codes),
    ):
        batch(texts[:1000])  # tables are built once a process; the peer loads its own below
        peer(texts[0])
        theirs, valid = timed(lambda peer=peer, texts=texts: sum(map(peer, texts)))
        report(kind, "python-stdnum", theirs, count, valid, theirs)
        single, valid_single = timed(lambda kind=kind, texts=texts: singly(kind, texts))
        report(kind, "one by one", single, count, valid_single, theirs)
        best, valid_batch = min(
            timed(lambda batch=batch, texts=texts: int(batch(texts).valid.sum())) for _ in range(3)
        )
        report(kind, "batch", best, count, valid_batch, theirs)
        expect(valid_batch, valid_single, f"{kind}: how many are valid, in a batch and one by one")
        found.append(
            BenchRow(
                f"Identifiers checked in a batch: {kind}", f"{count:,} made up, 1 % with a wrong digit, seed {SEED}",
                f"python-stdnum {metadata.version('python-stdnum')}: {count / theirs:,.0f}/s",
                f"{count / best:,.0f}/s (one by one {count / single:,.0f}/s)", theirs / best,
            )
        )  # fmt: skip
    return found


def rows(full: bool) -> list[BenchRow]:
    return measure(1_000_000 if full else 100_000)


def report(kind: str, who: str, seconds: float, rows: int, valid: int, theirs: float) -> None:
    tell(f"  {kind:14}{who:14}{seconds:>8.3f}{rows / seconds:>14,.0f}{valid:>12,}{theirs / seconds:>14.1f}")
