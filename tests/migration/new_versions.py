"""Later versions of the drawing of the letters scene, made from the first by editing its text, and stored."""

from __future__ import annotations

import itertools
from pathlib import Path
from uuid import UUID

from officials import MONDAY, City

from lianban.engines.process import Graph, compile_bpmn

FILE = Path(__file__).parents[2] / "scenes" / "assistance" / "process.bpmn"
# Another name, a clock and a timer for the check; the reminder to sign for a letter is another.
RICHER = (
    ('<bpmn:userTask id="check" name="核验反馈">', '<bpmn:userTask id="check" name="核验与登记">'),
    ("R5/clock:assistance.sign_for/P1D", "R3/PT36H"),
    (
        '<zeebe:property name="action" value="letters.check" />',
        '<zeebe:property name="action" value="letters.check" /><zeebe:property name="clock" value="assistance.answer" />',
    ),
    (
        '<bpmn:boundaryEvent id="sign_overdue"',
        '<bpmn:boundaryEvent id="check_slow" cancelActivity="false" attachedToRef="check">'
        "<bpmn:outgoing>f_slow</bpmn:outgoing><bpmn:timerEventDefinition>"
        '<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">P5D</bpmn:timeDuration></bpmn:timerEventDefinition>'
        '</bpmn:boundaryEvent><bpmn:endEvent id="slow_noted"><bpmn:incoming>f_slow</bpmn:incoming></bpmn:endEvent>'
        '<bpmn:sequenceFlow id="f_slow" sourceRef="check_slow" targetRef="slow_noted" />'
        '<bpmn:boundaryEvent id="sign_overdue"',
    ),
)  # fmt: skip
_count = itertools.count(2)


def edited(*edits: tuple[str, str]) -> str:
    """The drawing with texts replaced; each must be there."""
    text = FILE.read_text("utf-8")
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new)
    return text


def graph(*edits: tuple[str, str]) -> Graph:
    return compile_bpmn(edited(*edits).encode(), source="assistance")


def deploy(city: City, *edits: tuple[str, str]) -> tuple[int, UUID]:
    """Store a version; returns its number and id."""
    from django.db import connections, transaction

    from lianban.records.identity import new_id

    text, key, number = edited(*edits), new_id(), next(_count)
    made = compile_bpmn(text.encode(), source="assistance")
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO drawing (id, scene, version, graph_hash, bpmn, recorded_at) VALUES (%s, %s, %s, %s, %s, %s)",
            [key, "assistance", number, made.hash, text, MONDAY],
        )
    return number, key


def order(city: City, to: int, chosen=None, at=MONDAY, by="court.judge", start: int = 1) -> UUID:
    from lianban.actions.order_migration import order_migration
    from lianban.engines.migration import ElementMap

    with city.acting_as(by, at) as acting:
        return order_migration(acting, "assistance", start, to, chosen or ElementMap(), "流程优化")


def migrate(city: City, to: int, chosen=None, at=MONDAY, batch: int = 2000, start: int = 1):
    """Order and carry out; returns (order, what was done)."""
    from lianban.actions.acting import Acting
    from lianban.actions.migrate_matters import migrate_matters

    key = order(city, to, chosen, at, start=start)
    with city.as_role("worker"):
        return key, migrate_matters(Acting(None, at, "迁移"), key, batch)


def roll_back(city: City, migration: UUID, at=MONDAY, batch: int = 2000):
    from lianban.actions.acting import Acting
    from lianban.actions.order_migration import order_roll_back
    from lianban.actions.roll_back_migration import roll_back_migration

    with city.acting_as("court.judge", at) as acting:
        key = order_roll_back(acting, migration, "新版有误")
    with city.as_role("worker"):
        return roll_back_migration(Acting(None, at, "退回"), key, batch)


def rows_of(city: City) -> dict[str, list[tuple]]:
    """Every row of the process, and where the matters stand, without what a migration writes of itself."""
    return {
        "scope": city.rows("SELECT * FROM scope ORDER BY id"),
        "token": city.rows("SELECT * FROM token ORDER BY id"),
        "timer": city.rows("SELECT * FROM timer ORDER BY id"),
        "task": city.rows("SELECT * FROM task ORDER BY id"),
        "matter": city.rows("SELECT id, drawing_id, state, closed_at FROM matter ORDER BY id"),
        "letter": city.rows("SELECT * FROM letter ORDER BY id"),
    }
