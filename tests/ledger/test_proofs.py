"""Checkpoints, proofs of one entry, and the independent script that checks them."""

import base64
import copy
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianban.engines.ledger import (
    Checkpoint,
    Leaf,
    Proof,
    SigningKey,
    VerifyingKey,
    append,
    commit,
    new_salt,
    prove,
    read_checkpoint,
    sign_checkpoint,
    verify_checkpoint,
    verify_proof,
)
from lianban.engines.ledger.errors import BadCheckpoint, BadProof, DoesNotVerify, UnknownAlgorithm, WrongSalt

SCRIPT = Path(__file__).parents[2] / "docs" / "verify_ledger_proof.py"
KEY = SigningKey("court.example/ledger", bytes(range(32)))
PUBLIC = KEY.verifying_key()
AT = datetime(2026, 11, 24, 8, 0, 0, 123456, tzinfo=UTC)
SIZE = 11


def payload_of(place):
    return {
        "act": "answer_letter",
        "letter": f"（2026）浙01执{place}号",
        "found": ["有", None, True],
        "n": place,
    }


def salt_of(place):
    return bytes([place]) * 32


def leaf_of(place):
    return Leaf(UUID(int=place), AT, commit(payload_of(place), salt_of(place)))


GROWN = append(0, (), [leaf_of(place).hash() for place in range(SIZE)])
NODES = {(node.level, node.index): node.hash for node in GROWN.nodes}
NOTE = sign_checkpoint(Checkpoint(KEY.name, SIZE, GROWN.root, AT), KEY)


def get_node(level, index):
    return NODES[level, index]


def proof_of(place, *, erased=False):
    content = {} if erased else {"payload": payload_of(place), "salt": salt_of(place)}
    return prove(leaf_of(place), place, NOTE, PUBLIC, get_node, **content)


def run_script(path, *options):
    return subprocess.run(
        [sys.executable, "-I", str(SCRIPT), str(path), *options],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={"PYTHONIOENCODING": "utf-8", "PYTHONUTF8": "1"},
        timeout=60,
    )


def test_commit_hides_and_binds():
    """The same payload under another salt, or another payload under the same salt, looks unrelated."""
    first = commit({"id": "99"}, salt_of(1))
    assert first == commit({"id": "99"}, salt_of(1))
    assert first != commit({"id": "99"}, salt_of(2))
    assert first != commit({"id": "98"}, salt_of(1))
    assert new_salt() != new_salt()
    assert len(new_salt()) == 32


def test_commit_wrong_salt():
    """A salt of another length is refused: it could be guessed, or read as part of the payload."""
    with pytest.raises(WrongSalt) as caught:
        commit({}, b"short")
    assert caught.value.found == {"expected": 32, "length": 5}


def test_leaf_known_answer():
    """The leaf's canonical header and hash never change, or old trees would stop proving."""
    leaf = Leaf(UUID(int=7), AT, commit({"a": 1}, bytes(32)))
    assert leaf.as_dict() == {
        "algorithm": "sha-256",
        "commitment": "678c8349a02e9101924d83f7fc59798b7c41aad044abb1d47e9331485c83a832",
        "entry": "00000000-0000-0000-0000-000000000007",
        "format": "lianban-leaf/1",
        "recorded_at": "2026-11-24T08:00:00.123456Z",
    }
    assert leaf.hash().hex() == "f9de658f1084939765b30062571ab6034b3da062a18e425f450194cc4fa52840"


def test_checkpoint_round_trip():
    """A signed note reads back to the checkpoint and verifies with the published key."""
    checkpoint = verify_checkpoint(NOTE, PUBLIC)
    assert checkpoint == read_checkpoint(NOTE) == Checkpoint(KEY.name, SIZE, GROWN.root, AT)
    assert NOTE.split("\n")[1] == "11"
    assert NOTE.split("\n")[-2].startswith("\u2014 court.example/ledger ")


def test_checkpoint_key_id_of_signed_note():
    """The key id is the one that the signed-note rules give (example key of golang.org/x/mod/sumdb/note)."""
    known = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    name, key_id, data = known.split("+", 2)
    assert VerifyingKey(name, base64.b64decode(data)[1:]).key_id().hex() == key_id


def test_checkpoint_wrong_key():
    """A note signed by another key of the same name does not verify, and the error names both keys."""
    other = SigningKey(KEY.name, bytes(32)).verifying_key()
    with pytest.raises(DoesNotVerify, match="key of the checkpoint"):
        verify_checkpoint(NOTE, other)


def test_checkpoint_foreign_origin():
    """A key signs only for its own origin."""
    with pytest.raises(BadCheckpoint):
        sign_checkpoint(Checkpoint("elsewhere", 1, bytes(32), AT), KEY)


def test_signing_key_repr_hides_seed():
    """The secret never appears in a log line or a traceback."""
    assert repr(KEY) == "SigningKey(name='court.example/ledger')"


@given(st.integers(0, len(NOTE) - 1), st.sampled_from("\n A0+=—x\x00"))
def test_checkpoint_any_changed_character(place, character):
    """Whatever character of a note is changed, it no longer verifies."""
    changed = NOTE[:place] + character + NOTE[place + 1 :]
    if changed == NOTE:
        assert verify_checkpoint(changed, PUBLIC)
    else:
        with pytest.raises((BadCheckpoint, DoesNotVerify, UnknownAlgorithm)):
            verify_checkpoint(changed, PUBLIC)


@pytest.mark.parametrize(
    ("line", "text"),
    [(2, "011"), (3, "AAAA"), (4, "hash"), (5, "sign ed25519"), (6, "signed_at today"), (8, "no signature")],
)
def test_checkpoint_malformed_line(line, text):
    """A malformed line is named by its number."""
    lines = NOTE.split("\n")
    lines[line - 1] = text
    with pytest.raises(BadCheckpoint) as caught:
        read_checkpoint("\n".join(lines))
    assert caught.value.found["line"] == line
    assert str(line) in caught.value.text("zh")


@given(st.integers(0, SIZE - 1), st.booleans())
def test_prove_every_entry(place, erased):
    """Every entry proves, with its content and after its content was erased, through the JSON file."""
    proof = proof_of(place, erased=erased)
    again = Proof.from_json(proof.as_json())
    assert again == proof
    assert verify_proof(again, PUBLIC).size == SIZE
    assert (again.payload is None) is erased


def test_prove_shows_no_other_entry():
    """A proof file holds hashes of other entries only, never their payload, salt or commitment."""
    text = proof_of(4).as_json()
    for place in set(range(SIZE)) - {4}:
        assert salt_of(place).hex() not in text
        assert leaf_of(place).commitment.hex() not in text
        assert payload_of(place)["letter"] not in text


def test_prove_changed_payload():
    """A payload that was changed in the store is found when the proof is made."""
    with pytest.raises(DoesNotVerify, match="payload of entry"):
        prove(leaf_of(3), 3, NOTE, PUBLIC, get_node, payload=payload_of(4), salt=salt_of(3))


def test_prove_changed_node():
    """A node that was changed in the store is found when the proof is made."""
    with pytest.raises(DoesNotVerify, match="path to the root"):
        prove(leaf_of(3), 3, NOTE, PUBLIC, lambda level, index: bytes(32))


def test_verify_proof_of_another_ledger():
    """A bundle that is right in itself but signed by another key fails against the published key."""
    other = SigningKey(KEY.name, bytes(32))
    note = sign_checkpoint(read_checkpoint(NOTE), other)
    proof = prove(leaf_of(2), 2, note, other.verifying_key(), get_node)
    assert verify_proof(proof).size == SIZE
    with pytest.raises(DoesNotVerify, match="public key"):
        verify_proof(proof, PUBLIC)


def flipped(text, place=0):
    """``text`` with one hex digit, or one other character, exchanged."""
    swap = "1" if text[place] == "0" else "0"
    return text[:place] + swap + text[place + 1 :]


def change(raw, *keys, to):
    raw = copy.deepcopy(raw)
    inner = raw
    for key in keys[:-1]:
        inner = inner[key]
    inner[keys[-1]] = to(inner[keys[-1]])
    return raw


def in_line(number, place=0):
    def edit(note):
        lines = note.split("\n")
        lines[number] = flipped(lines[number], place)
        return "\n".join(lines)

    return edit


CHANGES = {
    "payload value": (("payload", "n"), lambda n: n + 1),
    "payload text": (("payload", "letter"), lambda text: text.replace("浙", "沪")),
    "payload list": (("payload", "found"), lambda found: found[::-1]),
    "payload type": (("payload", "found"), lambda found: [found[0], found[1], 1]),
    "payload float": (("payload", "n"), float),
    "payload key": (("payload",), lambda payload: {**payload, "more": None}),
    "payload gone": (("payload",), lambda payload: None),
    "salt": (("salt",), flipped),
    "salt length": (("salt",), lambda salt: salt[:-2]),
    "salt gone": (("salt",), lambda salt: None),
    "leaf entry": (("leaf", "entry"), flipped),
    "leaf recorded_at": (("leaf", "recorded_at"), lambda text: text.replace("456Z", "457Z")),
    "leaf commitment": (("leaf", "commitment"), flipped),
    "leaf algorithm": (("leaf", "algorithm"), lambda name: "sm3"),
    "leaf format": (("leaf", "format"), lambda name: "lianban-leaf/2"),
    "index": (("index",), lambda index: index + 1),
    "index outside": (("index",), lambda index: SIZE),
    "index negative": (("index",), lambda index: -1),
    "index text": (("index",), str),
    "path first": (("path", 0), flipped),
    "path last": (("path", -1), lambda step: flipped(step, 63)),
    "path shorter": (("path",), lambda path: path[:-1]),
    "path longer": (("path",), lambda path: [*path, path[0]]),
    "path order": (("path",), lambda path: path[::-1]),
    "checkpoint origin": (("checkpoint",), in_line(0)),
    "checkpoint size": (("checkpoint",), in_line(1)),
    "checkpoint root": (("checkpoint",), in_line(2, 20)),
    "checkpoint hash": (("checkpoint",), lambda note: note.replace("hash sha-256", "hash sha-512")),
    "checkpoint signature name": (("checkpoint",), lambda note: note.replace("ed25519", "sm2")),
    "checkpoint time": (("checkpoint",), in_line(5, 13)),
    "checkpoint key name": (("checkpoint",), in_line(7, 3)),
    "checkpoint key id": (("checkpoint",), in_line(7, 24)),
    "signature R": (("checkpoint",), in_line(7, 40)),
    "signature S": (("checkpoint",), in_line(7, 90)),
    "signature gone": (("checkpoint",), lambda note: note.split("\u2014")[0]),
    "public key": (("public_key",), flipped),
    "public key short": (("public_key",), lambda key: key[:-2]),
    "format": (("format",), lambda name: "lianban-proof/9"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_proof_every_changed_field(what, tmp_path):
    """Engine and script both refuse a proof in which anything at all was changed, with a reason."""
    keys, edit = CHANGES[what]
    raw = json.loads(proof_of(5).as_json())
    changed = change(raw, *keys, to=edit)
    text = json.dumps(changed, ensure_ascii=False)
    assert text != json.dumps(raw, ensure_ascii=False)
    with pytest.raises((BadProof, BadCheckpoint, DoesNotVerify, UnknownAlgorithm)):
        verify_proof(Proof.from_json(text))
    file = tmp_path / "proof.json"
    file.write_text(text, encoding="utf-8")
    result = run_script(file)
    assert result.returncode == 1, result.stdout
    assert result.stdout == ""
    assert result.stderr.startswith("NOT PROVED 核验不通过: ")


@pytest.mark.parametrize("erased", [False, True])
def test_script_proves(erased, tmp_path):
    """The script says what was proved, shows the payload (or that there is none) and compares the key."""
    file = tmp_path / "proof.json"
    file.write_text(proof_of(10, erased=erased).as_json(), encoding="utf-8")
    result = run_script(file, "--key", PUBLIC.public.hex())
    assert (result.returncode, result.stderr) == (0, "")
    assert "PROVED 核验通过: entry 00000000-0000-0000-0000-00000000000a" in result.stdout
    assert "leaf 10 of 11" in result.stdout
    assert ("（2026）浙01执10号" in result.stdout) is not erased
    assert ("erased or withheld" in result.stdout) is erased
    assert "the one you gave" in result.stdout
    assert "NOT compared" in run_script(file).stdout


def test_script_another_key(tmp_path):
    """With a published key that is not the one in the file, the script refuses."""
    file = tmp_path / "proof.json"
    file.write_text(proof_of(0).as_json(), encoding="utf-8")
    result = run_script(file, "--key", "00" * 32)
    assert result.returncode == 1
    assert "is not the one you trust" in result.stderr


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 1}', "[" * 100_000])
def test_script_no_proof(text, tmp_path):
    """A file that is no proof at all is refused in one line, without a traceback."""
    file = tmp_path / "proof.json"
    file.write_text(text, encoding="utf-8")
    result = run_script(file)
    assert result.returncode == 1
    assert len(result.stderr.splitlines()) == 1
    with pytest.raises(BadProof):
        Proof.from_json(text)


def test_proof_the_same_key_twice(tmp_path):
    """A file with two payloads could show different readers different things; both checkers refuse it."""
    text = proof_of(1).as_json().replace('"payload": {', '"payload": {"forged": true},\n "payload": {', 1)
    with pytest.raises(BadProof, match="twice"):
        Proof.from_json(text)
    file = tmp_path / "proof.json"
    file.write_text(text, encoding="utf-8")
    assert "twice" in run_script(file).stderr


def test_script_is_short_and_alone():
    """The script stays within 100 lines and imports the standard library only, so anybody can read it."""
    lines = SCRIPT.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 100
    imports = [line for line in lines if line.startswith(("import ", "from "))]
    assert imports == ["import argparse, base64, hashlib, json, pathlib, re, sys  # noqa: E401, I001"]
