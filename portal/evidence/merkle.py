"""The Merkle tree of RFC 6962 (section 2.1) over a log's leaves: root, inclusion and consistency, made and checked.

Making a root or a proof asks for the hashes of ranges of leaves (`RangeHash`), so a caller may keep complete subtrees
and need not read every leaf. Checking needs nothing but the proof. No library was taken: see ADR «Event log».
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence

RangeHash = Callable[[int, int], bytes]
"""The tree hash over the leaves `start` (included) to `stop` (excluded), never empty."""

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(body: bytes) -> bytes:
    """The hash of one leaf: SHA-256 over 0x00 and its bytes."""
    return hashlib.sha256(b"\x00" + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node: SHA-256 over 0x01 and its two children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def split_of(count: int) -> int:
    """Where a range of `count` leaves (two or more) is parted: the largest power of two below `count`."""
    return 1 << ((count - 1).bit_length() - 1)


def tree_hash(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes; for none, the hash of nothing."""
    frontier = Frontier()
    for each in leaves:
        frontier.add(each)
    return frontier.root()


class Frontier:
    """A tree that only grows, kept as the roots of its complete subtrees: a million leaves need twenty hashes."""

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        self.size = size
        self.peaks = list(peaks)
        if len(self.peaks) != size.bit_count():
            raise ValueError(f"{size} leaves have {size.bit_count()} complete subtrees, not {len(self.peaks)}")

    def add(self, leaf: bytes) -> None:
        """Append one leaf hash."""
        self.peaks.append(leaf)
        size = self.size
        while size & 1:
            right = self.peaks.pop()
            self.peaks.append(node_hash(self.peaks.pop(), right))
            size >>= 1
        self.size += 1

    def root(self) -> bytes:
        """The root over all leaves so far."""
        if not self.peaks:
            return EMPTY_ROOT
        result = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            result = node_hash(peak, result)
        return result


def inclusion_proof(index: int, size: int, range_hash: RangeHash) -> list[bytes]:
    """The path from leaf `index` to the root of the first `size` leaves (RFC 6962, 2.1.1).

    Raises ValueError where the leaf is not among them.
    """
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not among {size}")
    path: list[bytes] = []
    start, stop = 0, size
    while stop - start > 1:
        middle = start + split_of(stop - start)
        if index < middle:
            path.append(range_hash(middle, stop))
            stop = middle
        else:
            path.append(range_hash(start, middle))
            start = middle
    return path[::-1]


def includes(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether the path leads from this leaf hash at `index` to the root of `size` leaves (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    position, last, result = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if position & 1 or position == last:
            result = node_hash(sibling, result)
            while not position & 1 and position:
                position >>= 1
                last >>= 1
        else:
            result = node_hash(result, sibling)
        position >>= 1
        last >>= 1
    return last == 0 and result == root


def consistency_proof(old: int, new: int, range_hash: RangeHash) -> list[bytes]:
    """The proof that the tree of `new` leaves begins with the tree of `old` leaves (RFC 6962, 2.1.2).

    Raises ValueError unless 0 < old <= new.
    """
    if not 0 < old <= new:
        raise ValueError(f"no proof from {old} to {new} leaves")
    path: list[bytes] = []
    start, stop, whole = 0, new, True
    while old != stop:
        middle = start + split_of(stop - start)
        if old <= middle:
            path.append(range_hash(middle, stop))
            stop = middle
        else:
            path.append(range_hash(start, middle))
            start, whole = middle, False
    if not whole:
        path.append(range_hash(start, stop))
    return path[::-1]


def is_consistent(old: int, old_root: bytes, new: int, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether the proof shows that the older tree is the beginning of the newer one (RFC 9162, 2.1.4.2)."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not path and old_root == new_root
    steps = list(path)
    if old & (old - 1) == 0:
        steps.insert(0, old_root)
    if not steps:
        return False
    position, last = old - 1, new - 1
    while position & 1:
        position >>= 1
        last >>= 1
    older = newer = steps[0]
    for sibling in steps[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            older, newer = node_hash(sibling, older), node_hash(sibling, newer)
            while not position & 1 and position:
                position >>= 1
                last >>= 1
        else:
            newer = node_hash(newer, sibling)
        position >>= 1
        last >>= 1
    return last == 0 and older == old_root and newer == new_root
