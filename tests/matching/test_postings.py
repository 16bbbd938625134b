"""The posting index finds exactly what a dictionary would, also where a key fills several blocks."""

from __future__ import annotations

import threading
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lianban.engines.matching.keys import Lane
from lianban.engines.matching.postings import ENTRIES, ROW_BITS, Postings, PostingWriter
from lianban.engines.matching.row_store import RowStore, RowWriter

# Few keys with many postings each, so that runs begin, end and fill blocks in every way.
runs = st.lists(st.tuples(st.integers(0, 12), st.integers(1, 3 * ENTRIES[False])), min_size=1, max_size=8)
chunks = st.sampled_from([1, 7, ENTRIES[True], ENTRIES[False], 1000, 10**6])


def written(folder: Path, lane: Lane, pairs: list[tuple[int, int]], chunk: int) -> Postings:
    """An index file of sorted (key, posting) pairs, handed over in chunks."""
    writer = PostingWriter(folder / "postings", len(pairs))
    for start in range(0, len(pairs), chunk):
        part = pairs[start : start + chunk]
        high = np.array([key >> 64 for key, _posting in part], np.uint64)
        low = np.array([key & (2**64 - 1) for key, _posting in part], np.uint64)
        postings = np.array([posting for _key, posting in part], np.uint64)
        writer.add(lane, *((low,) if lane is Lane.RESIDENT else (high, low)), postings)
    writer.finish()
    return Postings(folder / "postings")


@settings(max_examples=40, deadline=None)
@given(runs, chunks, st.sampled_from([Lane.RESIDENT, Lane.CREDIT]), st.booleans())
def test_postings_equal_a_dictionary(given_runs, chunk, lane, doubled):
    """Every key gives its postings, sorted and once, and every other key gives none."""
    spread = 10**15 if lane is Lane.RESIDENT else 10**24
    expected: dict[int, set[int]] = defaultdict(set)
    for key, count in given_runs:
        start = len(expected[key * spread])
        expected[key * spread] |= {(key % 3) << ROW_BITS | row for row in range(start, start + count)}
    pairs = sorted((key, posting) for key, postings in expected.items() for posting in postings)
    if doubled:
        pairs = sorted(pairs + pairs[::3])
    with TemporaryDirectory() as folder:
        index = written(Path(folder), lane, pairs, chunk)
        for number in range(-1, 14):
            key = max(0, number * spread)
            assert index.find(lane, key) == sorted(expected.get(key, ()))
            assert index.find(lane, key + 1) == []
        assert dict(index.entries())[lane] == sum(map(len, expected.values()))
        assert index.find(Lane.NAME, 5) == []


def test_postings_from_many_threads(tmp_path):
    """Each thread reads with a cursor of its own."""
    pairs = [(key, key << ROW_BITS | row) for key in range(500) for row in range(7)]
    index = written(tmp_path, Lane.RESIDENT, pairs, 1000)
    wrong = []

    def read():
        wrong.extend(
            key
            for key in range(500)
            if index.find(Lane.RESIDENT, key) != [key << ROW_BITS | row for row in range(7)]
        )

    threads = [threading.Thread(target=read) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 9000), min_size=1, max_size=60), st.integers(1, 20))
def test_row_store_gives_every_row(lengths, chunk):
    """Rows shorter than a page, longer than a page, and any number of them in a page."""
    lines = [f'["{place}","{"沈" * (length // 3)}"]' for place, length in enumerate(lengths)]
    with TemporaryDirectory() as folder:
        writer = RowWriter(Path(folder) / "rows")
        for start in range(0, len(lines), chunk):
            writer.add(lines[start : start + chunk])
        writer.finish()
        found = RowStore(Path(folder) / "rows").fetch(range(len(lines)))
    assert [row[0] for row in found.values()] == [str(place) for place in range(len(lines))]
    assert [len(row[1]) for row in found.values()] == [length // 3 for length in lengths]
