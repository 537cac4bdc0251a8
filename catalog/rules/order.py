"""The order people give to photos and variants."""

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def moved(items: Sequence[T], item: T, by: int) -> list[T]:
    """Return the items with one of them moved ``by`` places; at an end it stays there.

    Raises:
        ValueError: ``item`` is not among them.
    """
    place = items.index(item)
    rest = [one for at, one in enumerate(items) if at != place]
    to = min(max(place + by, 0), len(rest))
    return [*rest[:to], item, *rest[to:]]
