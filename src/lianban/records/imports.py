"""Rows of imports: staged sealed, claimed in order, and erased when they were taken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from lianban.records import envelopes
from lianban.records.bulk import insert_many, update_many
from lianban.records.envelopes import Sealed
from lianban.records.identity import new_id


@dataclass(frozen=True, slots=True)
class RunRow:
    id: UUID
    scene: str
    file: str
    heads: Sequence[str]
    state: str
    total: int
    good: int
    bad: int
    taken: int
    officer: UUID | None
    started_at: datetime
    finished_at: datetime | None

    @property
    def waiting(self) -> int:
        """Rows that were not checked yet."""
        return self.total - self.good - self.bad - self.taken


@dataclass(frozen=True, slots=True)
class StagedRow:
    number: int
    row: UUID
    cells: Sequence[Any]


_RUN = "id, scene, file, heads, state, total, good, bad, taken, officer_id, started_at, finished_at"
_ROW = {"run_id": "uuid", "agency_id": "uuid", "number": "integer", "state": "text", "matter_number": "text", "row": "uuid",
        "data_key_id": "uuid", "sealed": "bytea", "errors": "jsonb"}  # fmt: skip
_STEP = 5_000


def stage(
    cursor: Any, run: UUID, agency: UUID, rows: Iterable[tuple[int, Sequence[Any]]], now: datetime
) -> int:
    """Seal and keep every row of a file; returns how many."""
    key = envelopes.current_key(cursor, now)
    heap: list[tuple[Any, ...]] = []
    count = 0
    for number, cells in rows:
        bound = new_id()
        sealed = envelopes.seal(cursor, key, orjson.dumps(list(cells), default=str).decode(), bound)
        heap.append((run, agency, number, "waiting", "", bound, key, sealed.content, []))
        count += 1
        if len(heap) == _STEP:
            insert_many(cursor, "import_row", _ROW, heap)
            heap = []
    insert_many(cursor, "import_row", _ROW, heap)
    return count


def run_of(cursor: Any, run: UUID, *, lock: bool = False) -> RunRow | None:
    """One import; under its lock, so that two people who press at once do not take the same rows."""
    cursor.execute(f"SELECT {_RUN} FROM import_run WHERE id = %s{' FOR UPDATE' if lock else ''}", [run])  # noqa: S608
    row = cursor.fetchone()
    return _run(row) if row else None


def runs(cursor: Any, agency: UUID | None, limit: int = 50) -> list[RunRow]:
    cursor.execute(
        f"SELECT {_RUN} FROM import_run WHERE agency_id = %s ORDER BY started_at DESC LIMIT %s",  # noqa: S608
        [agency, limit],
    )
    return [_run(row) for row in cursor.fetchall()]


def _run(row: Sequence[Any]) -> RunRow:
    heads = row[3] if isinstance(row[3], list) else orjson.loads(row[3])
    return RunRow(row[0], row[1], row[2], heads, *row[4:])


def rows_in(cursor: Any, run: UUID, state: str, limit: int, after: int = 0) -> list[StagedRow]:
    """The next rows of a state, opened."""
    cursor.execute(
        "SELECT number, row, data_key_id, sealed FROM import_row WHERE run_id = %s AND state = %s AND number > %s"
        " ORDER BY number LIMIT %s",
        [run, state, after, limit],
    )
    return [
        StagedRow(number, bound, orjson.loads(envelopes.unseal(cursor, Sealed(key, bytes(sealed)), bound)))
        for number, bound, key, sealed in cursor.fetchall()
    ]


def errors_in(cursor: Any, run: UUID, limit: int, after: int = 0) -> list[tuple[int, list[dict[str, str]]]]:
    """(row number, what is wrong) of the bad rows, without their contents."""
    cursor.execute(
        "SELECT number, errors FROM import_row WHERE run_id = %s AND state = 'bad' AND number > %s ORDER BY number LIMIT %s",
        [run, after, limit],
    )
    return [
        (number, errors if isinstance(errors, list) else orjson.loads(errors))
        for number, errors in cursor.fetchall()
    ]


def judged(cursor: Any, run: UUID, rows: Iterable[tuple[int, str, str, Any]]) -> None:
    """(number, state, number of its matter, errors) of rows that were checked."""
    update_many(
        cursor, "import_row",
        {"run": "uuid", "number": "integer", "state": "text", "matter_number": "text", "errors": "jsonb"},
        [(run, *row) for row in rows],
        "state = d.state, matter_number = d.matter_number, errors = d.errors", _THE_ROW,
    )  # fmt: skip


def taken(cursor: Any, run: UUID, rows: Iterable[tuple[int, UUID]]) -> None:
    """These rows are matters now: their contents are erased here."""
    update_many(
        cursor, "import_row", {"run": "uuid", "number": "integer", "matter": "uuid"}, [(run, *row) for row in rows],
        "state = 'taken', matter_id = d.matter, sealed = NULL, data_key_id = NULL", _THE_ROW,
    )  # fmt: skip


# Both columns of the key are joined: with the run as a constant the planner, which knows nothing yet of a table that was filled a
# moment ago, walks all rows of the run once for every row of a step.
_THE_ROW = "t.run_id = d.run AND t.number = d.number"


def numbers_known(cursor: Any, agency: UUID, scene: str, run: UUID, numbers: Sequence[str]) -> dict[str, str]:
    """Which of these numbers stand already: number → ``matter``, or the row of this file that has it."""
    cursor.execute(
        "SELECT number, 'matter' FROM matter WHERE number = ANY(%(n)s) AND lead_agency_id = %(a)s AND scene = %(s)s"
        " UNION ALL SELECT matter_number, number::text FROM import_row WHERE run_id = %(r)s"
        " AND matter_number = ANY(%(n)s) AND state IN ('good', 'taken')",
        {"n": list(numbers), "a": agency, "s": scene, "r": run},
    )
    return dict(cursor.fetchall())


def add_counts(cursor: Any, run: UUID, *, good: int = 0, bad: int = 0, taken: int = 0) -> RunRow:
    """Move the counts by what one step did."""
    cursor.execute(
        f"""UPDATE import_run SET good = good + %s, bad = bad + %s, taken = taken + %s,
               state = CASE WHEN state = 'checking' AND good + %s + bad + %s + taken + %s = total THEN 'checked' ELSE state END
             WHERE id = %s RETURNING {_RUN}""",  # noqa: S608
        [good, bad, taken, good, bad, taken, run],
    )
    return _run(cursor.fetchone())


def finish(cursor: Any, run: UUID, state: str, at: datetime) -> None:
    """Nothing more comes of this import; what was not taken is erased."""
    cursor.execute("UPDATE import_run SET state = %s, finished_at = %s WHERE id = %s", [state, at, run])
    cursor.execute(
        "UPDATE import_row SET state = CASE WHEN state IN ('waiting', 'good') THEN 'cancelled' ELSE state END, sealed = NULL,"
        " data_key_id = NULL WHERE run_id = %s AND sealed IS NOT NULL",
        [run],
    )
