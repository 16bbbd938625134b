"""The Merkle tree against published vectors and against RFC 9162's own recursive definition."""

import hashlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianban.engines.ledger import (
    append,
    consistency_proof,
    frontier_places,
    inclusion_proof,
    leaf_hash,
    node_hash,
    nodes_for_consistency,
    nodes_for_inclusion,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from lianban.engines.ledger.errors import NodeMissing, OutOfTree, UnknownAlgorithm

# The eight leaves and the roots of the trees over their first n, as in the tests that came with RFC 6962's
# own implementation (google/certificate-transparency) and that its successors keep.
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def mth(leaves):
    """MTH of RFC 9162, section 2.1.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def path_of(m, leaves):
    """PATH of RFC 9162, section 2.1.3.1, word for word."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m < k:
        return [*path_of(m, leaves[:k]), mth(leaves[k:])]
    return [*path_of(m - k, leaves[k:]), mth(leaves[:k])]


def subproof(m, leaves, whole):
    """SUBPROOF of RFC 9162, section 2.1.4.1, word for word."""
    if m == len(leaves):
        return [] if whole else [mth(leaves)]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m <= k:
        return [*subproof(m, leaves[:k], whole), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], False), mth(leaves[:k])]


class Stored:
    """A tree grown in batches, its nodes in a dictionary that refuses to change one."""

    def __init__(self, leaves, batches=()):
        self.nodes, self.size, self.frontier = {}, 0, ()
        cuts = sorted({0, len(leaves), *(cut for cut in batches if cut <= len(leaves))})
        self.root = root_of(())
        for start, end in pairwise(cuts):
            grown = append(self.size, self.frontier, map(leaf_hash, leaves[start:end]))
            for node in grown.nodes:
                assert (node.level, node.index) not in self.nodes
                self.nodes[node.level, node.index] = node.hash
            self.size, self.frontier, self.root = grown.size, grown.frontier, grown.root

    def get(self, level, index):
        return self.nodes[level, index]


def test_append_published_roots():
    """The trees over the first n published leaves have the published roots, grown one by one."""
    tree = Stored([])
    assert tree.root.hex() == ROOTS[0]
    for size, root in enumerate(ROOTS[1:], start=1):
        assert Stored(LEAVES[:size], range(size)).root.hex() == root


def test_inclusion_published_path():
    """The path of leaf 5 in the tree of eight is the one published with the vectors."""
    tree = Stored(LEAVES)
    assert [step.hex() for step in inclusion_proof(5, 8, tree.get)] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def test_consistency_published_path():
    """The proof from six leaves to eight is the one published with the vectors."""
    tree = Stored(LEAVES)
    assert [step.hex() for step in consistency_proof(6, 8, tree.get)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


@given(st.lists(st.binary(max_size=4), max_size=70), st.lists(st.integers(0, 70), max_size=6))
def test_append_any_batches(leaves, batches):
    """However the leaves are cut into batches, nodes, frontier and root are those of the definition."""
    tree = Stored(leaves, batches)
    assert tree.root == mth(leaves) == root_of(tree.frontier)
    assert [tree.nodes[place] for place in frontier_places(len(leaves))] == list(tree.frontier)
    for (level, index), value in tree.nodes.items():
        assert value == mth(leaves[index << level : (index + 1) << level])
    assert len(tree.nodes) == sum(len(leaves) >> level for level in range(8))


@given(st.integers(1, 130), st.data())
def test_inclusion_agrees_with_definition(size, data):
    """The path from stored nodes is PATH of the RFC, at every older size too, and verifies."""
    leaves = [bytes([place]) for place in range(size)]
    tree = Stored(leaves)
    at_size = data.draw(st.integers(1, size))
    index = data.draw(st.integers(0, at_size - 1))
    path = inclusion_proof(index, at_size, tree.get)
    assert path == path_of(index, leaves[:at_size])
    root = mth(leaves[:at_size])
    assert verify_inclusion(leaf_hash(leaves[index]), index, at_size, path, root)
    assert set(nodes_for_inclusion(index, at_size)) <= tree.nodes.keys()

    other = data.draw(st.integers(0, size + 2).filter(lambda place: place != index))
    assert not verify_inclusion(leaf_hash(leaves[index]), other, at_size, path, root)
    assert not verify_inclusion(leaf_hash(b"other"), index, at_size, path, root)
    assert not verify_inclusion(leaf_hash(leaves[index]), index, at_size, [*path, root], root)
    if path:
        changed = [bytes(32), *path[1:]]
        assert not verify_inclusion(leaf_hash(leaves[index]), index, at_size, changed, root)
        assert not verify_inclusion(leaf_hash(leaves[index]), index, at_size, path[:-1], root)


@given(st.integers(0, 100), st.integers(0, 100), st.integers(0, 100))
def test_consistency_agrees_with_definition(first, second, changed):
    """The proof from stored nodes is SUBPROOF of the RFC and verifies; a rewritten past does not."""
    old, new = sorted((first, second))
    leaves = [bytes([place]) for place in range(new)]
    tree = Stored(leaves)
    path = consistency_proof(old, new, tree.get)
    if 0 < old < new:
        assert path == subproof(old, leaves, True)
    assert verify_consistency(old, new, mth(leaves[:old]), mth(leaves), path)
    assert set(nodes_for_consistency(old, new)) <= tree.nodes.keys()
    if changed < old:
        forged = [*leaves[:changed], b"forged", *leaves[changed + 1 :]]
        assert not verify_consistency(old, new, mth(forged[:old]), mth(leaves), path)
        assert not verify_consistency(old, new, mth(leaves[:old]), mth(forged), path)
        forged_path = consistency_proof(old, new, Stored(forged).get)
        assert not verify_consistency(old, new, mth(leaves[:old]), mth(forged), forged_path)
    if path:
        assert not verify_consistency(old, new, mth(leaves[:old]), mth(leaves), path[:-1])
        assert not verify_consistency(old, new, mth(leaves[:old]), mth(leaves), [*path, bytes(32)])


def test_verify_wrong_shapes():
    """Nonsense sizes, indexes and lengths are answered with no, never with an exception."""
    root = mth([b"a", b"b"])
    assert not verify_inclusion(leaf_hash(b"a"), 2, 2, [leaf_hash(b"b")], root)
    assert not verify_inclusion(leaf_hash(b"a"), -1, 2, [leaf_hash(b"b")], root)
    assert not verify_inclusion(leaf_hash(b"a"), 0, 0, [], root)
    assert not verify_inclusion(leaf_hash(b"a"), 0, 2, [b"short"], root)
    assert not verify_consistency(2, 1, root, root, [])
    assert not verify_consistency(1, 2, mth([b"a"]), root, [b"short"])
    assert not verify_consistency(3, 4, root, root, [])
    assert not verify_consistency(0, 2, root, root, [])


def test_append_foreign_frontier():
    """A frontier that cannot belong to the size is refused before anything is computed."""
    with pytest.raises(OutOfTree):
        append(3, [bytes(32)], [bytes(32)])


def test_inclusion_outside_tree():
    """A leaf or an older size that the tree does not have is refused with both numbers."""
    tree = Stored(LEAVES)
    with pytest.raises(OutOfTree, match="leaf 8"):
        inclusion_proof(8, 8, tree.get)
    with pytest.raises(OutOfTree, match="size 9"):
        consistency_proof(9, 8, tree.get)


def test_inclusion_missing_node():
    """A store that gives nothing for a node is named by level and index."""
    with pytest.raises(NodeMissing) as caught:
        inclusion_proof(0, 2, lambda level, index: None)
    assert caught.value.found == {"level": 0, "index": 1}


def test_hash_unknown_algorithm():
    """An algorithm that this version does not know is named, with those it does."""
    with pytest.raises(UnknownAlgorithm, match="sha-256"):
        leaf_hash(b"", algorithm="sm3")


def test_node_hash_prefixes():
    """Leaves and inner nodes never share a hash: their prefixes differ."""
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert node_hash(left, right) == mth([b"a", b"b"])
    assert node_hash(left, right) != leaf_hash(left + right)
