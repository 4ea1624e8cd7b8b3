"""The tree of RFC 6962: the RFC's own definition, written naively here, is the oracle."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.evidence import merkle


def naive_root(leaves: list[bytes]) -> bytes:
    """RFC 6962, 2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + naive_root(leaves[:k]) + naive_root(leaves[k:])).digest()


def leaves_of(count: int) -> list[bytes]:
    return [merkle.leaf_hash(str(number).encode()) for number in range(count)]


def over(leaves: list[bytes]) -> merkle.RangeHash:
    return lambda start, stop: naive_root(leaves[start:stop])


def test_the_known_roots_of_the_certificate_transparency_tests_come_out() -> None:
    inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    leaves = [merkle.leaf_hash(bytes.fromhex(text)) for text in inputs]
    assert merkle.EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert leaves[0].hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert merkle.tree_hash(leaves[:2]).hex() == "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
    assert merkle.tree_hash(leaves).hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


@given(st.integers(0, 200))
def test_the_growing_tree_has_the_root_of_the_definition(count: int) -> None:
    leaves = leaves_of(count)
    assert merkle.tree_hash(leaves) == naive_root(leaves)


@given(st.integers(1, 200).flatmap(lambda size: st.tuples(st.integers(0, size - 1), st.just(size))))
def test_every_leaf_is_proven_and_no_other(place: tuple[int, int]) -> None:
    index, size = place
    leaves = leaves_of(size)
    root = naive_root(leaves)
    path = merkle.inclusion_proof(index, size, over(leaves))
    assert merkle.includes(leaves[index], index, size, path, root)
    assert not merkle.includes(merkle.leaf_hash(b"another"), index, size, path, root)
    assert not merkle.includes(leaves[index], index, size, [*path, root], root)
    if index + 1 < size:
        assert not merkle.includes(leaves[index], index + 1, size, path, root)
    if path:
        assert not merkle.includes(leaves[index], index, size, path[:-1], root)


@given(st.integers(1, 200).flatmap(lambda new: st.tuples(st.integers(1, new), st.just(new))), st.data())
def test_a_longer_tree_is_proven_to_begin_with_the_shorter_and_with_no_other(
    sizes: tuple[int, int], data: st.DataObject
) -> None:
    old, new = sizes
    leaves = leaves_of(new)
    path = merkle.consistency_proof(old, new, over(leaves))
    old_root, new_root = naive_root(leaves[:old]), naive_root(leaves)
    assert merkle.is_consistent(old, old_root, new, new_root, path)
    changed = list(leaves)
    at = data.draw(st.integers(0, old - 1))
    changed[at] = merkle.leaf_hash(b"edited")
    assert not merkle.is_consistent(old, old_root, new, naive_root(changed), path)
    other = merkle.consistency_proof(old, new, over(changed))
    assert not merkle.is_consistent(old, old_root, new, naive_root(changed), other)


def test_a_frontier_can_be_put_down_and_taken_up_again() -> None:
    first = merkle.Frontier()
    for leaf in leaves_of(77):
        first.add(leaf)
    again = merkle.Frontier(first.size, first.peaks)
    for leaf in leaves_of(100)[77:]:
        again.add(leaf)
    assert again.root() == naive_root(leaves_of(100))
    with pytest.raises(ValueError, match="complete subtrees"):
        merkle.Frontier(3, [])


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_no_proof_is_made_for_a_leaf_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="not among"):
        merkle.inclusion_proof(index, size, over(leaves_of(3)))
    assert not merkle.includes(leaves_of(1)[0], index, size, [], b"")


@pytest.mark.parametrize(("old", "new"), [(0, 3), (4, 3)])
def test_no_proof_is_made_from_nothing_or_backwards(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="no proof"):
        merkle.consistency_proof(old, new, over(leaves_of(3)))
    assert not merkle.is_consistent(old, b"", new, b"", [])
