"""The tree's stored form: tiles of 256 hashes, eight levels of the tree each (C2SP tlog-tiles).

Tile ``(level, index)`` holds the nodes of tree level ``8·level`` from number ``256·index`` on, side by side: the tiles
of level 0 hold the hashes of the leaves, those of level 1 each the root of a full tile of level 0, and so on. The seven
levels between are not stored but computed from the tile (at most 255 hashes). A full tile never changes; the last one
of each level is partial and grows at its end. A tree of n leaves so takes 32·n·256/255 bytes and n/255 rows, where a
row a node takes two rows with their headers and index entries for each leaf.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lianban.engines.ledger.algorithms import DEFAULT_HASH, HASH_BYTES, hash_named
from lianban.engines.ledger.errors import NodeMissing
from lianban.engines.ledger.tree import GetNode, Node, Place

LEVELS = 8
WIDTH = 1 << LEVELS
"""Hashes in a full tile."""


def tile_of(level: int, index: int) -> Place:
    """The tile that holds node ``(level, index)`` of the tree, or the nodes it is computed from."""
    return level // LEVELS, index >> LEVELS - level % LEVELS


def tiles_of(places: Iterable[Place]) -> list[Place]:
    """The tiles that these nodes of the tree are in, each once."""
    return sorted({tile_of(level, index) for level, index in places})


def reader(tiles: Mapping[Place, bytes], *, algorithm: str = DEFAULT_HASH) -> GetNode:
    """A ``get_node`` for :func:`~lianban.engines.ledger.tree.inclusion_proof` and the like, over tiles that were read.

    It raises :class:`NodeMissing` for a node whose tile is not among them or is too short.
    """

    def get_node(level: int, index: int) -> bytes:
        height = level % LEVELS
        first = (index << height) % WIDTH
        held = tiles.get(tile_of(level, index), b"")[
            first * HASH_BYTES : (first + (1 << height)) * HASH_BYTES
        ]
        if len(held) != HASH_BYTES << height:
            raise NodeMissing(level=level, index=index)
        return root_of_complete(hashes(held), algorithm=algorithm)

    return get_node


def hashes(tile: bytes) -> list[bytes]:
    """A tile's hashes, one by one."""
    return [tile[place : place + HASH_BYTES] for place in range(0, len(tile), HASH_BYTES)]


def root_of_complete(row: list[bytes], *, algorithm: str = DEFAULT_HASH) -> bytes:
    """The node over a complete subtree, whose lowest nodes (a power of two of them) are ``row``."""
    hash_ = hash_named(algorithm)
    while len(row) > 1:
        row = [hash_(b"\x01" + left + right) for left, right in zip(row[::2], row[1::2], strict=True)]
    return row[0]


def grown(nodes: Iterable[Node]) -> dict[Place, bytes]:
    """What ``nodes`` (as :func:`~lianban.engines.ledger.tree.append` gives them, in their order) add to which tile."""
    tiles: dict[Place, bytearray] = {}
    for node in nodes:
        if node.level % LEVELS == 0:
            tiles.setdefault(tile_of(node.level, node.index), bytearray()).extend(node.hash)
    return {place: bytes(tile) for place, tile in tiles.items()}


def partial_tiles(size: int) -> dict[Place, int]:
    """The tiles of a tree of ``size`` leaves that are not full, and how many hashes each holds. The frontier lies in
    them, and what comes next is added to them."""
    held = {}
    level = 0
    while nodes := size >> LEVELS * level:
        if nodes % WIDTH:
            held[level, nodes // WIDTH] = nodes % WIDTH
        level += 1
    return held
