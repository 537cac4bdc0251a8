"""Equal bids (article 43-II-2): who goes first among the tied that are first in turn."""

from __future__ import annotations

from procurement.scoring.outcome import Line, Values
from procurement.scoring.statute.contest import Entry
from procurement.scoring.statute.versions import Rule

Equals = tuple[Entry, ...]


def split(equals: Equals, rule: Rule[frozenset[str]]) -> list[Equals]:
    """Return the tied in one group or two, those whose status goes first before the others."""
    favoured = tuple(entry for entry in equals if entry.bidder.status in rule.value)
    others = tuple(entry for entry in equals if entry.bidder.status not in rule.value)
    return [group for group in (favoured, others) if group]


def said_first(favoured: Equals, others: Equals, rule: Rule[frozenset[str]]) -> Line:
    """Say who goes first among the tied by its status."""
    values: Values = {"bids": names(favoured), "others": names(others)}
    return Line(code="statute.status_first", values=values, rule=rule.cited)


def by_name(entries: Equals) -> Equals:
    """Return equal bids in the order of their names, so that no other order shows through."""
    return tuple(sorted(entries, key=lambda entry: entry.id))


def names(entries: Equals) -> str:
    """List bids, as a line names them."""
    return ", ".join(entry.id for entry in by_name(entries))
