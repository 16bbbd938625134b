"""The Python executor and the compiled SELECT agree on every figure, group and list of matters."""

import psycopg
import pytest
from generated import FACTS, SHAPES, definitions, scopes
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.rows import dict_row

from lianban.engines.indicators import (
    COLUMNS,
    ColumnType,
    compile_figure,
    compile_matters,
    evaluate,
    evaluate_by,
    figure_from_row,
    matters_behind,
)

SQL_TYPES = {
    ColumnType.ID: "uuid",
    ColumnType.TEXT: "text",
    ColumnType.INTEGER: "bigint",
    ColumnType.INSTANT: "timestamptz",
}


@pytest.fixture(scope="module")
def connection(database_server):
    """A session with the three fact tables as temporary tables."""
    from lianban.records import server

    with psycopg.connect(
        **database_server.dsn(server.Role.SUPERUSER, "postgres"), autocommit=True, row_factory=dict_row
    ) as opened:
        opened.execute("SET timezone = 'Asia/Shanghai'")  # nothing may depend on the session's zone
        for kind, columns in COLUMNS.items():
            fields = ", ".join(f"{name} {SQL_TYPES[column]}" for name, column in columns.items())
            opened.execute(f"CREATE TEMP TABLE fact_{kind} ({fields})")
        yield opened


def load(connection, facts):
    connection.execute(f"TRUNCATE {', '.join(f'fact_{kind}' for kind in COLUMNS)}")
    for kind, columns in COLUMNS.items():
        rows = facts.of(kind)
        if rows:
            marks = ", ".join(f"%({name})s" for name in columns)
            with connection.cursor() as cursor:
                cursor.executemany(f"INSERT INTO fact_{kind} ({', '.join(columns)}) VALUES ({marks})", rows)


def asked(connection, query):
    return connection.execute(query.sql, query.params).fetchall()


@pytest.mark.parametrize("shape", SHAPES)
@given(data=st.data())
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
def test_executors_agree(shape, connection, data):
    """For any facts, definition and scope: the same figure, the same groups, the same lists, page by page."""
    facts = data.draw(FACTS)
    load(connection, facts)
    for _ in range(4):
        indicator = data.draw(definitions(shape))
        assert_agreement(connection, facts, indicator, data.draw(scopes(indicator)))


def assert_agreement(connection, facts, indicator, scope):
    (row,) = asked(connection, compile_figure(indicator, scope))
    assert figure_from_row(indicator, row) == evaluate(indicator, facts, scope)

    for by in indicator.by:
        rows = asked(connection, compile_figure(indicator, scope, by=by))
        groups = {row["grp"]: figure_from_row(indicator, row) for row in rows}
        assert groups == evaluate_by(indicator, facts, by, scope)
        assert len(groups) == len(rows)

    for part in indicator.parts:
        expected = matters_behind(indicator, facts, scope, part)
        found = [row["matter"] for row in asked(connection, compile_matters(indicator, scope, part=part))]
        assert found == expected
        if part is indicator.opens:
            assert len(found) == evaluate(indicator, facts, scope).matters
    after, limit = (expected[0], 1) if expected else (None, 1)
    page = asked(connection, compile_matters(indicator, scope, part=part, after=after, limit=limit))
    assert [row["matter"] for row in page] == expected[1:2]
