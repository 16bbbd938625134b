"""The posting index: packed key → (slot, row), in one memory-mapped LMDB file for all registries.

Postings are sorted and cut into blocks of one page; LMDB holds the blocks by their first posting. So a
build writes a few hundred thousand values instead of a hundred million, a look-up reads one block or two
and searches them in place, and a posting costs 16 bytes (24 for keys of 128 bits). The file is written
once, never changed, and read without locks: a new index is a new file.

Inside a block, little-endian: all key words (for wide keys all high words, then all low words), then all
postings. A posting is ``slot << 48 | row``; a slot is one key column of one registry.
"""

from __future__ import annotations

import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from pathlib import Path
from threading import local
from typing import Any

import lmdb
import numpy as np
from numpy.typing import NDArray

from lianban.engines.matching.keys import Lane

ROW_BITS = 48
ROW_MASK = (1 << ROW_BITS) - 1
WIDE = {Lane.RESIDENT: False, Lane.CREDIT: True, Lane.TEXT: True, Lane.NAME: True}
# A value of up to 4080 bytes takes exactly one page of its own (4096 less LMDB's header of 16).
_PAGE = 4080
ENTRIES = {False: _PAGE // 16, True: _PAGE // 24}
_WORD = 2**64 - 1

Words = NDArray[np.uint64]

# Blocks are searched in place as native words. No big-endian machine runs PostgreSQL 18's binaries here.
assert sys.byteorder == "little"


class PostingWriter:
    """Writes one index file. Chunks of each lane arrive sorted by key and posting, lane by lane."""

    def __init__(self, path: Path, postings: int) -> None:
        size = postings * 26 + (64 << 20)
        self.env = lmdb.open(
            str(path), subdir=False, map_size=size, max_dbs=len(Lane), lock=False, sync=False, metasync=False
        )  # fmt: skip
        self.databases = {lane: self.env.open_db(lane.value.encode()) for lane in Lane}
        self.rest: dict[Lane, Words] = {}

    def add(self, lane: Lane, *columns: Words) -> None:
        """The next sorted entries of a lane: key words (one or two), then postings. Equal ones are kept once."""
        entries = np.stack(columns)
        if lane in self.rest:
            entries = np.concatenate([self.rest.pop(lane), entries], axis=1)
        fresh = np.ones(entries.shape[1], np.bool_)
        fresh[1:] = (entries[:, 1:] != entries[:, :-1]).any(axis=0)
        entries = entries[:, fresh]
        size = ENTRIES[WIDE[lane]]
        # The last entry waits: it may come again at the head of the next chunk.
        whole = max(0, (entries.shape[1] - 1) // size) * size
        self.rest[lane] = entries[:, whole:]
        self._write(lane, entries[:, :whole])

    def finish(self) -> None:
        for lane, entries in self.rest.items():
            self._write(lane, entries)
        self.env.sync(True)
        self.env.close()

    def _write(self, lane: Lane, entries: Words) -> None:
        count = entries.shape[1]
        if not count:
            return
        size = ENTRIES[WIDE[lane]]
        starts = range(0, count, size)
        firsts = np.ascontiguousarray(entries[:, ::size].T).astype(">u8").tobytes()
        width = 8 * entries.shape[0]
        items = (
            (firsts[number * width : (number + 1) * width], np.ascontiguousarray(entries[:, start : start + size]).tobytes())
            for number, start in enumerate(starts)
        )  # fmt: skip
        with self.env.begin(write=True, db=self.databases[lane]) as transaction:
            transaction.cursor().putmulti(items, append=True)


class Postings:
    """One index file, open for reading. Safe for many threads; holds no lock and sees no change."""

    def __init__(self, path: Path) -> None:
        self.env = lmdb.open(
            str(path), subdir=False, readonly=True, lock=False, readahead=False, max_dbs=len(Lane), create=False,
            max_spare_txns=16,
        )  # fmt: skip
        self.databases = {lane: self.env.open_db(lane.value.encode(), create=False) for lane in Lane}
        self.own = local()

    def find(self, lane: Lane, key: int) -> list[int]:
        """The postings of a key, sorted; empty if there are none."""
        wide = WIDE[lane]
        wanted = key.to_bytes(16 if wide else 8, "big")
        found: list[int] = []
        cursor = self._cursor(lane)
        # The block before the first that begins with the key may end with it.
        if cursor.set_range(wanted):
            if not cursor.prev():
                cursor.first()
        elif not cursor.last():
            return found
        search = _in_wide if wide else _in_narrow
        more = True
        while more:
            postings, more = search(memoryview(cursor.value()).cast("Q"), key)
            found += postings
            more = cursor.next() and (more or cursor.key()[: len(wanted)] == wanted)
        return found

    def _cursor(self, lane: Lane) -> lmdb.Cursor:
        """This thread's own. The file never changes, so its view of it may be kept as long as it is read."""
        cursors: dict[str, Any] = self.own.__dict__
        if lane not in cursors:
            cursors[lane] = self.env.begin(db=self.databases[lane], buffers=True).cursor()
        cursor: lmdb.Cursor = cursors[lane]
        return cursor

    def entries(self) -> Iterator[tuple[Lane, int]]:
        """How many entries each lane has, counted in the file."""
        for lane, database in self.databases.items():
            with self.env.begin(db=database, buffers=True) as transaction:
                width = 24 if WIDE[lane] else 16
                yield lane, sum(len(value) // width for value in transaction.cursor().iternext(False, True))


def _in_narrow(block: memoryview, key: int) -> tuple[list[int], bool]:
    """The postings of a key in a block, and whether the next block may hold more of them."""
    size = len(block) // 2
    first = bisect_left(block, key, 0, size)
    last = bisect_right(block, key, first, size)
    return block[size + first : size + last].tolist(), last == size and last > first


def _in_wide(block: memoryview, key: int) -> tuple[list[int], bool]:
    size = len(block) // 3
    high, low = key >> 64, key & _WORD
    first = bisect_left(block, high, 0, size)
    last = bisect_right(block, high, first, size)
    first = bisect_left(block, low, size + first, size + last) - size
    last = bisect_right(block, low, size + first, size + last) - size
    return block[2 * size + first : 2 * size + last].tolist(), last == size and last > first
