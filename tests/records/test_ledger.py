"""The ledger as it stands in the database: sequenced once, proved by anybody, and every kind of tampering found."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import orjson
import pytest
from officials import MONDAY, days

from lianban.actions.errors import EntryNotFound, LedgerEntryNotPlaced
from lianban.actions.prove_entry import prove_entry
from lianban.actions.sequence_ledger import sequence_ledger, signing_key
from lianban.actions.verify_ledger import Verification, verify_ledger
from lianban.engines import ledger

SCRIPT = Path(__file__).resolve().parents[2] / "docs" / "verify_ledger_proof.py"


@pytest.fixture
def kept(city):
    """A matter with an answer and a file, all of it in the tree, in two checkpoints."""
    from lianban.actions.add_document import add_document

    matter = city.open(units=("police",))
    city.send(matter)
    city.sequence()
    city.sign_and_route(matter, "police")
    with city.acting_as("police.handler_1") as acting:
        add_document(acting, matter, "档案.pdf", b"%PDF-1.7", city.letter(matter, "police"))
    city.answer(matter, "police", "yes")
    city.sequence(MONDAY + days(1))
    return matter


def verify(city) -> Verification:
    with city.as_role("auditor"):
        return verify_ledger(signing_key().verifying_key())


def prove(city, entry):
    with city.as_role("auditor"):
        return prove_entry(entry, signing_key().verifying_key())


def tamper(city, statement: str) -> None:
    """As somebody who owns the machine: without row security, triggers or foreign keys."""
    with city.superuser.transaction():
        city.superuser.execute("SET LOCAL session_replication_role = replica")
        assert city.superuser.execute(statement).rowcount == 1


def test_ledger_sound(city, kept):
    """Untouched, the whole ledger verifies: entries, checkpoints, and what they keep the digest of."""
    found = verify(city)
    assert found.faults == []
    assert found.sound
    assert (found.checkpoints, found.evidence, found.waiting, found.erased) == (2, 2, 0, 0)
    assert found.entries == city.one("SELECT count(*) FROM ledger_entry")


def test_ledger_empty_and_waiting(city):
    """An empty ledger is sound; entries that wait for their leaves are counted, not blamed."""
    assert verify(city).sound
    city.open()
    found = verify(city)
    assert (found.sound, found.entries, found.waiting) == (True, 0, 1)


ANSWERED = "(SELECT id FROM ledger_entry WHERE act = 'letters.answer')"
TAMPERINGS = {
    "payload": (f"UPDATE ledger_entry SET payload = replace(payload, 'letters.answer', 'letters.answen') WHERE id = {ANSWERED}", "entry"),
    "salt": (f"UPDATE ledger_entry SET salt = set_byte(salt, 0, get_byte(salt, 0) # 1) WHERE id = {ANSWERED}", "entry"),
    "commitment": (f"UPDATE ledger_entry SET commitment = set_byte(commitment, 0, get_byte(commitment, 0) # 1) WHERE id = {ANSWERED}", "entry"),
    "officer": (f"UPDATE ledger_entry SET officer_id = gen_random_uuid() WHERE id = {ANSWERED}", "entry"),
    "act": (f"UPDATE ledger_entry SET act = 'look' WHERE id = {ANSWERED}", "entry"),
    "matter": (f"UPDATE ledger_entry SET matter_id = gen_random_uuid() WHERE id = {ANSWERED}", "entry"),
    "subjects": (f"UPDATE ledger_entry SET subjects = ARRAY[gen_random_uuid()] WHERE id = {ANSWERED}", "entry"),
    "time": (f"UPDATE ledger_entry SET recorded_at = recorded_at + interval '1 second' WHERE id = {ANSWERED}", "entry"),
    "payload gone": (f"UPDATE ledger_entry SET payload = NULL, salt = NULL WHERE id = {ANSWERED}", "entry"),
    "payload without canonical form": (f"UPDATE ledger_entry SET payload = payload || ' ' WHERE id = {ANSWERED}", "entry"),
    "entry deleted": (f"DELETE FROM ledger_entry WHERE id = {ANSWERED}", "entry"),
    "entry slipped in": ("INSERT INTO ledger_entry (id, act, commitment) VALUES (gen_random_uuid(), 'x', 'x')", "entry"),
    "leaf changed": (f"UPDATE ledger_leaf SET hash = set_byte(hash, 0, get_byte(hash, 0) # 1) WHERE entry = {ANSWERED}", "entry"),
    "leaf deleted": ("DELETE FROM ledger_leaf WHERE index = 2", "leaf"),
    "leaf moved": ("UPDATE ledger_leaf SET index = 1000 WHERE index = 2", "leaf"),
    "last leaf deleted": ("DELETE FROM ledger_leaf WHERE index = (SELECT max(index) FROM ledger_leaf)", "leaf"),
    "answer": ("UPDATE answer SET data = data || '{\"source\": \"另一系统\"}'", "answer"),
    "answer's result": ("UPDATE answer SET result = 'no'", "answer"),
    "answer deleted": ("DELETE FROM answer", "answer"),
    "document": ("UPDATE document SET content = content || 'x'", "document"),
    "document deleted": ("DELETE FROM document", "document"),
    "node": ("UPDATE ledger_node SET hash = set_byte(hash, 0, get_byte(hash, 0) # 1) WHERE level = 1 AND index = 0", "node"),
    "node deleted": ("DELETE FROM ledger_node WHERE level = 2 AND index = 0", "node"),
    "checkpoint's root": ("UPDATE ledger_checkpoint SET root = set_byte(root, 0, get_byte(root, 0) # 1) WHERE size = (SELECT min(size) FROM ledger_checkpoint)", "checkpoint"),
    "checkpoint's note": ("UPDATE ledger_checkpoint SET note = replace(note, 'lianban/ledger', 'lianban/lodger') WHERE size = (SELECT max(size) FROM ledger_checkpoint)", "checkpoint"),
    "last checkpoint deleted": ("DELETE FROM ledger_checkpoint WHERE size = (SELECT max(size) FROM ledger_checkpoint)", "leaf"),
}  # fmt: skip


@pytest.mark.parametrize("what", TAMPERINGS)
def test_tampering_found(city, kept, what):
    """Each kind of change is found, and the fault names what was changed."""
    statement, named = TAMPERINGS[what]
    tamper(city, statement)
    found = verify(city)
    assert not found.sound
    assert found.faults[0].where.startswith(named), found.faults
    for fault in found.faults:
        assert fault.zh
        assert fault.en


def test_erased_still_proves(city, kept):
    """Retention erases payload and salt; the ledger is sound, the entry is counted, and its leaf still proves."""
    entry = city.one("SELECT id FROM ledger_entry WHERE act = 'letters.sign'")
    city.superuser.execute(
        "UPDATE ledger_entry SET payload = NULL, salt = NULL, erased_at = now() WHERE id = %s", [entry]
    )
    found = verify(city)
    assert (found.sound, found.erased) == (True, 1)
    proof = prove(city, entry)
    ledger.verify_proof(proof, signing_key().verifying_key())


def test_proof_checked_by_the_script(city, kept, tmp_path):
    """Each entry's proof satisfies the script that shares no code with us; a changed one does not."""
    public = signing_key().verifying_key().public.hex()
    for number, entry in enumerate(city.column("SELECT entry FROM ledger_leaf ORDER BY index")):
        if number not in (0, 3, 7):
            continue
        file = tmp_path / "proof.json"
        file.write_text(prove(city, entry).as_json(), "utf-8")
        told = subprocess.run([sys.executable, SCRIPT, file, "--key", public], capture_output=True, text=True)
        assert told.returncode == 0, told.stderr
        changed = orjson.loads(file.read_bytes())
        assert changed["payload"]["act"]
        changed["payload"]["act"] = "another.act"
        file.write_bytes(orjson.dumps(changed))
        assert (
            subprocess.run([sys.executable, SCRIPT, file, "--key", public], capture_output=True).returncode
            != 0
        )


def test_proof_refused(city, kept):
    """No entry, no proof; an entry without a leaf has none yet."""
    from uuid import uuid4

    with pytest.raises(EntryNotFound):
        prove(city, uuid4())
    city.open()
    entry = city.one("SELECT entry FROM ledger_pending")
    with pytest.raises(LedgerEntryNotPlaced):
        prove(city, entry)


def test_consistency_between_checkpoints(city, kept):
    """The later tree only grew from the earlier one, and a consistency proof from the database says so."""
    from lianban.records import ledger_tree

    (first, root_1), (second, root_2) = city.rows("SELECT size, root FROM ledger_checkpoint ORDER BY size")
    with city.as_role("auditor"):
        from django.db import connection

        with connection.cursor() as cursor:
            nodes = ledger_tree.read_nodes(cursor, ledger.nodes_for_consistency(first, second))
    path = ledger.consistency_proof(first, second, lambda level, index: nodes[level, index])
    assert ledger.verify_consistency(first, second, bytes(root_1), bytes(root_2), path)
    assert not ledger.verify_consistency(first, second, bytes(root_2), bytes(root_1), path)


# A sequencer in a process of its own, in small batches, until its standard input is closed.
SEQUENCER = """
import select, sys
from datetime import UTC, datetime
from lianban.actions.sequence_ledger import sequence_ledger
print("ready", flush=True)
placed = 0
while not select.select([sys.stdin], [], [], 0)[0]:
    placed += sequence_ledger(datetime.now(UTC), batch=5)
print(placed)
"""


def test_sequencers_and_writers_at_once(city):
    """Four writers and two sequencers at the same time: every entry gets one place, the places are without a gap."""
    from django.db import connections

    matters = [city.open(units=("police",)) for _ in range(4)]
    for name in ("court.clerk", "court.judge"):
        city.session(name)
    faults: list[BaseException] = []

    def write(matter) -> None:
        from lianban.actions.hand_over import claim, release

        try:
            task = city.task(matter, "draft")
            for _ in range(12):
                for act in (claim, release):
                    with city.acting_as("court.clerk") as acting:
                        act(acting, task)
        except BaseException as error:
            faults.append(error)
        finally:
            connections.close_all()

    sequencers = [city.start_worker(SEQUENCER) for _ in range(2)]
    for sequencer in sequencers:
        assert sequencer.stdout.readline().strip() == "ready"
    writers = [threading.Thread(target=write, args=(matter,)) for matter in matters]
    for thread in writers:
        thread.start()
    for thread in writers:
        thread.join()
    for sequencer in sequencers:
        said, told = sequencer.communicate("", timeout=60)
        assert sequencer.returncode == 0, told
        faults += [] if int(said) >= 0 else [AssertionError(said)]
    assert faults == []
    city.sequence(MONDAY + days(3))
    count = city.one("SELECT count(*) FROM ledger_entry")
    assert count == 4 + 4 * 24
    assert city.one("SELECT count(*), min(index), max(index), count(DISTINCT entry) FROM ledger_leaf") == (
        count,
        0,
        count - 1,
        count,
    )
    assert city.one("SELECT count(*) FROM ledger_pending") == 0
    assert verify(city).sound
    assert city.one("SELECT count(*) FROM ledger_checkpoint") > 1


def test_sequencer_alone(city, kept):
    """While one sequencer is at work, a second finds nothing to do and goes away."""
    city.open()
    with city.connect("worker") as other:
        other.execute("SELECT pg_try_advisory_xact_lock(%s)", [0x1EDE12])
        assert city.sequence() == 0
    assert city.sequence() == 1
    assert city.sequence() == 0


def test_sequencer_batches(city):
    """A backlog is placed batch by batch, each with its checkpoint."""
    for _ in range(7):
        city.open()
    with city.as_role("worker"):
        assert [sequence_ledger(MONDAY, batch=3) for _ in range(4)] == [3, 3, 1, 0]
    assert city.column("SELECT size FROM ledger_checkpoint ORDER BY size") == [3, 6, 7]
    assert verify(city).sound


def test_rolled_back_leaves_no_entry(city):
    """An act that is rolled back leaves neither entry nor place."""
    from lianban.actions.hand_over import claim

    matter = city.open()
    before = city.one("SELECT count(*) FROM ledger_entry")

    def fails_after_the_act():
        with city.acting_as("court.clerk") as acting:
            claim(acting, city.task(matter, "draft"))
            raise RuntimeError("the door fails after the act")

    with pytest.raises(RuntimeError):
        fails_after_the_act()
    assert city.one("SELECT count(*) FROM ledger_entry") == before
    assert city.one("SELECT count(*) FROM ledger_pending") == before
