"""What a letter says: seen by its sender and its addressee, changed by nobody, and pointed to by no trick."""

from __future__ import annotations

import psycopg
import pytest
from officials import MONDAY, days
from psycopg import sql
from test_walk_routes import as_officer, body_of

from lianban.engines import ledger

SAYS = "SELECT c.data FROM letter l JOIN letter_content c ON c.id = l.content_id WHERE l.id = %s"
CAUSE = "买卖合同纠纷金丝雀"


@pytest.fixture
def sent(city):
    """Letters to two units, delivered."""
    matter = city.open(("police", "housing"), cause=CAUSE)
    city.send(matter)
    return matter


def as_(city, username):
    connection = city.connect("app")
    connection.execute("SELECT lianban.enter(%s)", [city.session(username)])
    return connection


def test_letter_content_once_for_a_fan_out(city):
    """However many units are asked the same about the same people, it stands there once."""
    units = ("police", "housing", "tax", "civil_affairs", "transport")
    matter = city.open(units, names=("张三", "李四"))
    city.send(matter)
    counts = [
        city.one(f"SELECT count(*) FROM {table} WHERE matter_id = %s", matter)
        for table in ("letter", "letter_content", "letter_subject")
    ]
    assert counts == [5, 1, 2]
    for unit in units:
        with as_(city, f"{unit}.liaison") as connection:
            assert len(connection.execute("SELECT FROM letter_content").fetchall()) == 1
            assert len(connection.execute("SELECT FROM letter_subject").fetchall()) == 2


def test_letter_content_amended_for_one(city, sent):
    """What is amended for one unit makes a content of its own: the other unit reads what it read before."""
    city.sign_and_route(sent, "police")
    city.do("police.handler_1", sent, "answer", {"result": "supplement", "supplement": "请补充曾用名"})
    city.check(sent, "police", "amend", "同意补正")
    city.do("court.clerk", sent, "amend", {"note": "曾用名见附件说明"}, at=MONDAY + days(1))
    seen = {}
    for unit in ("police", "housing"):
        with as_(city, f"{unit}.liaison") as connection:
            seen[unit] = connection.execute(SAYS, [city.letter(sent, unit)]).fetchone()[0]
            (subjects,) = connection.execute("SELECT count(*) FROM letter_subject").fetchone()
        # Whom a unit was asked about, and nothing of the content that it no longer points to.
        assert subjects == city.one("SELECT count(*) FROM party WHERE matter_id = %s", sent), unit
    assert [row["note"] for row in seen["police"]["amendments"]] == ["曾用名见附件说明"]
    assert "amendments" not in seen["housing"]
    assert seen["police"]["cause"] == seen["housing"]["cause"] == CAUSE


def test_letter_content_sealed_in_the_ledger(city, sent):
    """The digest that the ledger keeps of a sealed letter is that of the rows as they stand, and of no others."""
    said = city.one(
        "SELECT payload::jsonb -> 'said' -> 'sealed' FROM ledger_entry WHERE act = 'letters.seal'"
    )
    assert len(said) == 2
    for one in said:
        sender, addressee, kind, basis, questions, at, data = city.one(
            "SELECT l.sender_id, l.addressee_id, l.kind, l.legal_basis, l.questions, l.sealed_at, c.data FROM letter l"
            " JOIN letter_content c ON c.id = l.content_id WHERE l.id = %s", one["letter"],
        )  # fmt: skip
        whole = {"number": one["number"], "sender": str(sender), "addressee": str(addressee), "kind": kind,
                 "legal_basis": basis, "questions": questions, "content": data, "sealed_at": at}  # fmt: skip
        assert ledger.digest(whole) == one["seal"]
        assert ledger.digest(whole | {"content": data | {"cause": "其他"}}) != one["seal"]


@pytest.mark.parametrize("column", ["sender_id", "addressee_id", "matter_id", "kind", "drafted_at"])
def test_letter_is_not_readdressed(city, sent, column):
    """Who asks whom, in which matter, nobody's SQL changes: no column grant."""
    with as_(city, "court.clerk") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(sql.SQL("UPDATE letter SET {0} = {0}").format(sql.Identifier(column)))


def test_letter_content_is_never_changed(city, sent):
    """Not even by its sender: there is no grant to update or delete."""
    for statement in ("UPDATE letter_content SET data = '{}'", "DELETE FROM letter_content"):
        with as_(city, "court.judge") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)


def test_letter_points_to_no_other_content(city, sent):
    """A unit that knows the id of what was said to another cannot point its own letter to it, nor can anybody make a
    letter say what was said in another matter."""
    other = city.open(("tax",), cause="另案案由")
    city.send(other)
    said = city.one("SELECT content_id FROM letter WHERE matter_id = %s", other)
    with as_(city, "police.liaison") as connection:
        assert connection.execute("SELECT FROM letter_content WHERE id = %s", [said]).fetchall() == []
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="by its sender alone"):
            connection.execute("UPDATE letter SET content_id = %s", [said])
    # The sender itself, once the unit has it in hand; and before that, never to the content of another matter.
    with as_(city, "court.clerk") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("UPDATE letter SET content_id = %s WHERE matter_id = %s", [said, sent])
    draft = city.open(("housing",))
    city.do("court.clerk", draft, "draft")
    with as_(city, "court.clerk") as connection:
        connection.execute("UPDATE letter SET content_id = %s WHERE matter_id = %s", [said, draft])
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            connection.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_letter_content_written_by_the_lead_alone(city, sent):
    """A unit can say nothing in a matter it does not lead, nor in another's name."""
    me, court = city.agency("police"), city.agency("court")
    for sender in (me, court):
        with as_(city, "police.liaison") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(
                "INSERT INTO letter_content (id, matter_id, sender_id, data) VALUES (uuidv7(), %s, %s, '{}')",
                [sent, sender],
            )


def test_letter_page_of_the_supervisor(city, sent):
    """The supervisor's page of a letter shows its number and state, and not a word of what it says."""
    letter = city.letter(sent, "police")
    number = city.one("SELECT number FROM letter WHERE id = %s", letter)
    for username, shown in (("police.liaison", True), ("court.judge", True), ("political_legal.supervisor", False)):  # fmt: skip
        page = as_officer(city, username).get(f"/letters/{letter}")
        assert page.status_code == 200, username
        assert number in body_of(page), username
        assert (CAUSE in body_of(page)) is shown, username


def test_letter_content_hidden_from_the_worker(city, sent):
    """Neither role without a person has a grant on what letters say, and the letter itself no longer holds it."""
    for role in ("worker", "auditor"):
        for table in ("letter_content", "letter_subject"):
            with (
                city.connect(role, autocommit=True) as connection,
                pytest.raises(psycopg.errors.InsufficientPrivilege),
            ):
                connection.execute(sql.SQL("SELECT FROM {}").format(sql.Identifier(table)))
    with city.connect("worker", autocommit=True) as connection:
        letters = connection.execute("SELECT l::text FROM letter l").fetchall()
    assert len(letters) == 2
    assert not [row for (row,) in letters if CAUSE in row]
