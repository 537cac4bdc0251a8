"""The tree of RFC 6962 against the vectors of its reference, and its proofs."""

import pytest

from telemetry_ingest.evidence.merkle import EMPTY, Tree, leaf, node, proof, proven

INPUTS = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


@pytest.mark.parametrize("count", ROOTS)
def test_the_roots_of_the_reference(count):
    tree = Tree()
    for one in INPUTS[:count]:
        tree.add(bytes.fromhex(one))

    assert tree.root == ROOTS[count]


def test_no_lines():
    assert Tree().root == EMPTY


def test_a_line_is_proven_and_no_other():
    for count in range(1, 20):
        given = [b"line %d" % place for place in range(count)]
        tree = Tree()
        for one in given:
            tree.add(one)
        for place in range(count):
            path = proof(given, place)

            assert proven(given[place], place, count, path, tree.root)
            assert not proven(b"other", place, count, path, tree.root)
            assert not proven(given[place], place + count, count, path, tree.root)
            assert not path or not proven(given[place], place, count, path[:-1], tree.root)
    with pytest.raises(IndexError):
        proof(given, 99)


def test_a_node_is_no_leaf():
    assert leaf(b"a" + b"b") != node(b"a", b"b")
