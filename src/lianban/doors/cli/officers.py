"""Act from the command line as an officer of the city, through a session like anybody's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from lianban.engines.errors import YourMistake


class UnknownOfficer(YourMistake):
    code = "LB-CLI-012"
    zh = "没有可用的账号“{officer}”。请先载入城市（make demo），或用 --officer 指定。"
    en = "There is no account “{officer}” to act as. Load the city first (make demo), or name one with --officer."


_keys: dict[str, bytes] = {}


def session_of(username: str) -> bytes:
    """A session key of this officer. Whoever may run commands on the server may act as its officers; the session
    is opened on the sign-in connection and everything done in it is ledgered in that officer's post."""
    from django.db import connections, transaction

    from lianban.actions import sign_in

    if username not in _keys:
        with transaction.atomic(using="signin"), connections["signin"].cursor() as cursor:
            cursor.execute(
                """SELECT o.id, (SELECT id FROM lianban.posts_of(o.id) AS p(id) LIMIT 1) FROM officer o
                    WHERE o.username = %s AND o.state = 'active'""",
                [username],
            )
            row = cursor.fetchone()
        opened = sign_in.change_post(row[0], row[1]) if row and row[1] else None
        if opened is None:
            raise UnknownOfficer(officer=username)
        _keys[username] = opened.key
    return _keys[username]


@contextmanager
def acting_as(username: str, purpose: str = "办理事项") -> Iterator[Any]:
    """One transaction as this officer."""
    from lianban.actions.acting import Acting
    from lianban.records.context import entered

    with entered(session_of(username)) as identity:
        if identity is None:
            _keys.pop(username, None)
            raise UnknownOfficer(officer=username)
        yield Acting(identity, datetime.now(UTC), purpose)
