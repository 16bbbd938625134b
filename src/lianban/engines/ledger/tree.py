"""The Merkle tree of RFC 9162, kept as complete subtrees by (level, index).

Node ``(level, index)`` covers the leaves ``index·2^level`` up to ``(index+1)·2^level``, and exists only once
they all do: a node therefore never changes, and n leaves need fewer than 2n nodes (of which
:mod:`~lianban.engines.ledger.tiles` are stored). The *frontier* is
the list of the largest complete subtrees from left to right (one for each bit of the size, the highest
first); with it, appending touches no stored node and costs O(1) hashes a leaf.

All functions are pure. Where stored nodes are needed the caller hands in ``get_node(level, index)``;
:func:`nodes_for_inclusion` and :func:`nodes_for_consistency` say beforehand which, so that a database can
fetch them in one query.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from lianban.engines.ledger.algorithms import DEFAULT_HASH, HASH_BYTES, Hash, hash_named
from lianban.engines.ledger.errors import NodeMissing, OutOfTree

GetNode = Callable[[int, int], bytes]
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Node:
    """One complete subtree: ``level`` 0 is a leaf."""

    level: int
    index: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Appended:
    """What an append gives: the nodes to store (leaves included), the new size, frontier and root."""

    nodes: tuple[Node, ...]
    size: int
    frontier: tuple[bytes, ...]
    root: bytes


def append(
    size: int, frontier: Sequence[bytes], leaf_hashes: Iterable[bytes], *, algorithm: str = DEFAULT_HASH
) -> Appended:
    """Append leaves, in order, to a tree of ``size`` leaves whose frontier is ``frontier``.

    An empty tree is ``size`` 0 with an empty frontier. Raises :class:`OutOfTree` if the frontier does not
    belong to a tree of that size.
    """
    if size < 0 or len(frontier) != size.bit_count():
        raise OutOfTree(asked=f"frontier of {len(frontier)}", size=size)
    hash_ = hash_named(algorithm)
    nodes: list[Node] = []
    stack = list(frontier)
    for leaf in leaf_hashes:
        nodes.append(Node(0, size, leaf))
        level, index, node = 0, size, leaf
        # The trailing 1-bits of the size are the complete subtrees that this leaf fills up.
        while index & 1:
            node = hash_(b"\x01" + stack.pop() + node)
            level, index = level + 1, index >> 1
            nodes.append(Node(level, index, node))
        stack.append(node)
        size += 1
    return Appended(tuple(nodes), size, tuple(stack), _root(stack, hash_))


def root_of(frontier: Sequence[bytes], *, algorithm: str = DEFAULT_HASH) -> bytes:
    """The root of the tree with this frontier; of the empty tree, H of nothing."""
    return _root(frontier, hash_named(algorithm))


def frontier_places(size: int) -> list[Place]:
    """Where the frontier of a tree of ``size`` leaves is stored, left to right."""
    places, start = [], 0
    for level in range(size.bit_length() - 1, -1, -1):
        if size >> level & 1:
            places.append((level, start >> level))
            start += 1 << level
    return places


def inclusion_proof(
    index: int, size: int, get_node: GetNode, *, algorithm: str = DEFAULT_HASH
) -> list[bytes]:
    """The path from leaf ``index`` to the root of the tree of ``size`` leaves (RFC 9162, 2.1.3.1)."""
    if not 0 <= index < size:
        raise OutOfTree(asked=f"leaf {index}", size=size)
    hash_ = hash_named(algorithm)
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_range(middle, end, get_node, hash_))
            end = middle
        else:
            path.append(_range(start, middle, get_node, hash_))
            start = middle
    path.reverse()
    return path


def consistency_proof(old: int, new: int, get_node: GetNode, *, algorithm: str = DEFAULT_HASH) -> list[bytes]:
    """Proof that the tree of ``new`` leaves only appends to the tree of ``old`` (RFC 9162, 2.1.4.1).

    Empty when ``old`` is 0 or equal to ``new``: there is nothing to prove beyond the roots.
    """
    if not 0 <= old <= new:
        raise OutOfTree(asked=f"size {old}", size=new)
    if old in (0, new):
        return []
    hash_ = hash_named(algorithm)
    path: list[bytes] = []
    start, end, whole = 0, new, True  # whole: the old tree is still a subtree from its first leaf on
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(_range(middle, end, get_node, hash_))
            end = middle
        else:
            path.append(_range(start, middle, get_node, hash_))
            start, whole = middle, False
    if not whole:
        path.append(_range(start, end, get_node, hash_))
    path.reverse()
    return path


def nodes_for_inclusion(index: int, size: int) -> list[Place]:
    """The stored nodes that :func:`inclusion_proof` will ask for."""
    return _recorded(lambda get_node: inclusion_proof(index, size, get_node))


def nodes_for_consistency(old: int, new: int) -> list[Place]:
    """The stored nodes that :func:`consistency_proof` will ask for."""
    return _recorded(lambda get_node: consistency_proof(old, new, get_node))


def _recorded(run: Callable[[GetNode], object]) -> list[Place]:
    places: list[Place] = []

    def get_node(level: int, index: int) -> bytes:
        places.append((level, index))
        return bytes(HASH_BYTES)

    run(get_node)
    return places


def _split(width: int) -> int:
    """The largest power of two smaller than ``width``."""
    return 1 << (width - 1).bit_length() - 1


def _range(start: int, end: int, get_node: GetNode, hash_: Hash) -> bytes:
    """The hash over leaves [start, end), where ``start`` is a multiple of the power of two next to it."""
    parts: list[bytes] = []
    while start < end:
        level = (end - start).bit_length() - 1
        node = get_node(level, start >> level)
        if not isinstance(node, bytes | bytearray | memoryview) or len(node) != HASH_BYTES:
            raise NodeMissing(level=level, index=start >> level)
        parts.append(bytes(node))
        start += 1 << level
    return _root(parts, hash_)


def _root(parts: Sequence[bytes], hash_: Hash) -> bytes:
    if not parts:
        return hash_(b"")
    root = parts[-1]
    for left in reversed(parts[:-1]):
        root = hash_(b"\x01" + left + root)
    return root
