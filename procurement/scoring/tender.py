"""What was published: the tender, its lots and how its bids are evaluated."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Annotated, Literal

from msgspec import Meta, Struct

from procurement.scoring.quantities import (
    MOST,
    BasisPoints,
    Centimes,
    Digest,
    Name,
    Quantity,
    Rounding,
    Unit,
)

Category = Literal["works", "supplies", "services"]


class _Part(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What every published part has: it cannot be changed, and takes no field it does not know."""


# --- statutory methods -------------------------------------------------------------------------


class Preference(_Part, frozen=True, kw_only=True):
    """The national preference of article 147, or why it does not apply.

    ``applies`` false needs ``reason``, for instance a free-trade agreement.
    """

    applies: bool = True
    reason: str = ""


class TechnicalGate(_Part, frozen=True, kw_only=True):
    """A technical mark that admits and never weighs: below the threshold, the bid is set aside.

    ``zero_excludes``: a mark of 0 in one criterion sets the bid aside whatever its total.
    """

    threshold: Fraction
    zero_excludes: bool = False


class ReferencePrice(_Part, frozen=True, kw_only=True, tag="reference_price", tag_field="kind"):
    """Works, supplies and services: closest below the reference price, then closest above."""

    category: Category
    rules: Name = ""
    gate: TechnicalGate | None = None
    preference: Preference = Preference(applies=False, reason="not announced")


class Studies(_Part, frozen=True, kw_only=True, tag="studies", tag_field="kind"):
    """Studies (article 144): N = Nt × (1 − w) + Nf × w, the highest N wins."""

    price_weight: Fraction
    threshold: Fraction
    rules: Name = ""


class PurchaseOrder(_Part, frozen=True, kw_only=True, tag="purchase_order", tag_field="kind"):
    """A « bon de commande »: the lowest price, tax included, wins."""

    rules: Name = ""


# --- value for money ---------------------------------------------------------------------------


class Price(_Part, frozen=True, kw_only=True, tag="price", tag_field="kind"):
    """Points for the price by one of the published formulas (see ``value.formulas``).

    ``parameters``: what the formula needs, in centimes or as exact numbers (published bounds…).
    """

    formula: Name
    parameters: dict[str, Fraction] = {}
    floor: Centimes | None = None


class Judged(_Part, frozen=True, kw_only=True, tag="judged", tag_field="kind"):
    """Marks given by evaluators on a published scale.

    ``absent``: what a missing mark means: the evaluation stops, or the others' marks count.
    ``dispute``: a mark further than this from the median is flagged, never dropped.
    """

    low: Fraction = Fraction(0)
    high: Fraction = Fraction(100)
    aggregate: Literal["mean", "median"] = "mean"
    absent: Literal["error", "skip"] = "error"
    dispute: Fraction | None = None


class Absolute(_Part, frozen=True, kw_only=True, tag="absolute", tag_field="kind"):
    """A stated quantity, marked linearly between the published ``best`` and ``worst``."""

    best: Fraction
    worst: Fraction
    unit: Unit


class Step(_Part, frozen=True, kw_only=True):
    """From this quantity on, these points out of 100."""

    at: Fraction
    points: Fraction


class Steps(_Part, frozen=True, kw_only=True, tag="steps", tag_field="kind"):
    """A stated quantity, marked by a published staircase; below the first step, 0 points."""

    steps: Annotated[tuple[Step, ...], Meta(min_length=1)]
    unit: Unit


class CostFlow(_Part, frozen=True, kw_only=True):
    """A cost the bidder states for each year from ``first`` to ``last``."""

    name: Name
    first: int
    last: int


class LifeCycleCost(_Part, frozen=True, kw_only=True, tag="life_cycle_cost", tag_field="kind"):
    """Σ flow/(1+r)^t over the published years, marked by a price formula on the total.

    ``timing``: the first yearly flow falls at the start (t = 0) or the end (t = 1) of the year.
    """

    rate: Fraction
    years: Annotated[int, Meta(ge=1, le=60)]
    timing: Literal["start", "end"] = "end"
    flows: tuple[CostFlow, ...]
    residual: bool = False
    formula: Name
    parameters: dict[str, Fraction] = {}


class PilotEvidence(_Part, frozen=True, kw_only=True, tag="evidence", tag_field="kind"):
    """A staircase over the one-sided lower confidence bound that a pilot measured.

    Too little data: ``neutral`` points as published, or with ``too_little`` « error » a stop.
    """

    metric: Name
    level: Fraction
    steps: Annotated[tuple[Step, ...], Meta(min_length=1)]
    unit: Unit = "percent"
    min_exposure: Quantity
    min_coverage: Fraction
    too_little: Literal["neutral", "error"] = "neutral"
    neutral: Fraction = Fraction(0)


class Branch(_Part, frozen=True, kw_only=True, tag="branch", tag_field="kind"):
    """A group of criteria; its points are the weighted points of what it holds."""

    criteria: Annotated[tuple[Criterion, ...], Meta(min_length=1)]


Kind = Price | Judged | Absolute | Steps | LifeCycleCost | PilotEvidence | Branch


class Criterion(_Part, frozen=True, kw_only=True):
    """One node of the criteria tree; sibling weights add up to 10,000.

    ``minimum``: points out of 100 below which a bid is set aside, however few remain.
    ``worth``: centimes of one missing point, when quality is turned into money.
    """

    id: Name
    title: str = ""
    weight: BasisPoints
    kind: Kind
    minimum: Fraction | None = None
    worth: Centimes | None = None


class Margin(_Part, frozen=True, kw_only=True):
    """A preference margin: added to the price used for ranking, never to the price paid.

    ``base``: the price as bid, or as adjusted for scope (the bid's ``scope_adjustment``).
    """

    percent: Fraction
    applies_to: Literal["foreign"] = "foreign"
    base: Literal["price", "adjusted_for_scope"] = "price"
    legal_basis: str


class ValueForMoney(_Part, frozen=True, kw_only=True, tag="value_for_money", tag_field="kind"):
    """Private and donor-financed buying: weighted points, or quality turned into money.

    ``points_decimals``: decimals of a point that are kept; ``round_at``: where.
    ``objective``: the most points, or the lowest price after the published worth of quality.
    ``ties``: « lower_price », « higher:<criterion> », « draw », tried in turn.
    """

    criteria: Annotated[tuple[Criterion, ...], Meta(min_length=1)]
    objective: Literal["points", "money"] = "points"
    points_decimals: Annotated[int, Meta(ge=0, le=6)] = 2
    rounding: Rounding = "half_up"
    round_at: Literal["criterion", "total"] = "criterion"
    margin: Margin | None = None
    ties: tuple[str, ...] = ("draw",)


Method = ReferencePrice | Studies | PurchaseOrder | ValueForMoney


# --- lots and tender ---------------------------------------------------------------------------


class Lot(_Part, frozen=True, kw_only=True):
    """One lot, in the order in which the notice lists it.

    ``estimate``: the buyer's estimate, tax included; needed by the methods with bounds around it.
    """

    id: Name
    title: str = ""
    estimate: Annotated[int, Meta(ge=1, le=MOST)] | None = None


class Limits(_Part, frozen=True, kw_only=True):
    """What one bidder may win of the tender; the documents announced it.

    ``sme_share``: least share of the awarded money that goes to small and medium bidders.
    ``capacity``: per bidder, the most money it may win, in centimes.
    """

    max_lots: Annotated[int, Meta(ge=1)] | None = None
    sme_share: Fraction | None = None
    capacity: dict[str, Centimes] = {}


class Tender(_Part, frozen=True, kw_only=True):
    """All that was published before the opening, sealed by digest.

    ``allocation``: « in_order » awards lot after lot as the notice lists them (article 10);
    ``together`` minimises the sum of the evaluated prices over all the lots.
    ``draw_commitment``: SHA-256 of the seed of the drawing of lots, published before the opening.
    """

    id: Name
    title: str = ""
    opened_on: date
    method: Method
    lots: Annotated[tuple[Lot, ...], Meta(min_length=1)]
    currency: Literal["MAD", "EUR", "USD"] = "MAD"
    allocation: Literal["in_order", "together"] = "in_order"
    limits: Limits = Limits()
    draw_commitment: Digest | None = None
