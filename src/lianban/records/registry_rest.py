"""A registry that is an agency's own REST service, which hands out its rows page by page and one by one.

What the service must offer, below its address, with the token as ``Authorization: Bearer``::

    GET  rows?after=ROW&limit=N&columns=a,b   {"rows": [[ROW, a, b], …]}   ROW whole and rising; empty at the end
    POST rows  {"rows": [ROW, …], "columns": ["a", "b"]}   the same, of these rows

Values are JSON. A column it does not know is answered with status 422.
"""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode, urlsplit

import duckdb
import numpy as np
import orjson

from lianban.engines.matching import Reason, Registry, SourceTrouble

SECONDS = 10
PAGE = 10_000
# A page of the largest tables; a service that sends more is not what was agreed.
MOST_BYTES = 64 * 1024 * 1024
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class RestTable:
    """One service. Without TLS it is spoken to on this machine only."""

    def __init__(self, registry: Registry, address: str, token: str) -> None:
        parts = urlsplit(address)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
            raise SourceTrouble(Reason.UNREACHABLE, "the address must be https")
        self.registry, self.token = registry, token
        self.address = address.rstrip("/") + "/rows"

    def fingerprint(self) -> str:
        return ""

    def modified(self) -> float | None:
        return None

    def stage(self, connection: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str]) -> None:
        """Every page in turn. All columns are copied as text; numbers are read as the declaration says."""
        chosen = [column for column in columns if column != self.registry.source.row_key]
        key = [self.registry.source.row_key] if self.registry.source.row_key else []
        declared = "".join(f", {_quoted(name)} VARCHAR" for name in chosen)
        declared += "".join(f", {_quoted(name)} UBIGINT" for name in key)
        connection.execute(f"CREATE TABLE {_quoted(table)} (lianban_row UBIGINT{declared})")
        after = -1
        while rows := self._rows(
            urlencode({"after": after, "limit": PAGE, "columns": ",".join(chosen)}), None, len(chosen)
        ):
            numbers = [row[0] for row in rows]
            if numbers[0] <= after or any(left >= right for left, right in pairwise(numbers)):
                raise SourceTrouble(Reason.UNREADABLE, "rows that do not rise")
            after = numbers[-1]
            chunk: dict[str, Any] = {"r": np.array(numbers, np.uint64)}
            for place in range(len(chosen)):
                chunk[f"c{place}"] = np.array([*(_text(row[place + 1]) for row in rows), ""], dtype=object)[
                    :-1
                ]
            connection.register("rest_chunk", chunk)
            cells = "".join(f", c{place}::VARCHAR" for place in range(len(chosen))) + (", r" if key else "")
            connection.execute(f"INSERT INTO {_quoted(table)} SELECT r{cells} FROM rest_chunk")  # noqa: S608
            connection.unregister("rest_chunk")

    def fetch(self, rows: Sequence[int], columns: Sequence[str]) -> Mapping[int, Sequence[Any]]:
        wanted = set(rows)
        found = self._rows("", orjson.dumps({"rows": sorted(wanted), "columns": list(columns)}), len(columns))
        return {row[0]: [_text(value) for value in row[1:]] for row in found if row[0] in wanted}

    def close(self) -> None:
        """Nothing is kept open."""

    def _rows(self, query: str, body: bytes | None, columns: int) -> list[list[Any]]:
        headers = {"Accept": "application/json", "Authorization": f"Bearer {self.token}"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        request = urllib.request.Request(  # noqa: S310  the scheme was checked when the table was opened
            f"{self.address}?{query}" if query else self.address, data=body, headers=headers
        )
        try:
            with _OPENER.open(request, timeout=SECONDS) as answer:
                source = answer.read(MOST_BYTES + 1)
        except urllib.error.HTTPError as error:
            with error:
                reason = {422: Reason.SCHEMA_CHANGED, 404: Reason.MISSING}.get(error.code, Reason.UNREACHABLE)
                raise SourceTrouble(reason, f"status {error.code}") from None
        except OSError as error:
            raise SourceTrouble(Reason.UNREACHABLE, type(error).__name__) from None
        if len(source) > MOST_BYTES:
            raise SourceTrouble(Reason.UNREADABLE, "a page beyond 64 MB")
        try:
            rows = orjson.loads(source)["rows"]
            whole = all(len(row) == columns + 1 and type(row[0]) is int and row[0] >= 0 for row in rows)
        except (orjson.JSONDecodeError, KeyError, TypeError):
            whole = False
        if not whole:
            raise SourceTrouble(Reason.UNREADABLE, "not the agreed form")
        found: list[list[Any]] = rows
        return found


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A service that sends one elsewhere would be sent the token there."""

    def redirect_request(self, *_given: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirects)


def _text(value: Any) -> str | None:
    """As DuckDB writes the same value, so that a copy and the source read alike."""
    if value is None or isinstance(value, str):
        return value
    return orjson.dumps(value).decode()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
