"""Checking the proofs of :mod:`lianban.engines.ledger.tree` (RFC 9162, sections 2.1.3.2 and 2.1.4.2).

The verifiers recompute and compare; they share no code with the prover but the hash.
"""

from __future__ import annotations

from collections.abc import Sequence

from lianban.engines.ledger.algorithms import DEFAULT_HASH, HASH_BYTES, hash_named


def root_from_inclusion(
    leaf: bytes, index: int, size: int, path: Sequence[bytes], *, algorithm: str = DEFAULT_HASH
) -> bytes | None:
    """The root that ``path`` leads to from the leaf's hash, or None when the path has the wrong length."""
    if not 0 <= index < size or not all(len(step) == HASH_BYTES for step in path):
        return None
    hash_ = hash_named(algorithm)
    place, last, root = index, size - 1, leaf
    for step in path:
        if last == 0:
            return None
        if place & 1 or place == last:
            root = hash_(b"\x01" + step + root)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            root = hash_(b"\x01" + root + step)
        place, last = place >> 1, last >> 1
    return root if last == 0 else None


def verify_inclusion(
    leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes, *, algorithm: str = DEFAULT_HASH
) -> bool:
    """Whether ``path`` proves that ``leaf`` (a leaf's hash) is leaf ``index`` of the tree with ``root``."""
    return root_from_inclusion(leaf, index, size, path, algorithm=algorithm) == root


def verify_consistency(
    old: int,
    new: int,
    old_root: bytes,
    new_root: bytes,
    path: Sequence[bytes],
    *,
    algorithm: str = DEFAULT_HASH,
) -> bool:
    """Whether ``path`` proves that the tree (``new``, ``new_root``) only appends to (``old``, ``old_root``)."""
    hash_ = hash_named(algorithm)
    if not 0 <= old <= new or not all(len(step) == HASH_BYTES for step in path):
        return False
    if old == 0:
        return not path and old_root == hash_(b"")
    if old == new:
        return not path and old_root == new_root
    steps = list(path)
    if old & (old - 1) == 0:  # the old tree is complete, so its root is the first step and is left out
        steps.insert(0, old_root)
    if not steps:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old_seen = new_seen = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old_seen = hash_(b"\x01" + step + old_seen)
            new_seen = hash_(b"\x01" + step + new_seen)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new_seen = hash_(b"\x01" + new_seen + step)
        place, last = place >> 1, last >> 1
    return last == 0 and old_seen == old_root and new_seen == new_root
