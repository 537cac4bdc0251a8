"""The chart of a statutory award: bounds, estimate, mean, reference price and every offer."""

from __future__ import annotations

from fractions import Fraction

from procurement.evaluation.charts import NAMES, Label, Ruler
from procurement.evaluation.drawing import Canvas, Chart, Scale, Table, around, parts_of
from procurement.evaluation.words import gettext as _
from procurement.evaluation.words import money

ROW, TOP = 24, 78


def ruler(name: str, data: Ruler, *, label: Label = str) -> list[Chart]:
    """Show where every offer stands; 20 offers in a drawing, the most expensive first."""
    offers = sorted(data.offers.items(), key=lambda one: (-one[1], one[0]))
    return [
        _drawn(f"{name}-{place}", data, offers[part], label)
        for place, part in enumerate(parts_of(offers), 1)
    ]


def marks(data: Ruler) -> list[tuple[str, Fraction]]:
    """Return the prices the award turns on with their names, lowest first."""
    found = [
        (_("Lower bound"), data.low),
        (_("Estimate E"), Fraction(data.estimate)),
        (_("Mean M"), data.mean),
        (_("Reference price P"), data.reference),
        (_("Upper bound"), data.high),
    ]
    return sorted(found, key=lambda one: one[1])


def closest_below(data: Ruler) -> str | None:
    """Return the offer within the bounds that is closest below the reference price."""
    below = [
        (price, bid)
        for bid, price in data.offers.items()
        if data.low <= price <= min(data.reference, data.high)
    ]
    return max(below)[1] if below else None


def _drawn(name: str, data: Ruler, offers: list[tuple[str, int]], label: Label) -> Chart:
    canvas = Canvas()
    known = [value for _name, value in marks(data)]
    scale = around([*known, *data.offers.values()], NAMES + 10, 500)
    bottom = TOP + ROW * len(offers)
    _rule(canvas, scale, data, bottom)
    for line, (bid, price) in enumerate(offers):
        _offer(canvas, scale, data, (bid, price), TOP + line * ROW + 12, label)
    rows = [(text, money(value, data.currency), "") for text, value in marks(data)]
    rows += [(label(bid), money(price, data.currency), _side(data, price)) for bid, price in offers]
    return Chart(
        name,
        _("Where every offer stands"),
        _(
            "One row for each offer, the most expensive first, on one line of prices. Vertical "
            "lines mark the two bounds, the estimate, the mean of the kept offers and the "
            "reference price. The disc of the winner is full."
        ),
        _summary(data, label),
        bottom + 10,
        tuple(canvas.shapes),
        Table((_("Price or offer"), _("Amount"), _("Place")), tuple(rows)),
    )


def _rule(canvas: Canvas, scale: Scale, data: Ruler, bottom: int) -> None:
    """Draw the five lines; their names stand on three floors and cover the lines behind them."""
    placed = [
        (text, scale(value), 14 + 20 * (place % 3), text == _("Reference price P"))
        for place, (text, value) in enumerate(marks(data))
    ]
    for _text, x, floor, main in placed:
        canvas.line("published" if main else "bound", (x, floor + 5), (x, bottom))
    for text, x, floor, main in placed:
        wide = 7 * len(text)
        canvas.rect("ground", x - Fraction(wide, 2), floor - 11, wide, 15)
        canvas.text("name strong" if main else "soft", x, floor, text, "middle")


def _offer(
    canvas: Canvas, scale: Scale, data: Ruler, offer: tuple[str, int], y: int, label: Label
) -> None:
    bid, price = offer
    won = bid == data.winner
    text = "name strong" if won else "name"
    canvas.name(text, y + 4, label(bid))
    canvas.line("grid", (NAMES, y), (510, y))
    canvas.dot("dot series-1" if won else "dot rest", scale(price), y)
    canvas.text(text, 640, y + 4, money(price, data.currency), "end")


def _side(data: Ruler, price: int) -> str:
    if price > data.high:
        return _("above the upper bound")
    if price < data.low:
        return _("below the lower bound")
    if price == data.reference:
        return _("equal to the reference price")
    return (
        _("below the reference price") if price < data.reference else _("above the reference price")
    )


def _summary(data: Ruler, label: Label) -> str:
    reference, closest = money(data.reference, data.currency), closest_below(data)
    if closest is None:
        return _("No offer stands below the reference price of %(price)s.", price=reference)
    return _(
        "Of the offers within the bounds, %(bid)s is the closest below the reference price of "
        "%(price)s.",
        bid=label(closest), price=reference,
    )  # fmt: skip
