"""The row store of one registry: names and the fields that may leave, by row number, beside the index.

Rows are JSON arrays, one a line, as many to a value of a memory-mapped LMDB file as fit a page, under the
number of the first: so a build writes few values, and a look-up reads one page and parses one line. Written
once, never changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from threading import local
from typing import Any

import lmdb
import orjson

# A value of up to 4080 bytes takes exactly one page of its own (4096 less LMDB's header of 16).
_PAGE = 4080
_MAP_SIZE = 1 << 40  # address space, not disk: the file grows as it is written


class RowWriter:
    """Writes one row store; lines arrive in the order of rows from 0."""

    def __init__(self, path: Path) -> None:
        self.env = lmdb.open(
            str(path), subdir=False, map_size=_MAP_SIZE, lock=False, sync=False, metasync=False
        )
        self.rows = 0

    def add(self, lines: Sequence[str]) -> None:
        """The next rows, each a JSON array without line breaks."""
        with self.env.begin(write=True) as transaction:
            transaction.cursor().putmulti(self._values(lines), append=True)

    def finish(self) -> None:
        self.env.sync(True)
        self.env.close()

    def _values(self, lines: Sequence[str]) -> Iterator[tuple[bytes, bytes]]:
        page: list[bytes] = []
        size = 0
        for line in lines:
            encoded = line.encode()
            if page and size + len(encoded) > _PAGE:
                yield self._value(page)
                page, size = [], 0
            page.append(encoded)
            size += len(encoded) + 1
        if page:
            yield self._value(page)

    def _value(self, page: list[bytes]) -> tuple[bytes, bytes]:
        first = self.rows
        self.rows += len(page)
        return first.to_bytes(8, "big"), b"\n".join(page)


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
        self.own = local()

    def fetch(self, rows: Iterable[int]) -> dict[int, list[Any]]:
        """Names and fields of some rows. Raises ``LookupError`` for a row that is not there: the store is damaged."""
        found: dict[int, list[Any]] = {}
        cursor = self._cursor()
        for row in rows:
            wanted = row.to_bytes(8, "big")
            if not cursor.set_range(wanted):
                cursor.last()
            elif cursor.key() != wanted:
                cursor.prev()
            place = row - int.from_bytes(cursor.key(), "big")
            found[row] = orjson.loads(bytes(cursor.value()).split(b"\n", place + 1)[place])
        return found

    def _cursor(self) -> lmdb.Cursor:
        """This thread's own. The file never changes, so its view of it may be kept as long as it is read."""
        cursor: lmdb.Cursor | None = getattr(self.own, "cursor", None)
        if cursor is None:
            cursor = self.own.cursor = self.env.begin().cursor()
        return cursor
