"""The rows of many matters, moved to another version of their drawing and back again, one statement a kind of row.

Nothing here loops over matters. ``ids`` are always matters whose lock the caller holds.
"""

# ruff: noqa: S608  (statements are put together from constants of this file; every value is a parameter)

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from lianban.engines.migration import Changes, Situation
from lianban.engines.process import ScopeKind
from lianban.records.bulk import insert_many, update_many
from lianban.records.process_rows import TIMER


@dataclass(frozen=True, slots=True)
class Resting:
    """A row that is looked at one by one: a task whose assignment or clock changed, a timer or token to compute for.

    ``id`` is the task's, timer's or token's; ``agency`` that of its branch; ``reached`` is when the step was reached,
    ``letter_from`` the legal trigger of the branch's letter.
    """

    id: UUID
    matter: UUID
    scope: UUID
    agency: UUID | None
    element: str
    reached: datetime
    letter_from: datetime | None


# --- looking


def next_matters(
    cursor: Any, drawing: UUID, after: UUID | None, limit: int, lock: bool = False
) -> list[tuple[UUID, str, str, UUID, datetime]]:
    """Open matters of a version, in the order of their ids: (id, scene, number, lead agency, opened at)."""
    cursor.execute(
        "SELECT id, scene, number, lead_agency_id, opened_at FROM matter WHERE drawing_id = %s AND state = 'open'"
        " AND (%s::uuid IS NULL OR id > %s) ORDER BY id LIMIT %s" + (" FOR UPDATE" if lock else ""),
        [drawing, after, after, limit],
    )
    return cursor.fetchall()


_RESTS = """
WITH rests AS (
    SELECT scope_id, jsonb_agg(jsonb_build_array(element, flow) ORDER BY element, flow) AS at
      FROM token WHERE matter_id = ANY(%(ids)s) GROUP BY scope_id),
looks AS (
    SELECT s.matter_id, s.element, s.kind, coalesce(r.at, '[]') AS at
      FROM scope s LEFT JOIN rests r ON r.scope_id = s.id WHERE s.matter_id = ANY(%(ids)s) AND s.state = 'open')
"""


def situations(cursor: Any, ids: Sequence[UUID]) -> list[Situation]:
    """The different situations the open scopes of these matters are in."""
    cursor.execute(_RESTS + "SELECT DISTINCT element, kind, at FROM looks", {"ids": list(ids)})
    return [
        Situation(element, ScopeKind(kind), tuple((one, flow) for one, flow in orjson.loads(at)))
        for element, kind, at in cursor.fetchall()
    ]


def matters_in(cursor: Any, ids: Sequence[UUID], wanted: Iterable[Situation]) -> list[tuple[UUID, Situation]]:
    """Which of the matters are in which of these situations."""
    wanted = list(wanted)
    if not wanted:
        return []
    packed = orjson.dumps(
        [
            {"n": n, "element": s.element, "kind": s.kind.value, "at": [list(rest) for rest in s.rests]}
            for n, s in enumerate(wanted)
        ]
    ).decode()
    cursor.execute(
        _RESTS
        + """SELECT DISTINCT l.matter_id, d.n FROM looks l
                      JOIN jsonb_to_recordset(%(wanted)s::jsonb) AS d(n integer, element text, kind text, at jsonb)
                           USING (element, kind, at) ORDER BY 1, 2""",
        {"ids": list(ids), "wanted": packed},
    )
    return [(matter, wanted[n]) for matter, n in cursor.fetchall()]


def places(cursor: Any, ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """The elements at which each matter's tokens rest."""
    cursor.execute(
        "SELECT matter_id, array_agg(DISTINCT element ORDER BY element) FROM token WHERE matter_id = ANY(%s) GROUP BY 1",
        [list(ids)],
    )
    return dict(cursor.fetchall())


def counts(cursor: Any, ids: Sequence[UUID], changes: Changes) -> dict[UUID, Counter[str]]:
    """How many tasks and timers of each matter the new version changes or drops, of those done in bulk."""
    found: dict[UUID, Counter[str]] = defaultdict(Counter)
    # Tasks whose assignment or clock changes are counted where they are computed.
    plain = [key for key, change in changes.tasks.items() if change.role is None and not change.clock_changed]
    for what, wanted, query in (
        ("tasks", plain, "FROM task WHERE state = 'open' AND token IS NOT NULL AND"),
        ("dropped", list(changes.drop), "FROM timer WHERE"),
    ):
        if wanted:
            cursor.execute(
                f"SELECT matter_id, count(*) {query} matter_id = ANY(%s) AND element = ANY(%s) GROUP BY 1",
                [list(ids), wanted],
            )
            for matter, number in cursor.fetchall():
                found[matter][what] += number
    return found


_LETTER = """LEFT JOIN LATERAL (
    SELECT l.clock_from FROM letter l WHERE l.matter_id = s.matter_id AND l.addressee_id = s.agency_id
     ORDER BY l.drafted_at DESC, l.id DESC LIMIT 1) w ON s.agency_id IS NOT NULL"""
_REACHED = "coalesce(k.opened_at, uuid_extract_timestamp(t.id), m.opened_at)"


def tasks_at(cursor: Any, ids: Sequence[UUID], elements: Iterable[str]) -> list[Resting]:
    """Open tasks of tokens at these elements."""
    if not (wanted := list(elements)):
        return []
    cursor.execute(
        f"""SELECT k.id, k.matter_id, k.scope_id, s.agency_id, k.element, k.opened_at, w.clock_from
              FROM task k JOIN scope s ON s.id = k.scope_id {_LETTER}
             WHERE k.matter_id = ANY(%s) AND k.state = 'open' AND k.token IS NOT NULL AND k.element = ANY(%s)""",
        [list(ids), wanted],
    )
    return [Resting(*row) for row in cursor.fetchall()]


def timers_at(cursor: Any, ids: Sequence[UUID], elements: Iterable[str]) -> list[Resting]:
    """Armed timers of these elements."""
    if not (wanted := list(elements)):
        return []
    cursor.execute(
        f"""SELECT r.id, r.matter_id, r.scope_id, s.agency_id, r.element, {_REACHED}, w.clock_from
              FROM timer r JOIN scope s ON s.id = r.scope_id JOIN matter m ON m.id = r.matter_id
              JOIN token t ON t.id = r.token_id
              LEFT JOIN task k ON k.matter_id = r.matter_id AND k.token = t.id AND k.state = 'open' {_LETTER}
             WHERE r.matter_id = ANY(%s) AND r.element = ANY(%s)""",
        [list(ids), wanted],
    )
    return [Resting(*row) for row in cursor.fetchall()]


def tokens_at(cursor: Any, ids: Sequence[UUID], elements: Iterable[str]) -> list[Resting]:
    """Tokens at these elements, without those of single branches of a multi-instance task, which arm no timers."""
    if not (wanted := list(elements)):
        return []
    cursor.execute(
        f"""SELECT t.id, t.matter_id, t.scope_id, s.agency_id, t.element, {_REACHED}, w.clock_from
              FROM token t JOIN scope s ON s.id = t.scope_id JOIN matter m ON m.id = t.matter_id
              LEFT JOIN task k ON k.matter_id = t.matter_id AND k.token = t.id AND k.state = 'open' {_LETTER}
             WHERE t.matter_id = ANY(%s) AND t.element = ANY(%s)
               AND NOT (s.kind = 'branch' AND s.element = t.element)""",
        [list(ids), wanted],
    )
    return [Resting(*row) for row in cursor.fetchall()]


# --- moving

_BEFORE = """
SELECT m.id, jsonb_build_object(
    'scopes', (SELECT jsonb_agg(jsonb_build_array(s.id, s.element,
                                CASE WHEN s.element = ANY(%(collections)s) THEN s.variables END))
                 FROM scope s WHERE s.matter_id = m.id
                  AND (s.element = ANY(%(elements)s) OR s.kind = 'multi' AND s.element = ANY(%(collections)s))),
    'tokens', (SELECT jsonb_agg(jsonb_build_array(t.id, t.element, t.flow)) FROM token t
                WHERE t.matter_id = m.id AND (t.element = ANY(%(elements)s) OR t.flow = ANY(%(flows)s))),
    'tasks', (SELECT jsonb_agg(jsonb_build_array(k.id, k.element, k.name, k.stage, k.form, k.action, k.role, k.agency_id,
                               k.post_id, k.officer_id, k.due_at))
                FROM task k WHERE k.matter_id = m.id AND k.state = 'open' AND k.token IS NOT NULL
                 AND k.element = ANY(%(tasks)s)),
    'timers', (SELECT jsonb_agg(jsonb_build_array(r.id, r.agency_id, r.scope_id, r.token_id, r.element, r.due_at,
                                r.repeat_left, r.spec, r.not_before))
                 FROM timer r WHERE r.matter_id = m.id AND r.element = ANY(%(timers)s)))
  FROM matter m WHERE m.id = ANY(%(ids)s)
"""


def before(cursor: Any, ids: Sequence[UUID], changes: Changes) -> dict[UUID, dict[str, Any]]:
    """The old columns of every row that is going to change, by matter."""
    cursor.execute(
        _BEFORE,
        {
            "ids": list(ids),
            "elements": list(changes.elements),
            "flows": list(changes.flows),
            "tasks": list(changes.tasks),
            "timers": [*changes.timers, *changes.recompute, *changes.drop],
            "collections": list(changes.collections),
        },
    )
    return {
        matter: {kind: rows for kind, rows in orjson.loads(found).items() if rows}
        for matter, found in cursor.fetchall()
    }


def _pairs(pairs: Mapping[str, Any]) -> str:
    return orjson.dumps([{"old": old, "new": new} for old, new in pairs.items()]).decode()


def move_rows(
    cursor: Any,
    ids: Sequence[UUID],
    changes: Changes,
    roles: Iterable[tuple[UUID, str, UUID, UUID | None]],
    dues: Iterable[tuple[UUID, datetime | None]],
    timers: Iterable[tuple[UUID, str, datetime, int | None, str]],
    armed: Iterable[tuple[Any, ...]],
) -> None:
    """Change the rows of the process. ``roles`` are (task, role, agency, post), ``dues`` (task, due),
    ``timers`` (timer, element, due, repeats left, spec), ``armed`` rows of ``process_rows.TIMER``."""
    matters = list(ids)
    if changes.collections:
        _collections(cursor, matters, changes.collections)
    if changes.elements:
        cursor.execute(
            """UPDATE scope t SET element = d.new FROM json_to_recordset(%s::json) AS d(old text, new text)
                WHERE t.matter_id = ANY(%s) AND t.element = d.old""",
            [_pairs(changes.elements), matters],
        )
    if changes.elements or changes.flows:
        cursor.execute(
            """UPDATE token t SET element = coalesce(e.new, o.element),
                                  flow = CASE WHEN f.old IS NULL THEN o.flow ELSE f.new END
                 FROM token o LEFT JOIN json_to_recordset(%s::json) AS e(old text, new text) ON e.old = o.element
                      LEFT JOIN json_to_recordset(%s::json) AS f(old text, new text) ON f.old = o.flow
                WHERE t.id = o.id AND o.matter_id = ANY(%s) AND (e.old IS NOT NULL OR f.old IS NOT NULL)""",
            [_pairs(changes.elements), _pairs(changes.flows), matters],
        )
    if changes.tasks:
        cursor.execute(
            """UPDATE task t SET element = d.target, name = d.name, stage = d.stage, form = d.form, action = d.action
                 FROM json_to_recordset(%s::json) AS d(element text, target text, name text, stage text, form text,
                                                       action text)
                WHERE t.matter_id = ANY(%s) AND t.state = 'open' AND t.token IS NOT NULL AND t.element = d.element""",
            [orjson.dumps([{"element": c.element, "target": c.target, "name": c.name, "stage": c.stage,
                            "form": c.form, "action": c.action} for c in changes.tasks.values()]).decode(), matters],
        )  # fmt: skip
    update_many(cursor, "task", {"id": "uuid", "role": "text", "agency": "uuid", "post": "uuid"}, roles,
                "role = d.role, agency_id = d.agency, post_id = d.post, officer_id = NULL", "t.id = d.id")  # fmt: skip
    update_many(cursor, "task", {"id": "uuid", "due": "timestamptz"}, dues, "due_at = d.due", "t.id = d.id")
    if changes.drop:
        cursor.execute(
            "DELETE FROM timer WHERE matter_id = ANY(%s) AND element = ANY(%s)", [matters, list(changes.drop)]
        )
    if changes.timers:
        cursor.execute(
            """UPDATE timer t SET element = d.new FROM json_to_recordset(%s::json) AS d(old text, new text)
                WHERE t.matter_id = ANY(%s) AND t.element = d.old""",
            [_pairs(changes.timers), matters],
        )
    update_many(
        cursor, "timer",
        {"id": "uuid", "element": "text", "due_at": "timestamptz", "repeat_left": "integer", "spec": "text"}, timers,
        "element = d.element, due_at = d.due_at, repeat_left = d.repeat_left, spec = d.spec, not_before = NULL",
        "t.id = d.id",
    )  # fmt: skip
    insert_many(cursor, "timer", TIMER, armed)


def _collections(
    cursor: Any, matters: list[UUID], collections: Mapping[str, tuple[str | None, str | None]]
) -> None:
    """Open fan-outs collect under another name from now on; what they have collected comes along."""
    cursor.execute(
        """UPDATE scope t SET variables = (t.variables - coalesce(d.old, '')) || CASE WHEN d.new IS NULL THEN '{}' ELSE
                  jsonb_build_object(d.new, coalesce(t.variables -> d.old, (
                      SELECT coalesce(jsonb_agg('null'::jsonb), '[]') FROM generate_series(1, t.total)))) END
             FROM json_to_recordset(%s::json) AS d(element text, old text, new text)
            WHERE t.matter_id = ANY(%s) AND t.kind = 'multi' AND t.state = 'open' AND t.element = d.element""",
        [orjson.dumps([{"element": key, "old": old, "new": new} for key, (old, new) in collections.items()]).decode(),
         matters],
    )  # fmt: skip


def take_drawing(cursor: Any, ids: Sequence[UUID], drawing: UUID) -> dict[UUID, int]:
    """Put matters under another version; returns the number of the event this is in each one's history."""
    cursor.execute(
        "UPDATE matter SET drawing_id = %s, last_event = last_event + 1 WHERE id = ANY(%s) RETURNING id, last_event",
        [drawing, list(ids)],
    )
    return dict(cursor.fetchall())


# All process rows of a matter as one number. A sum does not care for the order of rows, so nothing is sorted.
_DIGEST = """
SELECT matter_id, sum(hashtextextended(line, 0)::numeric)::text AS digest FROM (
    SELECT matter_id, concat_ws('|', 'scope', id, agency_id, parent_id, element, kind, item, index, pending, total,
                                variables, state) AS line FROM scope WHERE matter_id = ANY(%(ids)s)
    UNION ALL
    SELECT matter_id, concat_ws('|', 'token', id, scope_id, element, coalesce(flow, '')) FROM token
     WHERE matter_id = ANY(%(ids)s)
    UNION ALL
    SELECT matter_id, concat_ws('|', 'timer', id, scope_id, token_id, element, extract(epoch FROM due_at),
                                coalesce(repeat_left, -1), spec) FROM timer WHERE matter_id = ANY(%(ids)s)
    UNION ALL
    SELECT matter_id, concat_ws('|', 'task', id, element, name, stage, role, agency_id, coalesce(post_id::text, ''),
                                coalesce(officer_id::text, ''), form, action, coalesce(extract(epoch FROM due_at), 0))
      FROM task WHERE matter_id = ANY(%(ids)s) AND state = 'open') AS every GROUP BY matter_id
"""


def digests(cursor: Any, ids: Sequence[UUID]) -> dict[UUID, str]:
    cursor.execute(_DIGEST, {"ids": list(ids)})
    return dict(cursor.fetchall())


def remember(
    cursor: Any,
    migration: UUID,
    was: Mapping[UUID, Mapping[str, Any]],
    seqs: Mapping[UUID, int],
    now: datetime,
) -> None:
    """Keep what the rows were, and how they stand now."""
    stand = digests(cursor, list(was))
    insert_many(
        cursor, "migrated_matter",
        {"migration_id": "uuid", "matter_id": "uuid", "before": "jsonb", "last_event": "integer", "digest": "text",
         "migrated_at": "timestamptz"},
        [(migration, matter, rows, seqs[matter], stand[matter], now) for matter, rows in was.items()],
    )  # fmt: skip


# --- and back


@dataclass(frozen=True, slots=True)
class Moved:
    """A matter that a migration moved, as it is kept and as it is now."""

    matter: UUID
    number: str
    lead: UUID
    state: str
    drawing: UUID
    last_event: int
    known_event: int
    digest: str


def next_moved(cursor: Any, migration: UUID, after: UUID | None, limit: int) -> list[Moved]:
    """The matters a migration moved and that were not taken back, locked, in the order of their ids."""
    cursor.execute(
        """SELECT m.id, m.number, m.lead_agency_id, m.state, m.drawing_id, m.last_event, g.last_event, g.digest
             FROM migrated_matter g JOIN matter m ON m.id = g.matter_id
            WHERE g.migration_id = %s AND g.rolled_back_at IS NULL AND (%s::uuid IS NULL OR g.matter_id > %s)
            ORDER BY m.id LIMIT %s FOR UPDATE OF m""",
        [migration, after, after, limit],
    )
    return [Moved(*row) for row in cursor.fetchall()]


def restore(cursor: Any, migration: UUID, ids: Sequence[UUID], now: datetime) -> None:
    """Put every row back as it was before the migration."""
    given = {"migration": migration, "ids": list(ids), "now": now}
    for statement in _RESTORE:
        cursor.execute(statement, given)


def _kept(key: str) -> str:
    return (
        f"(SELECT g.matter_id, d.row FROM migrated_matter g,"
        f" jsonb_array_elements(coalesce(g.before -> '{key}', '[]')) AS d(row)"
        " WHERE g.migration_id = %(migration)s AND g.matter_id = ANY(%(ids)s)) AS b"
    )


_RESTORE = (
    f"""UPDATE scope t SET element = b.row ->> 1,
               variables = CASE WHEN jsonb_typeof(b.row -> 2) = 'object' THEN b.row -> 2 ELSE t.variables END
          FROM {_kept("scopes")} WHERE t.id = (b.row ->> 0)::uuid""",
    f"""UPDATE token t SET element = b.row ->> 1, flow = b.row ->> 2
          FROM {_kept("tokens")} WHERE t.id = (b.row ->> 0)::uuid""",
    f"""UPDATE task t SET element = b.row ->> 1, name = b.row ->> 2, stage = b.row ->> 3, form = b.row ->> 4,
               action = b.row ->> 5, role = b.row ->> 6, agency_id = (b.row ->> 7)::uuid, post_id = (b.row ->> 8)::uuid,
               officer_id = (b.row ->> 9)::uuid, due_at = (b.row ->> 10)::timestamptz
          FROM {_kept("tasks")} WHERE t.id = (b.row ->> 0)::uuid""",
    """DELETE FROM timer WHERE id IN (
           SELECT (d.id #>> '{}')::uuid FROM migrated_matter g,
                  jsonb_array_elements(coalesce(g.before -> 'armed', '[]')) AS d(id)
            WHERE g.migration_id = %(migration)s AND g.matter_id = ANY(%(ids)s))""",
    f"""INSERT INTO timer (id, matter_id, agency_id, scope_id, token_id, element, due_at, repeat_left, spec, not_before)
        SELECT (b.row ->> 0)::uuid, b.matter_id, (b.row ->> 1)::uuid, (b.row ->> 2)::uuid, (b.row ->> 3)::uuid,
               b.row ->> 4, (b.row ->> 5)::timestamptz, (b.row ->> 6)::integer, b.row ->> 7, (b.row ->> 8)::timestamptz
          FROM {_kept("timers")}
        ON CONFLICT (id) DO UPDATE SET element = excluded.element, due_at = excluded.due_at,
               repeat_left = excluded.repeat_left, spec = excluded.spec, not_before = excluded.not_before""",
    """UPDATE migrated_matter SET rolled_back_at = %(now)s
        WHERE migration_id = %(migration)s AND matter_id = ANY(%(ids)s)""",
)
