"""Equal bids: the published rules in turn, and a draw that anyone can repeat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from procurement.scoring.draw import drawn
from procurement.scoring.errors import DrawNotCommitted, TieUnresolved
from procurement.scoring.offers import Dossier
from procurement.scoring.tender import Tender
from procurement.scoring.value.pool import Pool
from procurement.scoring.value.ratios import Column


@dataclass(frozen=True, slots=True)
class Draw:
    """The seed of the draw and the commitment to it, checked against each other."""

    seed: str
    commitment: str

    def order(self, lot: str, bids: Sequence[str]) -> tuple[str, ...]:
        """Return the bids as they are drawn, the first one first."""
        return drawn(self.seed, self.commitment, lot, bids)


def draw_of(tender: Tender, dossier: Dossier) -> Draw | None:
    """Return the draw of a tender; none as long as its seed is not revealed.

    Raises:
        DrawNotCommitted: there is a seed and no commitment was published.
        DrawMismatch: the seed is not the one committed to.
    """
    if dossier.seed is None:
        return None
    if tender.draw_commitment is None:
        raise DrawNotCommitted("dossier.seed", rule="draw")
    draw = Draw(dossier.seed, tender.draw_commitment)
    draw.order("", ())
    return draw


def grouped(
    keys: Sequence[int],
    rules: Sequence[str],
    pool: Pool,
    points: Mapping[str, Column],
) -> list[list[int]]:
    """Return the places of the bids from best to worst, in groups that no rule can part.

    ``keys``: the larger is the better. Inside a group the bids stand in the order of the pool, by
    name, which means nothing.
    """
    order = sorted(range(len(keys)), key=keys.__getitem__, reverse=True)
    groups = [list(equal) for _, equal in groupby(order, key=keys.__getitem__)]
    for rule in rules:
        if rule != "draw" and len(groups) < len(keys):
            numbers = _rule(rule, pool, points)
            groups = [part for group in groups for part in _parted(group, numbers)]
    return groups


def foremost(
    keys: Sequence[int],
    rules: Sequence[str],
    pool: Pool,
    points: Mapping[str, Column],
) -> list[int]:
    """Return the first group of ``grouped``, without ordering the others."""
    best = max(keys)
    group = [place for place, key in enumerate(keys) if key == best]
    for rule in rules:
        if rule != "draw" and len(group) > 1:
            group = _parted(group, _rule(rule, pool, points))[0]
    return group


def _parted(group: list[int], numbers: Sequence[int] | Sequence[Fraction]) -> list[list[int]]:
    """Return the parts of a group by a number, the larger the better."""
    if len(group) == 1:
        return [group]
    order = sorted(group, key=numbers.__getitem__, reverse=True)
    return [list(equal) for _, equal in groupby(order, key=numbers.__getitem__)]


def first_of(lot: str, equals: Sequence[str], rules: Sequence[str], draw: Draw | None) -> str:
    """Return the bid that goes first among equals.

    Raises:
        TieUnresolved: they have to be drawn and the seed is not there, or no rule parts them.
    """
    if len(equals) == 1:
        return equals[0]
    if draw is None or "draw" not in rules:
        raise TieUnresolved(f"lot {lot}", bids=", ".join(equals))
    return draw.order(lot, equals)[0]


def _rule(rule: str, pool: Pool, points: Mapping[str, Column]) -> list[int] | list[Fraction]:
    """Return a number for each bid, the larger the better."""
    if rule == "lower_price":
        return [-price for price in pool.prices]
    _, _, criterion = rule.partition(":")
    return [Fraction(*ratio) for ratio in points.get(criterion, [])]
