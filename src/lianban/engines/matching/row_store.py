"""The row store of one registry: names and the fields that may leave, by row number, beside the index.

Rows are JSON arrays, one a line, thirty-two to a value of a memory-mapped LMDB file: so a build writes few
values, and a look-up reads one and parses one line. Written once, never changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import lmdb
import orjson

ROWS_A_VALUE = 32
_MAP_SIZE = 1 << 40  # address space, not disk: the file grows as it is written


class RowWriter:
    """Writes one row store; lines arrive in the order of rows from 0."""

    def __init__(self, path: Path) -> None:
        self.env = lmdb.open(
            str(path), subdir=False, map_size=_MAP_SIZE, lock=False, sync=False, metasync=False
        )
        self.rest: list[str] = []
        self.values = 0

    def add(self, lines: Sequence[str]) -> None:
        """The next rows, each a JSON array without line breaks."""
        waiting = [*self.rest, *lines]
        whole = len(waiting) - len(waiting) % ROWS_A_VALUE
        self._write(waiting[:whole])
        self.rest = waiting[whole:]

    def finish(self) -> None:
        self._write(self.rest)
        self.env.sync(True)
        self.env.close()

    def _write(self, lines: Sequence[str]) -> None:
        first = self.values
        self.values += -(-len(lines) // ROWS_A_VALUE)
        items = (
            ((first + number).to_bytes(8, "big"), "\n".join(lines[start : start + ROWS_A_VALUE]).encode())
            for number, start in enumerate(range(0, len(lines), ROWS_A_VALUE))
        )
        with self.env.begin(write=True) as transaction:
            transaction.cursor().putmulti(items, append=True)


class RowStore:
    """One row store, open for reading. Safe for many threads."""

    def __init__(self, path: Path) -> None:
        self.env = lmdb.open(
            str(path),
            subdir=False,
            readonly=True,
            lock=False,
            readahead=False,
            create=False,
            max_spare_txns=16,
        )

    def fetch(self, rows: Iterable[int]) -> dict[int, list[Any]]:
        """Names and fields of some rows. Raises ``LookupError`` for a row that is not there: the store is damaged."""
        found: dict[int, list[Any]] = {}
        with self.env.begin(buffers=True) as transaction:
            for row in rows:
                value, place = divmod(row, ROWS_A_VALUE)
                lines = transaction.get(value.to_bytes(8, "big"))
                if lines is None:
                    raise LookupError(row)
                found[row] = orjson.loads(bytes(lines).split(b"\n", place + 1)[place])
        return found
