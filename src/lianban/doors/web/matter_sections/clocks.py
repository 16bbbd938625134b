"""时限: every clock that runs on a record of the matter, the next to end first."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.http import HttpRequest

from lianban.actions import timing
from lianban.doors.web.reading import acting_of
from lianban.records import clocks
from lianban.records.matter_view import MatterHead


def part(request: HttpRequest, head: MatterHead) -> dict[str, Any]:
    with connection.cursor() as cursor:
        rows = clocks.of(cursor, matter=head.id)
    rules = {rule.code: rule for rule in timing.book()}
    lines = [{"clock": row, "rule": rules.get(row.code)} for row in rows]
    from lianban.doors.web.matter_sections import acts_of

    return {
        "meet": acts_of(acting_of(request), head, "clocks"),
        "running": [line for line, row in zip(lines, rows, strict=True) if row.state == "running"],
        "ended": [line for line, row in zip(lines, rows, strict=True) if row.state != "running"][-10:],
    }
