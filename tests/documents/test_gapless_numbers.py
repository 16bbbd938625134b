"""Document numbers in the database: no gap and no duplicate, whatever rolls back."""

import os
import random
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from lianban.records import server
from lianban.records.models.papers import DocumentNumber
from lianban.records.numbering import take_number, take_numbers

WRITERS = 50
TURNS = 8


class ChangedMind(Exception):
    """The transaction was given up after the number was taken."""


@pytest.fixture
def dsn(database_server):
    """A scratch schema that holds the counter alone; row policies have their own tests."""
    access = database_server.dsn(server.Role.SUPERUSER, "postgres")
    schema = f"numbering_{os.getpid()}"
    with psycopg.connect(**access, autocommit=True) as connection:
        connection.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}")
        connection.execute(
            f"CREATE TABLE {schema}.document_number (organ text, kind text, year integer, "
            "last integer NOT NULL, PRIMARY KEY (organ, kind, year))"
        )
        yield {**access, "options": f"-c search_path={schema}"}
        connection.execute(f"DROP SCHEMA {schema} CASCADE")


def test_table_of_the_records_is_the_one_the_query_means():
    """The model has the columns and the key that the scratch table above has."""
    meta = DocumentNumber._meta
    assert meta.db_table == "document_number"
    assert sorted(field.column for field in meta.local_fields if field.column) == sorted(
        ["organ", "kind", "year", "last"]
    )
    assert [field.name for field in meta.pk_fields] == ["organ", "kind", "year"]


def test_fifty_writers_who_roll_back_leave_no_gap(dsn):
    """50 threads at once, a third of their transactions given up: the kept numbers are 1, 2, 3 … n."""

    def write(writer: int) -> list[int]:
        chance = random.Random(writer)
        kept = []
        with psycopg.connect(**dsn) as connection:
            for _ in range(TURNS):
                try:
                    with connection.transaction(), connection.cursor() as cursor:
                        number = take_number(cursor, "浙临", "assistance_letter", 2026)
                        if chance.random() < 1 / 3:
                            raise ChangedMind
                except ChangedMind:
                    continue
                kept.append(number)
        return kept

    with ThreadPoolExecutor(WRITERS) as pool:
        taken = [number for numbers in pool.map(write, range(WRITERS)) for number in numbers]
    assert sorted(taken) == list(range(1, len(taken) + 1))
    assert WRITERS < len(taken) < WRITERS * TURNS


def test_writer_who_is_cut_off_gives_the_number_back(dsn):
    """A connection that dies with a number in hand leaves no gap either."""
    lost = psycopg.connect(**dsn)
    with lost.cursor() as cursor:
        assert take_number(cursor, "浙临", "answer_sheet", 2026) == 1
    lost.close()
    with psycopg.connect(**dsn) as connection, connection.cursor() as cursor:
        assert take_number(cursor, "浙临", "answer_sheet", 2026) == 1


def test_each_organ_kind_and_year_counts_by_itself(dsn):
    """Three counters do not disturb each other, and a new year begins with 1."""
    with psycopg.connect(**dsn) as connection, connection.cursor() as cursor:
        for organ, kind, year in [
            ("浙临", "assistance_letter", 2026),
            ("浙黄", "assistance_letter", 2026),
            ("浙临", "answer_sheet", 2026),
            ("浙临", "assistance_letter", 2027),
        ]:
            assert [take_number(cursor, organ, kind, year) for _ in range(3)] == [1, 2, 3]


def test_several_numbers_at_once_are_in_a_row(dsn):
    """A hundred letters that go out together take their numbers in one statement."""
    with psycopg.connect(**dsn) as connection, connection.cursor() as cursor:
        assert take_numbers(cursor, "浙临", "assistance_letter", 2026, 100) == range(1, 101)
        assert take_number(cursor, "浙临", "assistance_letter", 2026) == 101
        with pytest.raises(ValueError, match="at least 1"):
            take_numbers(cursor, "浙临", "assistance_letter", 2026, 0)
