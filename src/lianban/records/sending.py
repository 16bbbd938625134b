"""How an act's statements reach the server: planned once in a connection's life, and sent without waiting.

An act is some fifteen small statements. Planning each anew under its row policies costs the server more than running
it, and waiting for each answer costs as much again. Both are switched for the act alone: a page's searches are planned
for the very words that were typed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections


def plan_once(cursor: Any) -> None:
    """From here on prepared statements keep one plan whatever their parameters, until :func:`plan_anew` or the
    transaction ends."""
    cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")


def plan_anew(cursor: Any) -> None:
    cursor.execute("SET LOCAL plan_cache_mode = DEFAULT")


@contextmanager
def without_waiting(using: str = "default") -> Iterator[None]:
    """Statements of this block are sent one after another; the answers are read at its end, or when one is fetched.

    The first error is raised as it always is, at the latest when the block ends, and what was sent after it was not
    run. A cursor whose rows are fetched within the block may run one statement only, or it could be given the rows
    of an earlier one; ``rowcount`` is not known before the end.
    """
    connection = connections[using]
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield
