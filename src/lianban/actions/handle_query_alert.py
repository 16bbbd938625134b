"""The auditor says what became of an alert: one subject of a closed matter asked about too often."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from lianban.actions.acting import Acting
from lianban.actions.errors import NothingToDo
from lianban.actions.permissions import require, require_reason
from lianban.records import history, query_alerts
from lianban.records.history import Entry


def handle_query_alert(acting: Acting, alert: UUID, remark: str) -> None:
    require(acting, "handle_query_alert")
    remark = require_reason("处理查询预警", remark)
    with connection.cursor() as cursor:
        matter = query_alerts.handle(cursor, alert, acting.officer, acting.now, remark)
        if matter is None:
            raise NothingToDo(
                act="处理查询预警",
                reason_zh="没有这条预警，或已处理",
                reason="there is none, or it is handled",
            )
        # No matter is named as the entry's: the auditor has no leg in it.
        history.append_entries(
            cursor, acting.by,
            [Entry("query_alert.handled", said={"alert": str(alert), "matter": str(matter), "remark": remark})], acting.now,
        )  # fmt: skip
