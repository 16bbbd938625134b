"""异议与复议: what was asked for, what was decided, and whether something may not be disposed of meanwhile."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.http import HttpRequest

from lianban.actions.look import look
from lianban.doors.web.reading import acting_of
from lianban.engines.clocks.moments import legal_date
from lianban.engines.objections import ObjectionBook
from lianban.engines.scenes import Act
from lianban.records import objections
from lianban.records.matter_view import MatterHead
from lianban.records.objections import ObjectionRow


def part(request: HttpRequest, head: MatterHead) -> dict[str, Any]:
    from lianban.doors.web.matter_sections import acts_of

    acting = acting_of(request)
    with connection.cursor() as cursor:
        rows = objections.of_matter(cursor, head.id)
        barred = objections.disposal_barred(cursor, head.id, None, legal_date(acting.now))
    look(acting, head.id, {row.party for row in rows if row.party}, "objections")
    acts, book = acts_of(acting, head, "objections"), ObjectionBook.standard()
    followed = {row.follows for row in rows}
    lines = [
        {"row": row, "kind": book.kind(row.kind), "acts": _possible(acts, row, row.id in followed, bool(book.kind(row.kind).then))}
        for row in rows
    ]  # fmt: skip
    return {"lines": lines, "barred": barred, "lead": head.lead == acting.agency}


def _possible(acts: list[Act], row: ObjectionRow, followed: bool, has_next: bool) -> list[Act]:
    verbs = {"objections.register"} if row.state == "received" else set()
    if row.decided_at is None:
        verbs |= {"objections.decide"}
        if row.kind == "act_reconsideration":
            verbs |= {"objections.extend"}
    elif row.served_on is None:
        verbs |= {"objections.serve"}
    if row.decision == "refused" and has_next and not followed:
        verbs |= {"objections.file"}
    return [act for act in acts if act.verb in verbs]
