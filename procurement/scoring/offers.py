"""What was received: bidders, bids, evaluators' marks, pilots' evidence, acts of the commission."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal

from msgspec import Meta, Struct

from procurement.scoring.quantities import Centimes, Difference, Digest, Name, Quantity

Status = Literal["company", "cooperative", "union_of_cooperatives", "auto_entrepreneur"]


class _Part(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What was received cannot be changed, and takes no field it does not know."""


class Bidder(_Part, frozen=True, kw_only=True):
    """Who bids.

    ``established``: established in Morocco (article 147 asks for the bidder, not the product).
    ``moroccan_share``: in a consortium with foreign members, the share of the Moroccan ones.
    """

    id: Name
    name: str = ""
    status: Status = "company"
    established: bool = True
    moroccan_share: Fraction | None = None
    sme: bool = False


class Bid(_Part, frozen=True, kw_only=True):
    """One offer for one lot, or for several lots together (a package, only if announced).

    ``price``: centimes, tax included, after arithmetic rectification.
    ``admitted``: false with ``refusal`` when the administrative or technical part was refused.
    ``technical``: technical mark of 0 to 100 where the method has a gate or weighs it;
    ``technical_parts``: its parts by criterion, for « a 0 in one criterion ».
    ``answers``: stated quantities by criterion; ``flows``: yearly costs in centimes by flow name.
    ``scope_adjustment``: centimes added for the part of the scope the bid leaves out.
    """

    id: Name
    bidder: Name
    lots: tuple[Name, ...]
    price: Centimes
    admitted: bool = True
    refusal: str = ""
    technical: Fraction | None = None
    technical_parts: dict[str, Fraction] = {}
    answers: dict[str, Quantity] = {}
    flows: dict[str, tuple[Centimes, ...]] = {}
    residual: Centimes = 0
    scope_adjustment: Difference = 0


class Mark(_Part, frozen=True, kw_only=True):
    """What one evaluator gave one bid for one criterion, and why; never overwritten.

    ``points`` none: the evaluator was absent or declared a conflict (said in ``reason``).
    """

    evaluator: Name
    bid: Name
    criterion: Name
    points: Fraction | None
    reason: str = ""


class Evidence(_Part, frozen=True, kw_only=True):
    """What a pilot measured on the offered type of device, as its signed pack states it.

    ``lower_bound``: one-sided lower confidence bound of the metric at the published level.
    ``quantiles``: 1,024 integers for the robustness report only, in hundredths of a point.
    """

    bid: Name
    criterion: Name
    metric: Name
    level: Fraction
    lower_bound: Quantity
    exposure: Quantity
    coverage: Fraction
    pack: Digest
    quantiles: tuple[int, ...] = ()


class Rejection(_Part, frozen=True, kw_only=True):
    """A bid set aside after the ranking, with the commission's reason (rank 1 first, in turn)."""

    lot: Name
    bid: Name
    reason: Annotated[str, Meta(min_length=1)]


class Dossier(_Part, frozen=True, kw_only=True):
    """All that came in for a tender. ``seed``: the seed of the draw, revealed after the opening."""

    bidders: tuple[Bidder, ...]
    bids: tuple[Bid, ...]
    marks: tuple[Mark, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    seed: str | None = None
