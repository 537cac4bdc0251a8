"""How much of a large evaluation the report shows; the record holds every line of all of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from procurement.scoring.outcome import LotOutcome, Outcome

EXPLAINED = 30
"""Ranked bids of a lot, from the first on, and as many that were set aside, line by line."""
DRAWN = 30
"""Bids in a chart."""
COLUMNS = 8
"""Criteria beside one another in a chart; the others are added up."""
Told = frozenset[tuple[str, str, str]]
"""Withdrawals that turn the order: who goes, who was expected first, who is first then."""
FULL_LOTS = 10
"""Lots with charts and bids line by line, when a tender has more."""


def explained(lot: LotOutcome) -> frozenset[str]:
    """Return the bids that are explained line by line: who won, the foremost, and set aside."""
    ranked = sorted(lot.ranking, key=lambda one: (one.bid != lot.winner, one.rank))
    aside = [one.bid for one in lot.excluded[:EXPLAINED]]
    return frozenset([*(one.bid for one in ranked[:EXPLAINED]), *aside])


def full_lots(outcome: Outcome) -> frozenset[str]:
    """Return the lots that are shown in full.

    When there are many: those without an award, those with a warning, then the dearest.
    """
    lots = outcome.lots
    if len(lots) <= FULL_LOTS:
        return frozenset(lot.lot for lot in lots)
    order = sorted(range(len(lots)), key=lambda place: (*_urgency(lots[place]), place))
    return frozenset(lots[place].lot for place in order[:FULL_LOTS])


def _urgency(lot: LotOutcome) -> tuple[bool, bool, int]:
    return lot.status == "awarded", not lot.warnings, -(lot.amount or 0)


def drawn(bids: Iterable[str], winner: str | None) -> list[str]:
    """Return the bids of a chart, best first; whoever won is among them."""
    listed = list(bids)
    shown = listed[:DRAWN]
    if winner in listed and winner not in shown:
        shown = [*shown[:-1], str(winner)]
    return shown


def untold(lot: LotOutcome, told: Mapping[str, Told]) -> LotOutcome:
    """Leave out the warnings of withdrawals that the part on robustness tells, by lot."""
    left = tuple(
        one
        for one in lot.warnings
        if one.code != "value.rank_reversal"
        or (one.values["withdrawn"], one.values["from"], one.values["to"])
        not in told.get(lot.lot, frozenset())
    )
    return replace(lot, warnings=left)
