"""The chart « one quality point is worth … at price … », before a tender is published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from portal.web import i18n
from procurement.evaluation import words
from procurement.evaluation.drawing import Anchor, Canvas, Chart, Scale, Table, short
from procurement.evaluation.words import gettext as _
from procurement.scoring.drafting.review import Curve, Rate
from procurement.scoring.drafting.worth import ends, everywhere, times
from procurement.scoring.quantities import rounded

LEFT, RIGHT, LEGEND, PLOT = 96, 600, 20, 230
TICKS, LONGEST_TITLE = 4, 76


@dataclass(frozen=True)
class Series:
    """A curve with its name; the tender's own is drawn in full, one to compare with is dashed."""

    title: str
    curve: Curve
    own: bool = True


def money(value: Fraction | int | None, currency: str) -> str:
    """Write what a point is worth, to the centime; a dash where it is worth nothing."""
    return "–" if value is None or value <= 0 else words.money(rounded(Fraction(value)), currency)


def chart(name: str, series: Sequence[Series], currency: str) -> Chart:
    """Draw what one quality point is worth over the expected prices; the first curve is the one."""
    level = all(one.own and times(one.curve) == 1 and everywhere(one.curve) for one in series)
    canvas, top = Canvas(), LEGEND * len(series) + 34
    bottom = top + PLOT
    first = series[0].curve
    across = Scale(
        Fraction(first.rates[0].price), Fraction(first.rates[-1].price), LEFT + 24, RIGHT - 24
    )
    up = Scale(Fraction(0), _ceiling(series), bottom, top)
    _axes(canvas, across, up, currency)
    for line, one in enumerate(series):
        number = _number(line, series) if level else ""
        _named(canvas, one, 12 + line * LEGEND, number)
        _curve(canvas, one, across, up)
    if level:
        _levels(canvas, series, (across, up), currency)
    for one in series:
        if one.own and not level:
            _values(canvas, one.curve, (across, up), currency)
    return Chart(
        name,
        _("What one quality point is worth at each price"),
        _(
            "The line of prices goes from the lowest to the highest expected one; the higher the "
            "curve, the more money one quality point makes up for. Full: the rules of this draft. "
            "Dashed: for comparison."
        ),
        _summary(series, currency),
        bottom + 42,
        tuple(canvas.shapes),
        _table(series, currency, level=level),
    )


def _ceiling(series: Sequence[Series]) -> Fraction:
    """Return a round amount of dirhams, in centimes, above which there is nothing to draw."""
    most = max((one.worth for each in series for one in _drawn(each.curve)), default=Fraction(100))
    step = Fraction(100)
    while step * TICKS < most:
        step *= Fraction(5, 2) if str(step).startswith("2") else 2
    return step * TICKS


@dataclass(frozen=True)
class _Point:
    price: int
    worth: Fraction


def _drawn(curve: Curve) -> list[_Point]:
    return [_Point(one.price, one.worth) for one in curve.rates if one.worth and one.worth > 0]


def _axes(canvas: Canvas, across: Scale, up: Scale, currency: str) -> None:
    for tick in range(TICKS + 1):
        worth = up.high * tick / TICKS
        canvas.line("grid" if tick else "axis", (LEFT, up(worth)), (RIGHT, up(worth)))
        text = i18n.money(int(worth), currency, whole=True)
        canvas.text("soft", LEFT - 8, up(worth) + 4, text, "end")
        price = across.low + (across.high - across.low) * tick / TICKS
        canvas.line("axis", (across(price), up.start), (across(price), up.start + 5))
        if tick % 2 == 0:
            text = i18n.money(rounded(price), currency, whole=True)
            canvas.text("soft", across(price), up.start + 19, text, "middle")
    canvas.text("soft", Fraction(LEFT + RIGHT, 2), up.start + 37, _("Price of the bid"), "middle")
    canvas.text("soft", 0, up.end - 16, _("Worth of one quality point"))


def _number(line: int, series: Sequence[Series]) -> str:
    """Return the number of a level before its name; one alone needs none."""
    return f"{i18n.number(line + 1)} · " if len(series) > 1 else ""


def _named(canvas: Canvas, one: Series, y: int, number: str) -> None:
    """Name a curve above the drawing; a name of more than a line stands whole in the table."""
    canvas.line("published" if one.own else "bound", (LEFT, y - 4), (LEFT + 28, y - 4))
    style = "name strong" if one.own else "soft"
    canvas.text(style, LEFT + 36, y, f"{number}{short(one.title, LONGEST_TITLE)}")


def _curve(canvas: Canvas, one: Series, across: Scale, up: Scale) -> None:
    """Draw it stretch by stretch, with a gap where no point is worth anything."""
    style, rates = "published" if one.own else "bound", one.curve.rates
    for start, end in pairwise(rates):
        if start.worth and end.worth and start.worth > 0 and end.worth > 0:
            canvas.line(
                style,
                (across(start.price), up(start.worth)),
                (across(end.price), up(end.worth)),
            )


def _levels(
    canvas: Canvas, series: Sequence[Series], scales: tuple[Scale, Scale], currency: str
) -> None:
    """Say what each level is worth where no other one is told, so that close lines keep apart."""
    for place, one in enumerate(series, 1):
        rate = one.curve.rates[len(one.curve.rates) * place // (len(series) + 1)]
        text = f"{_number(place - 1, series)}{money(rate.worth, currency)}"
        _value(canvas, rate, scales, text, ("middle", 0, -10))


def _values(canvas: Canvas, curve: Curve, scales: tuple[Scale, Scale], currency: str) -> None:
    """Mark the lowest, the middle and the highest price; one of them is enough for a level.

    The words stand where a rising curve leaves room: below its start, above all the rest.
    """
    first, middle, last = ends(curve)
    places: list[tuple[Rate, tuple[Anchor, int, int]]] = [
        (first, ("start", 8, 18)),
        (middle, ("end", -8, -8)),
        (last, ("end", 20, -12)),
    ]
    if times(curve) == 1:
        places = [(middle, ("middle", 0, -10))]
    for one, beside in places:
        if one.worth is not None and one.worth > 0:
            _value(canvas, one, scales, money(one.worth, currency), beside)


def _value(
    canvas: Canvas,
    one: Rate,
    scales: tuple[Scale, Scale],
    text: str,
    beside: tuple[Anchor, int, int],
) -> None:
    """Write what a point is worth beside its place, over the lines behind it."""
    x, y = scales[0](one.price), scales[1](one.worth or 0)
    anchor, right, down = beside
    wide = 7 * len(text)
    start = {"start": x, "middle": x - Fraction(wide, 2), "end": x - wide}[anchor]
    canvas.rect("ground", start + right - 2, y + down - 12, wide, 15)
    canvas.dot("dot series-1", x, y, 4)
    canvas.text("name strong", x + right, y + down, text, anchor)


def _summary(series: Sequence[Series], currency: str) -> str:
    return " ".join(_told(one, currency) for one in series if one.own)


def _told(one: Series, currency: str) -> str:
    lowest, _middle, highest = ends(one.curve)
    if not everywhere(one.curve):
        return _(
            "« %(name)s »: at some of the expected prices, a lower price earns nothing.",
            name=one.title,
        )
    if times(one.curve) == 1:
        return _(
            "« %(name)s »: one quality point is worth %(worth)s at every price.",
            name=one.title, worth=money(lowest.worth, currency),
        )  # fmt: skip
    return _(
        "« %(name)s »: one quality point is worth %(low)s at a price of %(lowest)s, %(high)s at "
        "%(highest)s.",
        name=one.title, low=money(lowest.worth, currency), high=money(highest.worth, currency),
        lowest=words.money(lowest.price, currency), highest=words.money(highest.price, currency),
    )  # fmt: skip


def _table(series: Sequence[Series], currency: str, *, level: bool) -> Table:
    head = (_("Price of the bid"), *(one.title for one in series))
    if level:
        worth = (money(one.curve.rates[0].worth, currency) for one in series)
        return Table(head, ((_("every price"), *worth),))
    last = len(series[0].curve.rates) - 1
    places = sorted({last * part // TICKS for part in range(TICKS + 1)})
    rows = [
        (
            words.money(series[0].curve.rates[place].price, currency),
            *(money(one.curve.rates[place].worth, currency) for one in series),
        )
        for place in places
    ]
    return Table(head, tuple(rows))
