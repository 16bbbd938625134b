"""A proof of one entry that a person can carry away and check without us.

The bundle is one JSON file: the entry (payload and salt, or only its commitment when they were erased or
are withheld), the leaf's header, the path to the root, the signed checkpoint and the public key. It shows
nothing of any other entry. ``docs/verify_ledger_proof.py`` checks it with the Python standard library alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from lianban.engines.ledger import checkpoints
from lianban.engines.ledger.algorithms import HASH_BYTES
from lianban.engines.ledger.canonical import plain
from lianban.engines.ledger.checkpoints import Checkpoint, VerifyingKey
from lianban.engines.ledger.errors import BadProof, DoesNotVerify
from lianban.engines.ledger.leaves import LEAF_FORMAT, SALT_BYTES, Leaf
from lianban.engines.ledger.tree import GetNode, inclusion_proof
from lianban.engines.ledger.verification import root_from_inclusion

PROOF_FORMAT = "lianban-proof/1"


@dataclass(frozen=True, slots=True)
class Proof:
    """One entry's proof. ``payload`` and ``salt`` are both there or both None (erased or withheld)."""

    leaf: Leaf
    index: int
    path: tuple[bytes, ...]
    checkpoint: str
    public_key: bytes
    payload: Mapping[str, Any] | None = None
    salt: bytes | None = None

    def as_dict(self) -> dict[str, Any]:
        """The JSON form, bytes as lower-case hex."""
        return {
            "format": PROOF_FORMAT,
            "leaf": self.leaf.as_dict(),
            "payload": plain(self.payload),
            "salt": self.salt.hex() if self.salt is not None else None,
            "index": self.index,
            "path": [step.hex() for step in self.path],
            "checkpoint": self.checkpoint,
            "public_key": self.public_key.hex(),
        }

    def as_json(self) -> str:
        """The file to hand out: UTF-8, Chinese unescaped, indented for a reader."""
        return json.dumps(self.as_dict(), ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str | bytes) -> Proof:
        """Read a proof file; :class:`BadProof` names the field that is missing or malformed."""
        try:
            raw = json.loads(
                text, parse_float=_no_float, parse_constant=_no_float, object_pairs_hook=_no_duplicates
            )
        except (ValueError, RecursionError) as error:
            raise BadProof(field="$", problem=f"no JSON: {error}") from None
        fields = _object(
            raw, "$", {"format", "leaf", "payload", "salt", "index", "path", "checkpoint", "public_key"}
        )
        if fields["format"] != PROOF_FORMAT:
            raise BadProof(field="format", problem=f"not {PROOF_FORMAT}")
        payload, salt = fields["payload"], fields["salt"]
        if (payload is None) != (salt is None) or not isinstance(payload, dict | None):
            raise BadProof(field="payload", problem="payload and salt belong together")
        if type(fields["index"]) is not int or not isinstance(fields["path"], list):
            raise BadProof(field="index", problem="index is a number, path a list")
        return cls(
            leaf=_leaf(fields["leaf"]),
            index=fields["index"],
            path=tuple(_hex(step, "path", HASH_BYTES) for step in fields["path"]),
            checkpoint=_string(fields["checkpoint"], "checkpoint"),
            public_key=_hex(fields["public_key"], "public_key", 32),
            payload=payload,
            salt=None if salt is None else _hex(salt, "salt", SALT_BYTES),
        )


def prove(
    leaf: Leaf,
    index: int,
    checkpoint: str,
    key: VerifyingKey,
    get_node: GetNode,
    *,
    payload: Mapping[str, Any] | None = None,
    salt: bytes | None = None,
) -> Proof:
    """The proof of the entry at ``index`` under a signed ``checkpoint`` (its note) that covers it.

    Leave out ``payload`` and ``salt`` when the entry was erased or its content is not for this reader. The
    proof is checked before it is returned: a changed payload, node or signature raises
    :class:`DoesNotVerify` here, not at the reader's.
    """
    size = checkpoints.read(checkpoint).size
    path = inclusion_proof(index, size, get_node, algorithm=leaf.algorithm)
    proof = Proof(leaf, index, tuple(path), checkpoint, key.public, payload, salt)
    verify_proof(proof, key)
    return proof


def verify_proof(proof: Proof, key: VerifyingKey | None = None) -> Checkpoint:
    """The checkpoint under which ``proof`` holds.

    With ``key``, the published one, the proof also shows *whose* tree it is; without it, only that bundle
    and the key inside it agree. Raises :class:`DoesNotVerify` or :class:`BadCheckpoint` with the reason.
    """
    stated = checkpoints.read(proof.checkpoint)
    if key is not None and key.public != proof.public_key:
        raise DoesNotVerify(what="public key", expected=key.public.hex(), actual=proof.public_key.hex())
    checkpoint = checkpoints.verify(proof.checkpoint, key or VerifyingKey(stated.origin, proof.public_key))
    if proof.leaf.algorithm != checkpoint.algorithm:
        raise DoesNotVerify(what="hash algorithm", expected=checkpoint.algorithm, actual=proof.leaf.algorithm)
    if (proof.payload is None) != (proof.salt is None):
        raise BadProof(field="payload", problem="payload and salt belong together")
    if proof.payload is not None and proof.salt is not None:
        proof.leaf.check(proof.payload, proof.salt)
    root = root_from_inclusion(
        proof.leaf.hash(), proof.index, checkpoint.size, proof.path, algorithm=checkpoint.algorithm
    )
    if root != checkpoint.root:
        raise DoesNotVerify(
            what="path to the root",
            expected=checkpoint.root.hex(),
            actual=root.hex() if root else "a path of wrong length",
        )
    return checkpoint


def _leaf(raw: Any) -> Leaf:
    fields = _object(raw, "leaf", {"algorithm", "commitment", "entry", "format", "recorded_at"})
    if fields["format"] != LEAF_FORMAT:
        raise BadProof(field="leaf.format", problem=f"not {LEAF_FORMAT}")
    try:
        entry = UUID(_string(fields["entry"], "leaf.entry"))
        recorded_at = datetime.strptime(
            _string(fields["recorded_at"], "leaf.recorded_at"), "%Y-%m-%dT%H:%M:%S.%fZ"
        )
    except ValueError as error:
        raise BadProof(field="leaf", problem=str(error)) from None
    leaf = Leaf(
        entry,
        recorded_at.replace(tzinfo=UTC),
        _hex(fields["commitment"], "leaf.commitment", HASH_BYTES),
        _string(fields["algorithm"], "leaf.algorithm"),
    )
    if leaf.as_dict() != fields:
        raise BadProof(field="leaf", problem="not in its canonical form")
    return leaf


def _object(raw: Any, field: str, keys: set[str]) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise BadProof(field=field, problem="no object")
    if raw.keys() != keys:
        raise BadProof(field=field, problem=f"missing or unknown: {', '.join(sorted(keys ^ raw.keys()))}")
    return raw


def _string(raw: Any, field: str) -> str:
    if not isinstance(raw, str):
        raise BadProof(field=field, problem="no text")
    return raw


def _hex(raw: Any, field: str, length: int) -> bytes:
    try:
        value = bytes.fromhex(_string(raw, field))
    except ValueError:
        raise BadProof(field=field, problem="no hex digits") from None
    if len(value) != length or value.hex() != raw:
        raise BadProof(field=field, problem=f"not {length} bytes in lower-case hex")
    return value


def _no_float(text: str) -> Any:
    raise ValueError(f"floating-point number {text}")


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # Readers disagree on which of two equal keys counts, so a proof with two could show different people
    # different things.
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("the same key twice")
    return fields
