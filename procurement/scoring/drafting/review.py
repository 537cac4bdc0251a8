"""What the drafting help answers: chart data, simulated reversals and warnings."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from msgspec import Struct

from procurement.scoring.outcome import Line


class _Part(Struct, frozen=True, omit_defaults=True):
    """Answers cannot be changed."""


class Worth(_Part, frozen=True, kw_only=True):
    """A stretch of prices in centimes, the points at both ends and what a quality point is worth.

    ``worth``: centimes that one more point for everything but the price makes up for, on average
    over the stretch; none where the price moves no point, negative where dearer is better.
    """

    low: int
    high: int
    points_low: Fraction
    points_high: Fraction
    worth: Fraction | None


class Rate(_Part, frozen=True, kw_only=True):
    """What one quality point is worth right at a price: the rate of the centime that follows it.

    ``worth`` is read as in `Worth`.
    """

    price: int
    worth: Fraction | None


class Curve(_Part, frozen=True, kw_only=True):
    """The chart « one quality point is worth … at price … » of one formula.

    ``chosen``: the tender's own formula; the others stand beside it for comparison, with
    parameters taken from the expected range. ``refused``: why it may not be published. Where
    quality is turned into money there is no formula, ``criterion`` is what the points are given
    for, and there are no ``stretches``: no price is marked.
    """

    criterion: str
    formula: str
    text: str
    chosen: bool
    refused: str
    depends_on_other_bids: bool
    monotone: bool
    stretches: tuple[Worth, ...]
    rates: tuple[Rate, ...]


class Example(_Part, frozen=True, kw_only=True):
    """One simulated tender in which the withdrawal of a loser changes the winner.

    Bids are numbered from 0; ``prices`` in centimes, ``quality`` in points out of 100.
    """

    number: int
    prices: tuple[int, ...]
    quality: tuple[int, ...]
    winner: int
    withdrawn: int
    winner_then: int


class Reversals(_Part, frozen=True, kw_only=True):
    """How often the withdrawal of one losing bid changed the winner among simulated tenders.

    ``unawarded``: so many of them nobody wins, for instance because all bids are out of bounds.
    """

    criterion: str
    formula: str
    seed: str
    tenders: int
    bids: int
    changed: int
    unawarded: int = 0
    example: Example | None = None


class Review(_Part, frozen=True, kw_only=True):
    """All that the drafting help says of a tender; ``decides`` is always false.

    ``facts``: what the rules mean at the expected prices of ``lot``; ``warnings``: what to mend;
    ``advice``: how, the formulas that depend on no other bid first.
    """

    tender: str
    lot: str = ""
    curves: tuple[Curve, ...] = ()
    reversals: tuple[Reversals, ...] = ()
    facts: tuple[Line, ...] = ()
    warnings: tuple[Line, ...] = ()
    advice: tuple[Line, ...] = ()
    decides: Literal[False] = False
