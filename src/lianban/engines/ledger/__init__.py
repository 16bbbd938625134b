"""Ledger 存证: append-only entries that anybody can check, of which any one can be erased.

Path of an entry: ``commit(payload, salt)`` → :class:`Leaf` → :func:`append` → :class:`Checkpoint`, signed →
:func:`prove`. Writers commit their entries with the act; one sequencer later appends the leaves in one batch.
This package computes only; records stores entries, tiles of nodes and checkpoints. Sources: RFC 8785
(canonical JSON), RFC 9162 (tree and proofs), RFC 8032 (Ed25519), C2SP signed-note, tlog-checkpoint and tlog-tiles.
"""

from lianban.engines.ledger.algorithms import DEFAULT_HASH, DEFAULT_SIGNATURE, HASH_BYTES
from lianban.engines.ledger.canonical import canonical, digest, instant_text, plain
from lianban.engines.ledger.checkpoints import Checkpoint, SigningKey, VerifyingKey
from lianban.engines.ledger.checkpoints import read as read_checkpoint
from lianban.engines.ledger.checkpoints import sign as sign_checkpoint
from lianban.engines.ledger.checkpoints import verify as verify_checkpoint
from lianban.engines.ledger.errors import NodeMissing
from lianban.engines.ledger.leaves import (
    SALT_BYTES,
    Leaf,
    commit,
    commit_canonical,
    leaf_hash,
    new_salt,
    node_hash,
)
from lianban.engines.ledger.proofs import Proof, prove, verify_proof
from lianban.engines.ledger.tiles import WIDTH as TILE_WIDTH
from lianban.engines.ledger.tiles import grown as tiles_grown
from lianban.engines.ledger.tiles import hashes as tile_hashes
from lianban.engines.ledger.tiles import partial_tiles, tiles_of
from lianban.engines.ledger.tiles import reader as tile_reader
from lianban.engines.ledger.tree import (
    Appended,
    GetNode,
    Node,
    Place,
    append,
    consistency_proof,
    frontier_places,
    inclusion_proof,
    nodes_for_consistency,
    nodes_for_inclusion,
    root_of,
)
from lianban.engines.ledger.verification import root_from_inclusion, verify_consistency, verify_inclusion

__all__ = [
    "DEFAULT_HASH",
    "DEFAULT_SIGNATURE",
    "HASH_BYTES",
    "SALT_BYTES",
    "TILE_WIDTH",
    "Appended",
    "Checkpoint",
    "GetNode",
    "Leaf",
    "Node",
    "NodeMissing",
    "Place",
    "Proof",
    "SigningKey",
    "VerifyingKey",
    "append",
    "canonical",
    "commit",
    "commit_canonical",
    "consistency_proof",
    "digest",
    "frontier_places",
    "inclusion_proof",
    "instant_text",
    "leaf_hash",
    "new_salt",
    "node_hash",
    "nodes_for_consistency",
    "nodes_for_inclusion",
    "partial_tiles",
    "plain",
    "prove",
    "read_checkpoint",
    "root_from_inclusion",
    "root_of",
    "sign_checkpoint",
    "tile_hashes",
    "tile_reader",
    "tiles_grown",
    "tiles_of",
    "verify_checkpoint",
    "verify_consistency",
    "verify_inclusion",
    "verify_proof",
]
