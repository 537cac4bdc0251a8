"""The arithmetic of an offer, done again before anything else: each correction is a line.

Words prevail over figures; a line is quantity × unit price; the schedule of prices prevails over
the totals stated and over the amount of the undertaking (« acte d'engagement »). All in centimes.
"""

from __future__ import annotations

from fractions import Fraction

from msgspec import Struct

from procurement.scoring.outcome import Line, Values, said
from procurement.scoring.quantities import Centimes, rounded
from procurement.scoring.statute.versions import RuleVersion
from procurement.scoring.statute.words import centimes_of


class PriceLine(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line of the schedule of prices, tax excluded; ``total`` as the bidder wrote it."""

    number: str
    quantity: Fraction
    unit_price: Centimes
    unit_price_words: str | None = None
    total: Centimes | None = None


class Schedule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The schedule of prices with what the bidder wrote under it; ``tax_rate`` as « 0.20 »."""

    lines: tuple[PriceLine, ...]
    tax_rate: Fraction = Fraction(0)
    total_without_tax: Centimes | None = None
    tax: Centimes | None = None
    total: Centimes | None = None


class Undertaking(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The amount of the undertaking, tax included, in figures and in words."""

    figures: Centimes
    words: str | None = None


class Rectified(Struct, frozen=True, kw_only=True):
    """The amount that counts, tax included, and every correction that led to it."""

    amount: Centimes
    lines: tuple[Line, ...]


def rectified(
    bid: str, undertaking: Undertaking, schedule: Schedule | None, rules: RuleVersion
) -> Rectified:
    """Return the amount of a bid after arithmetic rectification.

    Raises:
        UnknownWord: an amount in words holds a strange word.
        UnclearWords: an amount in words is none.
    """
    lines: list[Line] = []
    signed = _signed(bid, undertaking, rules, lines)
    if schedule is None:
        return Rectified(amount=signed, lines=tuple(lines))
    amount = _schedule(bid, schedule, rules, lines)
    if amount != signed:
        values: Values = {"stated": signed, "computed": amount}
        lines.append(
            Line(
                code="statute.schedule_prevails",
                subject=bid,
                values=values,
                rule=rules.unit_prices.cited,
            )
        )
    return Rectified(amount=amount, lines=tuple(lines))


def line_total(quantity: Fraction, unit_price: int, decimals: int) -> int:
    """Return quantity × unit price in centimes, rounded half up at ``decimals`` of a dirham."""
    step = Fraction(10) ** (2 - decimals)
    return int(rounded(quantity * unit_price / step) * step)


def _signed(bid: str, undertaking: Undertaking, rules: RuleVersion, lines: list[Line]) -> int:
    if undertaking.words is None:
        return undertaking.figures
    words = centimes_of(undertaking.words, f"{bid}: undertaking.words")
    if words != undertaking.figures:
        values: Values = {"stated": undertaking.figures, "computed": words}
        lines.append(
            Line(code="statute.words_prevail", subject=bid, values=values, rule=rules.words.cited)
        )
    return words


def _schedule(bid: str, schedule: Schedule, rules: RuleVersion, lines: list[Line]) -> int:
    total = sum(_line(bid, line, rules, lines) for line in schedule.lines)
    tax = rounded(total * schedule.tax_rate)
    rule = rules.unit_prices.cited
    for stated, computed, code in (
        (schedule.total_without_tax, total, "statute.sum_corrected"),
        (schedule.tax, tax, "statute.tax_corrected"),
        (schedule.total, total + tax, "statute.total_corrected"),
    ):
        if stated is not None and stated != computed:
            values: Values = {"stated": stated, "computed": computed}
            lines.append(Line(code=code, subject=bid, values=values, rule=rule))
    return total + tax


def _line(bid: str, line: PriceLine, rules: RuleVersion, lines: list[Line]) -> int:
    price = _unit_price(bid, line, rules, lines)
    total = line_total(line.quantity, price, rules.line_rounding.value)
    if line.total is not None and line.total != total:
        values: Values = {
            "number": line.number,
            "quantity": said(line.quantity),
            "price": price,
            "stated": line.total,
            "computed": total,
        }
        lines.append(
            Line(
                code="statute.line_corrected",
                subject=bid,
                values=values,
                rule=rules.unit_prices.cited,
            )
        )
    return total


def _unit_price(bid: str, line: PriceLine, rules: RuleVersion, lines: list[Line]) -> int:
    if line.unit_price_words is None:
        return line.unit_price
    words = centimes_of(line.unit_price_words, f"{bid}: lines[{line.number}].unit_price_words")
    if words != line.unit_price:
        values: Values = {"number": line.number, "stated": line.unit_price, "computed": words}
        lines.append(
            Line(
                code="statute.unit_words_prevail",
                subject=bid,
                values=values,
                rule=rules.words.cited,
            )
        )
    return words
