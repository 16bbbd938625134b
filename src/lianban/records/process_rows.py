"""Load and save the rows of the process engine: a part of each matter, many matters at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from lianban.engines.process.rows import ScopeKind, ScopeRow, TimerRow, TokenRow
from lianban.engines.process.state import State
from lianban.records.bulk import insert_many, update_many

# Tokens and timers come with their scope: three statements of which the second and third wait for the first cost
# an act a tenth of its time.
_CHAIN = """
WITH RECURSIVE chain(id, parent_id) AS (
    SELECT id, parent_id FROM scope WHERE id = ANY(%s)
    UNION SELECT s.id, s.parent_id FROM scope s JOIN chain c ON s.id = c.parent_id)
SELECT s.matter_id, s.agency_id, s.id, s.parent_id, s.element, s.kind, s.item, s.index, s.pending, s.total, s.variables,
       (SELECT json_agg(json_build_array(t.id, t.element, t.flow) ORDER BY t.id)::text FROM token t
         WHERE t.matter_id = s.matter_id AND t.scope_id = s.id),
       (SELECT json_agg(json_build_array(t.id, t.token_id, t.element, t.due_at, t.repeat_left, t.spec)
                        ORDER BY t.id)::text FROM timer t
         WHERE t.matter_id = s.matter_id AND t.scope_id = s.id)
  FROM scope s JOIN chain USING (id) WHERE s.state = 'open'
"""


@dataclass(slots=True)
class Loaded:
    """The rows of one matter that a step needs, and whose branch each scope belongs to."""

    state: State
    branch_agency: dict[UUID, UUID | None] = field(default_factory=dict)


def load(cursor: Any, scope_ids: Iterable[UUID]) -> dict[UUID, Loaded]:
    """By matter: the scopes from the given ones up to the root, with the tokens and timers in them."""
    scopes: dict[UUID, list[ScopeRow]] = defaultdict(list)
    tokens: dict[UUID, list[TokenRow]] = defaultdict(list)
    timers: dict[UUID, list[TimerRow]] = defaultdict(list)
    agencies: dict[UUID, dict[UUID, UUID | None]] = defaultdict(dict)
    cursor.execute(_CHAIN, [list(scope_ids)])
    for (
        matter, agency, key, parent, element, kind, item, index, pending, total, variables, held, armed,
    ) in cursor.fetchall():  # fmt: skip
        agencies[matter][key] = agency
        scopes[matter].append(
            ScopeRow(
                key, parent, element, ScopeKind(kind), _json(item), index, pending, total, _json(variables)
            )
        )
        tokens[matter] += [TokenRow(UUID(token), key, node, flow) for token, node, flow in _json(held) or ()]
        timers[matter] += [
            TimerRow(UUID(timer), key, UUID(token), node, datetime.fromisoformat(due), left, spec)
            for timer, token, node, due, left, spec in _json(armed) or ()
        ]  # fmt: skip
    return {
        matter: Loaded(State.of(rows, tokens[matter], timers[matter]), agencies[matter])
        for matter, rows in scopes.items()
    }


def _json(text: str | None) -> Any:
    # Django leaves jsonb as text in plain cursors, for its own fields to read.
    return None if text is None else orjson.loads(text)


@dataclass(slots=True)
class Writes:
    """Changes of many matters, grouped by the statement that writes them."""

    scopes: list[tuple[Any, ...]] = field(default_factory=list)
    tokens: list[tuple[Any, ...]] = field(default_factory=list)
    timers: list[tuple[Any, ...]] = field(default_factory=list)
    tasks: list[tuple[Any, ...]] = field(default_factory=list)
    count_down: list[tuple[UUID, int]] = field(default_factory=list)
    variables: list[tuple[UUID, Mapping[str, Any]]] = field(default_factory=list)
    closed_scopes: list[tuple[UUID, str]] = field(default_factory=list)
    cancelled_trees: list[UUID] = field(default_factory=list)
    closed_tokens: list[UUID] = field(default_factory=list)
    closed_tasks: list[tuple[Any, ...]] = field(default_factory=list)
    closed_timers: list[UUID] = field(default_factory=list)
    rearmed: list[tuple[Any, ...]] = field(default_factory=list)


SCOPE = {"id": "uuid", "matter_id": "uuid", "agency_id": "uuid", "parent_id": "uuid", "element": "text",
         "kind": "text", "item": "jsonb", "index": "integer", "pending": "integer", "total": "integer",
         "variables": "jsonb", "state": "text"}  # fmt: skip
TOKEN = {"id": "uuid", "matter_id": "uuid", "agency_id": "uuid", "scope_id": "uuid", "element": "text",
         "flow": "text", "state": "text"}  # fmt: skip
TIMER = {"id": "uuid", "matter_id": "uuid", "agency_id": "uuid", "scope_id": "uuid", "token_id": "uuid",
         "element": "text", "due_at": "timestamptz", "repeat_left": "integer", "spec": "text"}  # fmt: skip
TASK = {"id": "uuid", "matter_id": "uuid", "lead_agency_id": "uuid", "scope_id": "uuid", "token": "uuid",
        "letter_id": "uuid", "element": "text", "name": "text", "stage": "text", "role": "text",
        "agency_id": "uuid", "post_id": "uuid", "officer_id": "uuid", "form": "text", "action": "text",
        "state": "text", "opened_at": "timestamptz", "due_at": "timestamptz", "closed_at": "timestamptz",
        "closed_by_id": "uuid"}  # fmt: skip


def save(cursor: Any, writes: Writes, closed_at: Any) -> None:
    """Write a group of changes. Opened rows first: what closes in the same act may refer to them."""
    insert_many(cursor, "scope", SCOPE, writes.scopes)
    insert_many(cursor, "token", TOKEN, writes.tokens)
    insert_many(cursor, "timer", TIMER, writes.timers)
    insert_many(cursor, "task", TASK, writes.tasks)
    update_many(cursor, "scope", {"id": "uuid", "variables": "jsonb"}, writes.variables,
                "variables = t.variables || d.variables", "t.id = d.id")  # fmt: skip
    update_many(cursor, "scope", {"id": "uuid", "by": "integer"}, _added_up(writes.count_down),
                "pending = t.pending - d.by", "t.id = d.id")  # fmt: skip
    update_many(cursor, "scope", {"id": "uuid", "state": "text"}, writes.closed_scopes,
                "state = d.state", "t.id = d.id")  # fmt: skip
    update_many(
        cursor, "task",
        {"token": "uuid", "matter_id": "uuid", "state": "text", "closed_by": "uuid", "closed_at": "timestamptz"},
        writes.closed_tasks, "state = d.state, closed_at = d.closed_at, closed_by_id = d.closed_by",
        "t.matter_id = d.matter_id AND t.token = d.token AND t.state = 'open'",
    )  # fmt: skip
    if writes.closed_timers:
        cursor.execute("DELETE FROM timer WHERE id = ANY(%s)", [writes.closed_timers])
    if writes.closed_tokens:
        cursor.execute("DELETE FROM token WHERE id = ANY(%s)", [writes.closed_tokens])
    update_many(cursor, "timer", {"id": "uuid", "due_at": "timestamptz", "repeat_left": "integer"}, writes.rearmed,
                "due_at = d.due_at, repeat_left = d.repeat_left", "t.id = d.id")  # fmt: skip
    if writes.cancelled_trees:
        _cancel_trees(cursor, writes.cancelled_trees, closed_at)


def _added_up(pairs: Iterable[tuple[UUID, int]]) -> list[tuple[UUID, int]]:
    # UPDATE … FROM takes one row per target: two branches that end in one act must count as two.
    total: dict[UUID, int] = defaultdict(int)
    for key, by in pairs:
        total[key] += by
    return list(total.items())


def _cancel_trees(cursor: Any, roots: list[UUID], closed_at: Any) -> None:
    # A cursor of its own: the statements before it may still be on their way.
    with cursor.connection.cursor() as own:
        own.execute(
            """WITH RECURSIVE below(id, matter_id) AS (
                   SELECT id, matter_id FROM scope WHERE id = ANY(%s)
                   UNION SELECT s.id, s.matter_id FROM scope s JOIN below b
                      ON s.matter_id = b.matter_id AND s.parent_id = b.id)
               SELECT id FROM below""",
            [roots],
        )
        doomed = [key for (key,) in own.fetchall()]
    cursor.execute("UPDATE task SET state = 'cancelled', closed_at = %s WHERE scope_id = ANY(%s) AND state = 'open'",
                   [closed_at, doomed])  # fmt: skip
    cursor.execute("DELETE FROM timer WHERE scope_id = ANY(%s)", [doomed])
    cursor.execute("DELETE FROM token WHERE scope_id = ANY(%s)", [doomed])
    cursor.execute("UPDATE scope SET state = 'cancelled' WHERE id = ANY(%s) AND state = 'open'", [doomed])
