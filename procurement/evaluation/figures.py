"""Which charts belong to a lot, and the numbers they are drawn from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from procurement.evaluation import charts, extent, iso
from procurement.evaluation.contents import Source
from procurement.evaluation.drawing import Chart
from procurement.evaluation.ruler import ruler
from procurement.evaluation.words import gettext as _
from procurement.scoring import value
from procurement.scoring.outcome import Line, LotOutcome
from procurement.scoring.tender import Price, ReferencePrice, Studies, ValueForMoney


def of_lots(found: Source) -> dict[str, tuple[Chart, ...]]:
    """Return the charts of every lot that is shown in full, by its name."""
    full = extent.full_lots(found.outcome)
    return {
        lot.lot: tuple(_of(found, lot, place))
        for place, lot in enumerate(found.outcome.lots, 1)
        if lot.lot in full
    }


def _foremost(lot: LotOutcome) -> list[str]:
    """Return the ranked bids that stand in charts, best first."""
    return extent.drawn((one.bid for one in lot.ranking), lot.winner)


def _of(found: Source, lot: LotOutcome, place: int) -> list[Chart]:
    if not lot.ranking:
        return []
    method = found.file.tender.method
    if isinstance(method, ReferencePrice):
        data = ruler_of(found, lot)
        return ruler(f"ruler-{place}", data, label=found.label) if data else []
    if isinstance(method, Studies):
        return _studies(found, lot, place, method)
    if isinstance(method, ValueForMoney) and method.objective == "points":
        return _points(found, lot, place, method)
    return _evaluated(found, lot, place)


def _evaluated(found: Source, lot: LotOutcome, place: int) -> list[Chart]:
    """Draw price and missing quality, as the lines of evaluated prices say them."""
    said = {one.subject: one.values for one in lot.lines if one.code == "value.evaluated"}
    shown = _foremost(lot)
    bids = [
        iso.Evaluated(
            one.bid,
            Fraction(said[one.bid]["price"]),
            Fraction(said[one.bid]["added"]),
            one.rank,
        )
        for one in lot.ranking
        if one.bid in said and one.bid in shown
    ]
    if not bids:
        return []
    currency, label = found.file.tender.currency, found.label
    return [iso.plane(f"plane-{place}", bids, currency=currency, winner=lot.winner, label=label)]


def ruler_of(found: Source, lot: LotOutcome) -> charts.Ruler | None:
    """Return the prices the award of a lot turned on, as its lines say them."""
    said = {name: Fraction(price) for line in lot.lines for name, price in _prices(line).items()}
    if not said.keys() >= {"low", "high", "estimate", "mean", "reference"}:
        return None
    return charts.Ruler(
        low=said["low"],
        estimate=int(said["estimate"]),
        mean=said["mean"],
        reference=said["reference"],
        high=said["high"],
        offers={one: found.bid(one).price for one in _priced(lot)},
        currency=found.file.tender.currency,
        winner=lot.winner,
    )


_FROM = {
    "statute.lower_bound": ("bound", "low"),
    "statute.upper_bound": ("bound", "high"),
    "statute.estimate": ("estimate", "estimate"),
    "statute.mean": ("mean", "mean"),
    "statute.reference": ("reference", "reference"),
}


def _prices(line: Line) -> dict[str, int | str]:
    if line.code not in _FROM:
        return {}
    key, name = _FROM[line.code]
    return {name: line.values[key]}


def _priced(lot: LotOutcome) -> list[str]:
    """Return the bids whose price was looked at: those kept, and those outside the bounds."""
    outside = {"statute.excessive", "statute.abnormally_low"}
    ranked = _foremost(lot)
    others = [one.bid for one in lot.excluded if one.code in outside]
    return ranked + others[: max(0, extent.DRAWN - len(ranked))]


def _studies(found: Source, lot: LotOutcome, place: int, method: Studies) -> list[Chart]:
    marks = {one.subject: one for one in lot.lines if one.code == "statute.studies_mark"}
    if not marks:
        return []
    weight, shown = method.price_weight, _foremost(lot)
    parts = {
        one.bid: (
            Fraction(marks[one.bid].values["technical"]) * (1 - weight),
            Fraction(marks[one.bid].values["financial"]) * weight,
        )
        for one in lot.ranking
        if one.bid in shown
    }
    most = {_("Technical mark"): 100 * (1 - weight), _("Price"): 100 * weight}
    quality = {bid: Fraction(one.values["technical"]) for bid, one in marks.items()}
    return _both(found, lot, place, most, parts, quality)


def _points(found: Source, lot: LotOutcome, place: int, method: ValueForMoney) -> list[Chart]:
    """Draw the published points of the top-level criteria, as the robustness looks at them."""
    dossier = value.contending(found.file.dossier, lot)
    matrix = value.score_matrix(found.file.tender, dossier, lot.lot)
    scale = 10**matrix.decimals
    whole = {
        bid: [Fraction(int(score), scale) for score in row]
        for bid, row in zip(matrix.bids, matrix.scores, strict=True)
    }
    titles = found.titles()
    shares = [Fraction(weight, 10_000) for weight in matrix.weights]
    most = {titles[one]: 100 * share for one, share in zip(matrix.criteria, shares, strict=True)}
    ranked = [one for one in _foremost(lot) if one in whole]
    parts = {
        bid: [score * share for score, share in zip(whole[bid], shares, strict=True)]
        for bid in ranked
    }
    priced = {one.id for one in method.criteria if isinstance(one.kind, Price)}
    rest = [place for place, one in enumerate(matrix.criteria) if one not in priced]
    weight = sum((shares[place] for place in rest), Fraction(0))
    columns, brought = _columns(most, parts)
    if not weight:
        return charts.contributions(
            f"parts-{place}", columns, brought, winner=lot.winner, label=found.label
        )
    quality = {bid: sum((parts[bid][i] for i in rest), Fraction(0)) / weight for bid in ranked}
    return _both(found, lot, place, columns, brought, quality)


def _columns(
    most: Mapping[str, Fraction], parts: Mapping[str, Sequence[Fraction]]
) -> tuple[Mapping[str, Fraction], Mapping[str, Sequence[Fraction]]]:
    """Add up the criteria of the smallest weights where there are too many for a page."""
    if len(most) <= extent.COLUMNS:
        return most, parts
    titles, points = list(most), list(most.values())
    by_weight = sorted(range(len(points)), key=lambda place: (-points[place], place))
    kept = sorted(by_weight[: extent.COLUMNS - 1])
    others = sorted(by_weight[extent.COLUMNS - 1 :])

    def folded(row: Sequence[Fraction]) -> list[Fraction]:
        return [*(row[one] for one in kept), sum((row[one] for one in others), Fraction(0))]

    heads = [*(titles[one] for one in kept), _("%(count)s other criteria", count=len(others))]
    return (
        dict(zip(heads, folded(points), strict=True)),
        {bid: folded(row) for bid, row in parts.items()},
    )


def _both(
    found: Source,
    lot: LotOutcome,
    place: int,
    most: Mapping[str, Fraction],
    parts: Mapping[str, Sequence[Fraction]],
    quality: Mapping[str, Fraction],
) -> list[Chart]:
    """Draw where the points come from, and price beside quality."""
    offers = [
        charts.Offer(one.bid, found.bid(one.bid).price, quality[one.bid], one.rank)
        for one in lot.ranking
        if one.bid in quality and one.bid in parts
    ]
    currency, label = found.file.tender.currency, found.label
    return [
        *charts.contributions(f"parts-{place}", most, parts, winner=lot.winner, label=label),
        charts.plane(f"plane-{place}", offers, currency=currency, winner=lot.winner, label=label),
    ]
