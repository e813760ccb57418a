"""The Merkle tree over all entries (RFC 6962 shape, SM3): leaves in order, full nodes kept, a head for every growth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from palmtax.evidence.model import sm3


@dataclass(frozen=True, slots=True)
class Head:
    """A tree head: how many leaves, the root over them, when."""

    size: int
    root: bytes
    at: datetime


EMPTY = Head(0, sm3(b""), datetime(1970, 1, 1, tzinfo=UTC))
_known: list[Head] = [EMPTY]


def current_head() -> Head:
    """The newest head this process knows; entries carry its root."""
    return _known[0]


def remember(head: Head) -> None:
    """Learn of a newer head."""
    if head.size >= _known[0].size:
        _known[0] = head


def parent(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node: SM3 of 0x01, left, right."""
    return sm3(b"\x01" + left + right)


def needed_for_growth(size: int) -> list[tuple[int, int]]:
    """The full nodes on the right edge of a tree of `size` leaves: (level, number), largest first."""
    places, offset = [], 0
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            places.append((level, offset >> level))
            offset += 1 << level
    return places


def grow(
    size: int, edge: dict[tuple[int, int], bytes], leaves: list[bytes]
) -> tuple[dict[tuple[int, int], bytes], bytes]:
    """Append leaves: the full nodes that came to be, and the root over size + len(leaves).

    `edge` holds the nodes of `needed_for_growth(size)`.
    """
    stack = [(level, no, edge[level, no]) for level, no in needed_for_growth(size)]
    made: dict[tuple[int, int], bytes] = {}
    for number, leaf in enumerate(leaves, start=size):
        stack.append((0, number, leaf))
        made[0, number] = leaf
        while len(stack) > 1 and stack[-1][0] == stack[-2][0]:
            (level, no, left), (_, _, right) = stack[-2:]
            joined = (level + 1, no >> 1, parent(left, right))
            stack[-2:] = [joined]
            made[joined[0], joined[1]] = joined[2]
    root = EMPTY.root
    for index, (_, _, value) in enumerate(reversed(stack)):
        root = value if index == 0 else parent(value, root)
    return made, root
