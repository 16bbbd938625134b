"""The limits on control as rows: from the engine's data and the clock book, one row for each version of a term.

The database checks every order against these rows, and counts every term by them; the engine checks with the data they are
made of. A correction of the law is a new version with a new day: what is loaded again replaces nothing that was in force.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from lianban.engines.clocks import ClockBook
from lianban.engines.clocks.rules import ClockVersion, Length, Unit
from lianban.engines.measures import LimitBook
from lianban.engines.measures.limits import Limit
from lianban.records.bulk import insert_many

_NAMES = UUID("6f0c1d52-0f0e-4c57-9d43-9a0e6c1f2b11")
COLUMNS = {
    "id": "uuid", "basis": "text", "asset": "text", "claim": "text", "step": "text", "allowed": "boolean",
    "when_any": "text[]", "clock": "text", "renewal": "text", "term": "text", "renewal_term": "text",
    "renewals_most": "integer", "from_day": "date", "to_day": "date", "reason_zh": "text", "reason_en": "text",
    "alarm_zh": "text", "alarm_en": "text", "source": "text", "unverified": "boolean",
}  # fmt: skip
_UNITS = {Unit.DAYS: "day", Unit.MONTHS: "month", Unit.YEARS: "year"}


def load_limits(cursor: Any, limits: LimitBook | None = None, book: ClockBook | None = None) -> int:
    """Load the kinds of asset and the limits; returns how many rows there are. Run by the owner role, at deployment.

    Rows that are no longer in the data are removed: they were mistakes, since a law that ended keeps its row with a last day.
    """
    limits, book = limits or LimitBook.standard(), book or ClockBook.standard()
    limits.check_clocks(book)
    insert_many(
        cursor, "asset_kind", {"code": "text", "family": "text", "zh": "text", "en": "text"},
        [(a.code, a.family.value, a.name.zh, a.name.en) for a in limits.assets.values()],
        "ON CONFLICT (code) DO UPDATE SET family = excluded.family, zh = excluded.zh, en = excluded.en",
    )  # fmt: skip
    rows = [row for limit in limits.limits for row in _rows(limit, book)]
    insert_many(
        cursor, "measure_limit", COLUMNS, rows,
        "ON CONFLICT (id) DO UPDATE SET " + ", ".join(f"{name} = excluded.{name}" for name in list(COLUMNS)[1:]),
    )  # fmt: skip
    cursor.execute("DELETE FROM measure_limit WHERE NOT id = ANY(%s)", [[row[0] for row in rows]])
    return len(rows)


def _rows(limit: Limit, book: ClockBook) -> Iterator[tuple[Any, ...]]:
    """One row; for a limit with a clock, one for each version of the clock while the limit was in force."""
    if not limit.clock:
        yield _row(limit, None, limit.from_day, limit.to_day)
        return
    for version in book.rule(limit.clock).versions:
        first = max(limit.from_day, version.from_day)
        last = min((day for day in (limit.to_day, version.to_day) if day is not None), default=None)
        if last is None or first <= last:
            yield _row(limit, version, first, last)


def _row(limit: Limit, version: ClockVersion | None, first: date, last: date | None) -> tuple[Any, ...]:
    rule = next((r for r in version.extensions if r.code == limit.renewal), None) if version else None
    facts = sorted(limit.when_any)
    name = "|".join(
        [
            limit.basis,
            limit.asset,
            limit.claim,
            limit.step,
            ",".join(facts),
            first.isoformat(),
            str(limit.allowed),
        ]
    )
    return (
        uuid5(_NAMES, name), limit.basis, limit.asset, limit.claim, limit.step, limit.allowed, facts, limit.clock,
        limit.renewal, _text(version.length) if version else "", _text(rule.length) if rule and rule.length else "",
        rule.most_times if rule else None, first, last, limit.reason.zh, limit.reason.en, limit.alarm.zh, limit.alarm.en,
        limit.source.text("zh"), limit.source.unverified or (version.source.unverified if version else False),
    )  # fmt: skip


def _text(length: Length) -> str:
    """As PostgreSQL reads an interval. A period of control counts days, months or years, nothing else."""
    return f"{length.count} {_UNITS[length.unit]}"
