"""代理: while an officer is away, a colleague of the same agency acts in the officer's post."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection

from lianban.actions.acting import Acting
from lianban.actions.errors import DelegationRefused, NothingToDo
from lianban.actions.permissions import require
from lianban.actions.work import working
from lianban.records.history import Entry
from lianban.records.identity import new_id


def delegate(acting: Acting, to_officer: UUID, begins_at: datetime, ends_at: datetime, reason: str) -> UUID:
    """The colleague signs in to this post between the two instants; what they do says by whom and for whom."""
    require(acting, "delegate")
    if acting.officer is None or acting.officer == to_officer:
        raise DelegationRefused(reason_zh="不能代理给自己", reason="one cannot delegate to oneself")
    if not acting.now <= ends_at or begins_at >= ends_at:
        raise DelegationRefused(reason_zh="起止时间不正确或已过去", reason="the times are wrong or past")
    with working(acting) as work:
        work.cursor.execute(
            """SELECT 1 FROM appointment WHERE officer_id = %s AND post_id = %s AND begins_on <= %s
                  AND (ends_on IS NULL OR ends_on >= %s)""",
            [acting.officer, acting.post, acting.now.date(), acting.now.date()],
        )
        if work.cursor.fetchone() is None:
            raise DelegationRefused(
                reason_zh="代理人不能再转给他人代理", reason="a delegate cannot delegate on"
            )
        work.cursor.execute(
            """SELECT 1 FROM appointment a JOIN post p ON p.id = a.post_id
                WHERE a.officer_id = %s AND p.agency_id = %s AND a.begins_on <= %s
                  AND (a.ends_on IS NULL OR a.ends_on >= %s)""",
            [to_officer, acting.agency, acting.now.date(), acting.now.date()],
        )
        if work.cursor.fetchone() is None:
            raise DelegationRefused(
                reason_zh="代理人不在本单位任职", reason="the colleague holds no post in your agency"
            )
        made = new_id()
        work.cursor.execute(
            """INSERT INTO delegation (id, agency_id, post_id, from_officer_id, to_officer_id, begins_at, ends_at, reason,
                                       recorded_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)""",
            [
                made,
                acting.agency,
                acting.post,
                acting.officer,
                to_officer,
                begins_at,
                ends_at,
                reason,
                acting.now,
            ],
        )
        work.enter(
            Entry("delegation.made", said={"delegation": str(made), "to": str(to_officer), "from": begins_at,
                                           "until": ends_at, "reason": reason})
        )  # fmt: skip
        return made


def colleague(username: str) -> UUID:
    """The officer with this user name. Raises :class:`DelegationRefused`; whether they may is checked later."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM officer WHERE username = %s AND state = 'active'", [username])
        row = cursor.fetchone()
    if row is None:
        raise DelegationRefused(reason_zh=f"没有账号“{username}”", reason=f"there is no account “{username}”")
    return UUID(str(row[0]))


def end_delegation(acting: Acting, delegation: UUID) -> None:
    """Back early. Sessions of the delegate end with it: ``lianban.enter`` asks for the delegation every time."""
    with working(acting) as work:
        work.cursor.execute(
            "UPDATE delegation SET ended_at = %s WHERE id = %s AND from_officer_id = %s AND ended_at IS NULL",
            [acting.now, delegation, acting.officer],
        )
        if work.cursor.rowcount == 0:
            raise NothingToDo(
                act="结束代理", reason_zh="该代理不存在或已结束", reason="there is no such delegation"
            )
        work.enter(Entry("delegation.ended", said={"delegation": str(delegation)}))
