"""A Merkle tree over lines, as RFC 6962 (Certificate Transparency) section 2.1 defines it. Pure.

Leaves are hashed with a 0 before them and nodes with a 1, so that no node passes for a leaf. The
tree is built line by line; it holds one digest for each power of two, however many lines come.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

EMPTY = hashlib.sha256(b"").hexdigest()


def leaf(line: bytes) -> bytes:
    """Return the digest of one line."""
    return hashlib.sha256(b"\x00" + line).digest()


def node(left: bytes, right: bytes) -> bytes:
    """Return the digest of two."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass
class Tree:
    """What is known of the lines so far: the roots of its whole subtrees, the largest first."""

    count: int = 0
    roots: list[tuple[int, bytes]] = field(default_factory=list)

    def add(self, line: bytes) -> None:
        """Add one line."""
        height, digest = 0, leaf(line)
        while self.roots and self.roots[-1][0] == height:
            digest = node(self.roots.pop()[1], digest)
            height += 1
        self.roots.append((height, digest))
        self.count += 1

    @property
    def root(self) -> str:
        """Return the digest of all lines."""
        if not self.roots:
            return EMPTY
        digest = self.roots[-1][1]
        for _height, left in reversed(self.roots[:-1]):
            digest = node(left, digest)
        return digest.hex()


def proof(lines: Iterable[bytes], place: int) -> list[str]:
    """Return the audit path of the line at ``place``: the digests that lead from it to the root.

    Raises:
        IndexError: there are not so many lines.
    """
    return path_in([leaf(one) for one in lines], place)


def path_in(leaves: Sequence[bytes], place: int) -> list[str]:
    """Return the audit path of the line at ``place``, from the digests of all lines.

    Raises:
        IndexError: there are not so many lines.
    """
    row = list(leaves)
    if not 0 <= place < len(row):
        raise IndexError(place)
    path: list[str] = []
    while len(row) > 1:
        other = place ^ 1
        if other < len(row):
            path.append(row[other].hex())
        pairs = [node(row[at], row[at + 1]) for at in range(0, len(row) - 1, 2)]
        row = pairs + row[len(pairs) * 2 :]
        place //= 2
    return path


def proven(line: bytes, place: int, count: int, path: Sequence[str], root: str) -> bool:
    """Say whether a path leads from a line to the root, as RFC 9162 section 2.1.3.2 says."""
    if not 0 <= place < count:
        return False
    digest, last = leaf(line), count - 1
    for one in path:
        if not last:
            return False
        sibling = bytes.fromhex(one)
        if place % 2 or place == last:
            digest = node(sibling, digest)
            while not place % 2 and place:
                place, last = place // 2, last // 2
        else:
            digest = node(digest, sibling)
        place, last = place // 2, last // 2
    return not last and digest.hex() == root
