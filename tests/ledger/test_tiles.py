"""Tiles: what is stored of the tree gives every node of it again."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianban.engines.ledger import (
    HASH_BYTES,
    TILE_WIDTH,
    NodeMissing,
    append,
    frontier_places,
    inclusion_proof,
    nodes_for_inclusion,
    partial_tiles,
    tile_hashes,
    tile_reader,
    tiles_grown,
    tiles_of,
    verify_inclusion,
)


def leaves(count, first=0):
    return [hashlib.sha256(str(number).encode()).digest() for number in range(first, first + count)]


def stored(batches):
    """The tree after these many leaves at a time, its nodes and its tiles."""
    size, frontier, nodes, tiles = 0, (), {}, {}
    for count in batches:
        grown = append(size, frontier, leaves(count, size))
        size, frontier = grown.size, grown.frontier
        nodes |= {(node.level, node.index): node.hash for node in grown.nodes}
        for place, added in tiles_grown(grown.nodes).items():
            tiles[place] = tiles.get(place, b"") + added
    return grown, nodes, tiles


@settings(deadline=None)
@given(st.lists(st.integers(1, 400), min_size=1, max_size=3))
def test_tiles_give_every_node(batches):
    """However the leaves came, each node of the tree is in a tile or computed from one."""
    grown, nodes, tiles = stored(batches)
    get_node = tile_reader(tiles)
    assert all(get_node(*place) == node for place, node in nodes.items())
    assert sum(len(tile) for (level, _), tile in tiles.items() if level == 0) == grown.size * HASH_BYTES


@given(st.integers(1, 70_000))
def test_partial_tiles_hold_the_frontier(size):
    """The next append needs the tiles that are not full, and no other."""
    assert set(tiles_of(frontier_places(size))) == set(partial_tiles(size))
    assert all(0 < held < TILE_WIDTH for held in partial_tiles(size).values())


def test_tiles_of_a_tree_of_three_levels():
    """With more than 65,536 leaves there is a tile over tiles of tiles; proofs verify from the few they need."""
    grown, _, tiles = stored([65_536, 300])
    assert {level: sum(1 for found, _ in tiles if found == level) for level in range(3)} == {
        0: 258,
        1: 2,
        2: 1,
    }
    assert [len(tile_hashes(tiles[place])) for place in ((0, 257), (1, 0), (1, 1), (2, 0))] == [44, 256, 1, 1]
    for index in (0, 255, 256, 65_535, 65_536, grown.size - 1):
        needed = tiles_of(nodes_for_inclusion(index, grown.size))
        assert len(needed) <= 5
        path = inclusion_proof(index, grown.size, tile_reader({place: tiles[place] for place in needed}))
        assert verify_inclusion(leaves(1, index)[0], index, grown.size, path, grown.root)


def test_tiles_too_short():
    """A node whose hashes are not all there is missing, and says which."""
    _, _, tiles = stored([8])
    tiles[0, 0] = tiles[0, 0][:-1]
    get_node = tile_reader(tiles)
    assert get_node(1, 0)
    for place in ((0, 7), (3, 0), (8, 0)):
        with pytest.raises(NodeMissing, match=str(place[1])):
            get_node(*place)
