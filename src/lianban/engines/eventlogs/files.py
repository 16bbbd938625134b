"""Opening a log: plain or gzip by its first bytes, never more than the limit once unpacked."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from lianban.engines.eventlogs.errors import LogBroken, LogEmpty, LogTooLarge, LogUnreadable

DEFAULT_LIMIT = 4 * 1024**3  # bytes unpacked; a gzip bomb stops here
_GZIP = b"\x1f\x8b"


class _Bounded(io.RawIOBase):
    """Reads through, counts bytes and lines, and stops at the limit with an error of ours."""

    def __init__(self, inner: IO[bytes], file: str, limit: int) -> None:
        self.inner, self.file, self.limit = inner, file, limit
        self.bytes_read, self.lines_read = 0, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            chunk = self.inner.read(len(buffer))
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise LogBroken(file=self.file, line=self.lines_read + 1, problem=f"gzip: {error}") from None
        self.bytes_read += len(chunk)
        self.lines_read += chunk.count(b"\n")
        if self.bytes_read > self.limit:
            raise LogTooLarge(file=self.file, limit=self.limit)
        buffer[: len(chunk)] = chunk
        return len(chunk)


@contextmanager
def opened(path: Path, *, limit: int = DEFAULT_LIMIT) -> Iterator[io.BufferedReader[Any]]:
    """The unpacked bytes of the log at ``path``. Raises an error of :mod:`.errors`, never OSError."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise LogUnreadable(file=path.name, problem=error.strerror or str(error)) from None
    with file:
        packed = file.peek(2)[:2] == _GZIP
        inner = cast("IO[bytes]", gzip.GzipFile(fileobj=file) if packed else file)
        reader = io.BufferedReader(_Bounded(inner, path.name, limit), 1 << 16)
        if not reader.peek(1):
            raise LogEmpty(file=path.name)
        yield reader
