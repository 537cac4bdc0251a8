"""What the buyer expects, and the criteria of a tender that mark a price."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from msgspec import Struct

from procurement.scoring.errors import BadParameter, ScoringError
from procurement.scoring.marking import lazy
from procurement.scoring.quantities import MOST
from procurement.scoring.tender import Branch, Criterion, LifeCycleCost, Price, ValueForMoney
from procurement.scoring.value.formulas import Formula, formula_of

WHOLE = 10_000


class Expected(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The buyer's expectation, for charts and simulated tenders only.

    ``lowest``, ``highest``: expected prices in centimes; ``quality``: expected points of
    everything but the price; ``tenders`` of ``bids`` bids each are simulated from ``seed``.
    """

    lowest: int
    highest: int
    quality: tuple[int, int] = (50, 100)
    bids: int = 5
    tenders: int = 1000
    seed: str = "tajhiz drafting"

    def __post_init__(self) -> None:
        """Refuse what no tender looks like.

        Raises:
            BadParameter: the range of prices or of points is empty, or a number is out of range.
        """
        if not 0 < self.lowest < self.highest:
            why = lazy("the lowest expected price is above zero and below the highest")
            raise BadParameter("expected.lowest", why=why)
        if self.highest > MOST:
            raise BadParameter("expected.highest", why=lazy("no price is as high as that"))
        if not 0 <= self.quality[0] <= self.quality[1] <= 100:
            raise BadParameter("expected.quality", why=lazy("points go from 0 to 100"))
        if not 2 <= self.bids <= 50:
            raise BadParameter("expected.bids", why=lazy("2 to 50 bids are simulated"))
        if not 1 <= self.tenders <= 100_000:
            raise BadParameter("expected.tenders", why=lazy("1 to 100,000 tenders are simulated"))


@dataclass(frozen=True)
class PriceMarked:
    """A criterion that marks a price.

    Attributes:
        criterion: its name.
        share: its weight in the whole, as a fraction.
        name: the published formula, which may not exist.
        parameters: what is published with it.
        formula: the formula; none when it is refused, unknown or its parameters are wrong.
        decimals: decimals of a point that are kept; none when only the total is rounded.
        life_cycle: whether a cost over years is marked instead of the price.
    """

    criterion: str
    share: Fraction
    name: str
    parameters: Mapping[str, Fraction]
    formula: Formula | None
    decimals: int | None
    life_cycle: bool = False


def leaves(
    criteria: tuple[Criterion, ...], share: Fraction = Fraction(1)
) -> Iterator[tuple[Criterion, Fraction]]:
    """Yield the criteria that hold no others, each with its share of the whole."""
    for one in criteria:
        own = share * Fraction(one.weight, WHOLE)
        if isinstance(one.kind, Branch):
            yield from leaves(one.kind.criteria, own)
        else:
            yield one, own


def prices_marked(method: ValueForMoney) -> Iterator[PriceMarked]:
    """Yield the criteria that mark a price or a life-cycle cost."""
    decimals = method.points_decimals if method.round_at == "criterion" else None
    for one, share in leaves(method.criteria):
        if isinstance(one.kind, (Price, LifeCycleCost)):
            name, given = one.kind.formula, one.kind.parameters
            cost = isinstance(one.kind, LifeCycleCost)
            formula = _formula(name, given, one.id)
            yield PriceMarked(one.id, share, name, given, formula, decimals, cost)


def _formula(name: str, given: Mapping[str, Fraction], field: str) -> Formula | None:
    try:
        return formula_of(name, given, field)
    except ScoringError:  # `checks` says why
        return None
