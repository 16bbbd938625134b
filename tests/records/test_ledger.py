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
# Where that leaf's hash begins in its tile, and a tile's hashes without the one at a place.
AT = f"((array_position(entries, {ANSWERED}) - 1) * 32)"


def without(place: int) -> str:
    return f"substr(hashes, 1, {32 * place}) || substr(hashes, {32 * (place + 1) + 1})"


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
    "leaf changed": (f"UPDATE ledger_tile SET hashes = set_byte(hashes, {AT}, get_byte(hashes, {AT}) # 1)", "entry"),
    "leaf's entry changed": (f"UPDATE ledger_tile SET entries[{AT} / 32 + 1] = gen_random_uuid()", "entry"),
    "leaf deleted": (f"UPDATE ledger_tile SET hashes = {without(2)}, entries = entries[:2] || entries[4:]", "checkpoint"),
    "leaf's hash deleted": (f"UPDATE ledger_tile SET hashes = {without(2)}", "tile"),
    "leaf's entry deleted": ("UPDATE ledger_tile SET entries = entries[:2] || entries[4:]", "tile"),
    "leaf moved": (f"UPDATE ledger_tile SET hashes = {without(2)} || substr(hashes, 65, 32),"
                   " entries = entries[:2] || entries[4:] || entries[3]", "checkpoint"),
    "leaf slipped in": ("UPDATE ledger_tile SET hashes = hashes || substr(hashes, 1, 32), entries = entries || entries[1]", "leaf"),
    "last leaf deleted": ("UPDATE ledger_tile SET hashes = substr(hashes, 1, octet_length(hashes) - 32),"
                          " entries = entries[:cardinality(entries) - 1]", "leaf"),
    "tile deleted": ("DELETE FROM ledger_tile", "leaf"),
    "tile moved": ("UPDATE ledger_tile SET index = 1", "leaf"),
    "answer": ("UPDATE answer SET data = data || '{\"source\": \"另一系统\"}'", "answer"),
    "answer's result": ("UPDATE answer SET result = 'no'", "answer"),
    "answer deleted": ("DELETE FROM answer", "answer"),
    "document": ("UPDATE document SET content = content || 'x'", "document"),
    "document deleted": ("DELETE FROM document", "document"),
    "node slipped in": ("INSERT INTO ledger_tile (level, index, hashes) SELECT 1, 0, substr(hashes, 1, 32) FROM ledger_tile", "tile"),
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
    for number, entry in enumerate(
        city.column("SELECT unnest(entries) FROM ledger_tile WHERE level = 0 ORDER BY index")
    ):
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
            get_node = ledger_tree.node_reader(cursor, ledger.nodes_for_consistency(first, second))
    path = ledger.consistency_proof(first, second, get_node)
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
    assert city.one(
        "SELECT count(*), count(DISTINCT entry) FROM (SELECT unnest(entries) AS entry FROM ledger_tile) t"
    ) == (count, count)
    assert city.one("SELECT count(*) FROM ledger_pending") == 0
    assert verify(city).sound
    assert city.one("SELECT count(*) FROM ledger_checkpoint") > 1


# Three tiles of leaves, of which two are full, and one above them: entries of nobody's act, in three batches.
MANY = 2 * 256 + 40


@pytest.fixture
def tall(city):
    from lianban.records.history import By, Entry, append_entries

    with city.as_role("worker"):
        from django.db import connection

        with connection.cursor() as cursor:
            entries = [Entry("benchmark", said={"number": number}) for number in range(MANY)]
            by = By(None, None, None, "测试")
            ids = append_entries(cursor, by, entries[:300], MONDAY)
            ids += append_entries(cursor, by, entries[300:], MONDAY + days(1))
        assert [sequence_ledger(MONDAY, batch=batch) for batch in (250, 10, 1000)] == [250, 10, MANY - 260]
    return ids


def test_tiles_kept(city, tall):
    """Leaves lie in tiles of 256, the roots of full ones in a tile above; all of it verifies, and each leaf proves."""
    assert city.rows("SELECT level, index, octet_length(hashes) / 32, cardinality(entries) FROM ledger_tile ORDER BY 1, 2") == [
        (0, 0, 256, 256), (0, 1, 256, 256), (0, 2, 40, 40), (1, 0, 2, None),
    ]  # fmt: skip
    assert city.column("SELECT unnest(entries) FROM ledger_tile WHERE level = 0 ORDER BY index") == tall
    assert (verify(city).faults, verify(city).entries) == ([], MANY)
    for place in (0, 249, 255, 256, 299, 300, 511, 512, MANY - 1):
        proof = prove(city, tall[place])
        assert proof.index == place
        ledger.verify_proof(proof, signing_key().verifying_key())


TALL = {
    "full tile deleted": ("DELETE FROM ledger_tile WHERE level = 0 AND index = 1", "leaf 256"),
    "last tile deleted": ("DELETE FROM ledger_tile WHERE level = 0 AND index = 2", "leaf"),
    "leaf of a full tile deleted": (
        "UPDATE ledger_tile SET hashes = substr(hashes, 33), entries = entries[2:] WHERE level = 0 AND index = 1",
        "leaf 511",
    ),
    "node": ("UPDATE ledger_tile SET hashes = set_byte(hashes, 33, get_byte(hashes, 33) # 1) WHERE level = 1", "tile 1/0"),
    "node deleted": ("UPDATE ledger_tile SET hashes = substr(hashes, 1, 32) WHERE level = 1", "tile 1/0"),
    "tile of nodes deleted": ("DELETE FROM ledger_tile WHERE level = 1", "tile 1/0"),
}  # fmt: skip


@pytest.mark.parametrize("what", TALL)
def test_tampering_with_tiles_found(city, tall, what):
    """Neither a tile nor a node above the leaves goes or changes without a fault that names it."""
    statement, named = TALL[what]
    tamper(city, statement)
    faults = verify(city).faults
    assert any(fault.where.startswith(named) for fault in faults), faults


@pytest.mark.parametrize("change", [
    "UPDATE ledger_tile SET hashes = set_byte(hashes, 0, get_byte(hashes, 0) # 1) WHERE level = 0 AND index = 0",
    "UPDATE ledger_tile SET hashes = substr(hashes, 33), entries = entries[2:] WHERE level = 0 AND index = 2",
    "UPDATE ledger_tile SET entries[1] = gen_random_uuid() WHERE level = 0 AND index = 2",
    "UPDATE ledger_tile SET hashes = hashes || substr(hashes, 1, 32) WHERE level = 0 AND index = 2",
    "UPDATE ledger_tile SET index = 7 WHERE level = 0 AND index = 2",
])  # fmt: skip
def test_tile_only_grows(city, tall, change):
    """Not even the worker, which sequences, can write a tile otherwise than by adding at its end."""
    import psycopg

    with city.connect("worker") as worker, pytest.raises(psycopg.errors.InsufficientPrivilege):
        worker.execute(change)


def test_sequencer_stops_at_a_damaged_tile(city, tall):
    """Where the last tile is not as long as the signed size says, nothing is placed behind it."""
    tamper(
        city,
        "UPDATE ledger_tile SET hashes = substr(hashes, 1, 32), entries = entries[:1] WHERE level = 0 AND index = 2",
    )
    city.open()
    with pytest.raises(ledger.NodeMissing):
        city.sequence()


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
