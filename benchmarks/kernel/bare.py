"""What completing one task writes, by bare psycopg: no policy, no engine, no check, and nothing read but the task."""

from __future__ import annotations

from typing import Any
from uuid import UUID


def bare_step(connection: Any, task: UUID) -> None:
    """Ten statements and a commit: the rows of one step of the observing scene. The next task it leaves has no name."""
    matter, token = connection.execute("SELECT matter_id, token FROM task WHERE id = %s", [task]).fetchone()
    connection.execute("SELECT * FROM matter WHERE id = %s FOR UPDATE", [matter])
    connection.execute(
        "INSERT INTO token (id, matter_id, agency_id, scope_id, element, flow, state) SELECT gen_random_uuid(),"
        " matter_id, agency_id, scope_id, element, flow, state FROM token WHERE id = %s", [token],
    )  # fmt: skip
    connection.execute(
        "INSERT INTO task SELECT (json_populate_record(t, json_build_object('id', gen_random_uuid(), 'name', ''))).*"
        " FROM task t WHERE id = %s", [task],
    )  # fmt: skip
    connection.execute("UPDATE scope SET variables = variables WHERE matter_id = %s", [matter])
    connection.execute("UPDATE task SET state = 'done', closed_at = now() WHERE id = %s", [task])
    connection.execute("DELETE FROM token WHERE id = %s", [token])
    connection.execute("UPDATE matter SET last_event = last_event + 1 WHERE id = %s", [matter])
    connection.execute(
        "INSERT INTO event (matter_id, seq, kind, occurred_at, data) VALUES (%s, 9999, 'x',"
        " now(), '{}')", [matter],
    )  # fmt: skip
    connection.execute(
        "WITH e AS (INSERT INTO ledger_entry (id, act, payload, salt, commitment) VALUES (gen_random_uuid(), 'x',"
        " repeat('x', 600), 'x', 'x') RETURNING id, recorded_at) INSERT INTO ledger_pending SELECT id, recorded_at FROM e"
    )
    connection.commit()
