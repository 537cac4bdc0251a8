"""The dated rules of public buying: each with its article, how sure it is and where it was read."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Generic, Literal, TypeVar

from msgspec import Struct

from procurement.scoring.errors import UnknownRuleVersion

T = TypeVar("T")
Confidence = Literal["confirmed", "à confirmer"]
Equality = Literal["below", "above"]
AtReference = Literal["kept", "lowered", "raised"]


class Rule(Struct, Generic[T], frozen=True, kw_only=True):
    """One rule: its value, its article, how sure we are, and the mark of the source it was read in.

    ``source`` begins with « RC » (a tender file that cites the article), « BO » (said to be taken
    from the official bulletin), « 2nd » (press, law firm), « mem » (unverified) or « ✗ » (silent).
    """

    value: T
    article: str
    confidence: Confidence
    source: str

    @property
    def cited(self) -> str:
        """The article as a line cites it; what is not sure says so."""
        return self.article if self.confidence == "confirmed" else f"{self.article} (à confirmer)"


class RuleVersion(Struct, frozen=True, kw_only=True):
    """The rules in force from one day until the day before another.

    Attributes:
        high: share of the estimate above which an offer is excessive.
        low: share below which an offer is abnormally low, by category.
        bounds_kept: an offer exactly on a bound is kept.
        reference: weight of the estimate in the reference price, the mean having the rest.
        order: who comes first around the reference price; ``reference_price`` computes it.
        equality: where an offer equal to the reference price counts.
        first_among_equals: statuses that go first among the tied at rank 1.
        first_elsewhere: the same for studies and purchase orders, of which it was not read.
        draw: how the lots are drawn; the decree is silent.
        preference: rate that raises or lowers, for ranking, the price of a bidder not established.
        at_reference: what the preference does to an offer equal to the reference price.
        consortium: Moroccan share of a consortium from which nothing is adjusted.
        consortium_below: below it, the rate falls on the foreign share only.
        after_rejection: the reference price after a rejection.
        gate: a technical mark admits and never weighs.
        lot_order: lots are awarded in the order of the notice.
        cap: what becomes of a bidder that has won all it may.
        studies_high: as ``high``, for studies.
        studies_low: as ``low``, for studies.
        studies_weight: least and greatest weight of the price in studies.
        studies_price_mark: N_f, the mark of a price.
        purchase_order: what wins a purchase order.
        words: words prevail over figures.
        unit_prices: the schedule of prices prevails over the amount of the undertaking.
        line_rounding: decimals of a dirham to which quantity times unit price is rounded.
    """

    id: str
    text: str
    from_day: date
    until: date | None = None
    high: Rule[Fraction]
    low: dict[str, Rule[Fraction]]
    bounds_kept: Rule[bool]
    reference: Rule[Fraction]
    order: Rule[str]
    equality: Rule[Equality]
    first_among_equals: Rule[frozenset[str]]
    first_elsewhere: Rule[frozenset[str]]
    draw: Rule[str]
    preference: Rule[Fraction]
    at_reference: Rule[AtReference]
    consortium: Rule[Fraction]
    consortium_below: Rule[str]
    after_rejection: Rule[str]
    gate: Rule[str]
    lot_order: Rule[str]
    cap: Rule[str]
    studies_high: Rule[Fraction]
    studies_low: Rule[Fraction]
    studies_weight: Rule[tuple[Fraction, Fraction]]
    studies_price_mark: Rule[str]
    purchase_order: Rule[str]
    words: Rule[str]
    unit_prices: Rule[str]
    line_rounding: Rule[int]

    def in_force(self, day: date) -> bool:
        """Whether these rules were in force on ``day``."""
        return self.from_day <= day and (self.until is None or day < self.until)


def _rule(value: T, article: str, confidence: Confidence, source: str) -> Rule[T]:
    return Rule(value=value, article=article, confidence=confidence, source=source)


CERTAIN: Confidence = "confirmed"
UNSURE: Confidence = "à confirmer"
_FILES = "RC A2 art. 20, A3 art. 17; BO A1"
_BELOW: Equality = "below"
_STATUSES = frozenset({"cooperative", "union_of_cooperatives", "auto_entrepreneur"})
_KEPT: AtReference = "kept"

DECREE_2023 = RuleVersion(
    id="MA-2-22-431/2023-09",
    text="décret n° 2-22-431",
    from_day=date(2023, 9, 1),  # 2nd A5, A7
    high=_rule(Fraction(1, 5), "art. 44-B-1", CERTAIN, _FILES),
    low={
        "works": _rule(Fraction(1, 5), "art. 44-B-2", CERTAIN, _FILES),
        "supplies": _rule(Fraction(1, 4), "art. 44-B-2", CERTAIN, _FILES),
        "services": _rule(Fraction(1, 4), "art. 44-B-2", CERTAIN, _FILES),
    },
    bounds_kept=_rule(True, "art. 44-B", UNSURE, "BO A1 (« de plus de »)"),
    reference=_rule(Fraction(1, 2), "art. 44-A", CERTAIN, _FILES),
    order=_rule("closest below, then closest above", "art. 43-II-1, 44-A", CERTAIN, _FILES),
    equality=_rule(_BELOW, "art. 43-II-1", UNSURE, "BO A1 (« par défaut »)"),
    first_among_equals=_rule(_STATUSES, "art. 43-II-2", CERTAIN, "RC A3"),
    first_elsewhere=_rule(
        _STATUSES, "art. 43-II-2", UNSURE, "RC A3 for articles 43 and 44; ✗ (elsewhere)"
    ),
    draw=_rule("sha256(seed|lot|bid), lowest first", "art. 43-II-2", UNSURE, "✗"),
    preference=_rule(Fraction(3, 20), "art. 147", UNSURE, "BO A1; 2nd A5; mem (direction)"),
    at_reference=_rule(_KEPT, "art. 147", UNSURE, "✗"),
    consortium=_rule(Fraction(3, 10), "art. 147", UNSURE, "2nd A6"),
    consortium_below=_rule("foreign share only", "art. 147", UNSURE, "mem"),
    after_rejection=_rule("kept", "décret n° 2-22-431", UNSURE, "✗"),
    gate=_rule("admits, never weighs", "art. 41", CERTAIN, "RC A2; 2nd A10"),
    lot_order=_rule("order of the notice", "art. 10", CERTAIN, "RC A3 art. 2"),
    cap=_rule("set aside before the mean", "art. 10", UNSURE, "RC A3 art. 2; ✗ (the mean)"),
    studies_high=_rule(Fraction(1, 5), "art. 144", UNSURE, "BO A1; 2nd A4 says the contrary"),
    studies_low=_rule(Fraction(1, 4), "art. 144", UNSURE, "BO A1; 2nd A4 says the contrary"),
    studies_weight=_rule((Fraction(1, 10), Fraction(2, 5)), "art. 144-3", UNSURE, "BO A1"),
    studies_price_mark=_rule("100 × lowest price / price", "art. 144", UNSURE, "BO A1"),
    purchase_order=_rule("lowest price, tax included", "art. 91", UNSURE, "2nd A10"),
    words=_rule("prevail over figures", "règlement de consultation", CERTAIN, "RC A2 art. 10"),
    unit_prices=_rule(
        "prevail over totals", "règlement de consultation", CERTAIN, "RC A2, A3 art. 17-I-2"
    ),
    line_rounding=_rule(
        2, "règlement de consultation", UNSURE, "RC A3 art. 17-I-2; ✗ (two decimals assumed)"
    ),
)  # fmt: skip

VERSIONS: tuple[RuleVersion, ...] = (DECREE_2023,)


def version(name: str, opened_on: date) -> RuleVersion:
    """Return the version called ``name``; without a name, the one in force on the day.

    Raises:
        UnknownRuleVersion: there is none.
    """
    for one in VERSIONS:
        if one.id == name or (not name and one.in_force(opened_on)):
            return one
    raise UnknownRuleVersion("tender.method.rules", name=name or opened_on.isoformat())
