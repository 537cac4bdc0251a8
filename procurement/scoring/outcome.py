"""What comes out: rankings and awards, with one line of explanation for every number."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from msgspec import Struct

Exact = int | str
"""A value in a line: an integer, or text; rationals are written as « 3/4 »."""

Values = dict[str, Exact]
"""What stands in the places of a line's sentence."""


class _Part(Struct, frozen=True, omit_defaults=True):
    """Results cannot be changed."""


class Line(_Part, frozen=True, kw_only=True, gc=False):  # texts and integers: no cycles
    """One number or decision and where it comes from.

    ``code`` names the sentence in ``wording``; ``subject`` is a bid, or empty for the whole lot;
    ``rule`` is the article or the published rule.
    """

    code: str
    subject: str = ""
    values: Values = {}
    rule: str = ""


class Ranked(_Part, frozen=True, kw_only=True):
    """A bid in its place; bids of one ``rank`` are equal under every rule but the draw."""

    bid: str
    rank: int
    key: str
    """The number it was ranked by, as exact text: points, evaluated centimes or N."""


class Excluded(_Part, frozen=True, kw_only=True):
    """A bid set aside before the ranking, with the code of the rule that did it."""

    bid: str
    code: str
    rule: str = ""


class LotOutcome(_Part, frozen=True, kw_only=True):
    """One lot. ``amount``: the price of the contract in centimes, never the one used to rank."""

    lot: str
    status: Literal["awarded", "unsuccessful", "draw_needed", "not_proven"]
    winner: str | None = None
    amount: int | None = None
    ranking: tuple[Ranked, ...] = ()
    excluded: tuple[Excluded, ...] = ()
    lines: tuple[Line, ...] = ()
    warnings: tuple[Line, ...] = ()


class Outcome(_Part, frozen=True, kw_only=True):
    """The whole tender: lots in their order, and what concerns them together."""

    engine: Literal["statutory", "value_for_money"]
    rules: str
    lots: tuple[LotOutcome, ...]
    lines: tuple[Line, ...] = ()


def said(value: Fraction | int) -> Exact:
    """Write an exact number for a line: an integer as it is, a fraction as « 3/4 »."""
    whole = Fraction(value)
    return whole.numerator if whole.denominator == 1 else f"{whole.numerator}/{whole.denominator}"
