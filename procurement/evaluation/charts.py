"""Charts of an evaluation: pure functions from exact numbers to a drawing with its table.

Each has a title, a description for who cannot see it, one sentence that says what it shows, and
all its numbers. Names of bids go through ``label``; nothing here decides anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from procurement.evaluation.drawing import (
    LINE,
    Canvas,
    Chart,
    Scale,
    Table,
    around,
    parts_of,
    wrapped,
)
from procurement.evaluation.words import gettext as _
from procurement.evaluation.words import money, points, share
from procurement.scoring.robustness.sweep import Span, Sweep

Label = Callable[[str], str]
ROW, TOP, NAMES = 26, 34, 150
MOST_RANKS, MOST_LINES = 9, 5


@dataclass(frozen=True)
class Offer:
    """A bid in the plane: centimes, and quality out of 100 (or out of ``most`` points)."""

    bid: str
    price: int
    quality: Fraction
    rank: int | None


@dataclass(frozen=True)
class Ruler:
    """The prices a statutory award turns on, in exact centimes, and every offer."""

    low: Fraction
    estimate: int
    mean: Fraction
    reference: Fraction
    high: Fraction
    offers: Mapping[str, int]
    currency: str
    winner: str | None = None


def sweep(name: str, found: Sweep, *, criterion: str, label: Label = str) -> Chart:
    """Show which bid wins for each weight of one criterion, the others in proportion."""
    canvas = Canvas()
    scale = Scale(Fraction(0), Fraction(1), NAMES, 520)
    winner, published = found.winner(found.published), found.published
    bottom = TOP + ROW * len(found.spans)
    for at in (Fraction(tick, 4) for tick in range(5)):
        canvas.line("grid", (scale(at), TOP), (scale(at), bottom))
        canvas.text("soft", scale(at), bottom + 16, share(at), "middle")
    for place, span in enumerate(found.spans):
        y, here = TOP + place * ROW, _holds(span, published) and span.bid == winner
        text = "name strong" if here else "name"
        wide = max(scale(span.high) - scale(span.low), Fraction(1))
        canvas.name(text, y + 17, label(span.bid))
        canvas.rect("bar series-1" if here else "bar rest", scale(span.low), y + 6, wide, 14)
        canvas.text(text, 640, y + 17, f"{share(span.low)} – {share(span.high)}", "end")
    canvas.line("published", (scale(published), TOP - 6), (scale(published), bottom))
    weight = _("published: %(weight)s", weight=share(published))
    canvas.text("name strong", scale(published), 20, weight, "middle")
    rows = [(label(span.bid), share(span.low), share(span.high)) for span in found.spans]
    return Chart(
        name,
        _("Who wins when the weight of « %(criterion)s » changes", criterion=criterion),
        _(
            "One bar for each bid that can come first: from the lowest to the highest weight of "
            "this criterion for which it wins, the other weights keeping their proportions. A "
            "vertical line marks the published weight."
        ),
        _swept(found, label, criterion),
        bottom + 24,
        tuple(canvas.shapes),
        Table((_("Bid"), _("Wins from"), _("Wins up to")), tuple(rows)),
    )


def _holds(span: Span, weight: Fraction) -> bool:
    return span.low <= weight <= span.high


def _swept(found: Sweep, label: Label, criterion: str) -> str:
    winner = found.winner(found.published)
    span = next(one for one in found.spans if one.bid == winner and _holds(one, found.published))
    return _(
        "Bid %(bid)s wins for a weight of « %(criterion)s » from %(low)s to %(high)s.",
        bid=label(winner), criterion=criterion, low=share(span.low), high=share(span.high),
    )  # fmt: skip


def acceptability(
    name: str, bids: Sequence[str], counts: Sequence[Sequence[int]], *, label: Label = str
) -> list[Chart]:
    """Show how often each bid takes each rank: ``counts[i][r]`` draws; 20 bids in a drawing."""
    total = sum(counts[0]) if counts else 0
    ranks = len(counts[0]) if counts else 0
    shown = min(ranks, MOST_RANKS)
    order = sorted(range(len(bids)), key=lambda i: (*(-n for n in counts[i]), bids[i]))
    rows = [
        (bids[i], [Fraction(n, total or 1) for n in _folded([int(n) for n in counts[i]], shown)])
        for i in order
    ]
    heads = [str(rank) for rank in range(1, shown + 1)]
    if ranks > shown:
        heads[-1] = f"≥ {shown}"
    return [
        _heat(f"{name}-{place}", rows[part], heads, label, rows[0])
        for place, part in enumerate(parts_of(rows), 1)
    ]


def _folded(counts: list[int], shown: int) -> list[int]:
    """Put the ranks that have no column into the last one."""
    return counts if len(counts) <= shown else [*counts[: shown - 1], sum(counts[shown - 1 :])]


def _heat(
    name: str,
    rows: Sequence[tuple[str, list[Fraction]]],
    heads: list[str],
    label: Label,
    best: tuple[str, list[Fraction]],
) -> Chart:
    canvas, wide = Canvas(), Fraction(640 - NAMES, len(heads))
    for column, head in enumerate(heads):
        canvas.text("soft", NAMES + (column + Fraction(1, 2)) * wide, 18, head, "middle")
    for line, (bid, shares) in enumerate(rows):
        y = TOP + line * ROW - 8
        canvas.name("name", y + 16, label(bid))
        for column, value in enumerate(shares):
            x = NAMES + column * wide
            canvas.rect("track", x + 1, y, wide - 2, ROW - 4)
            canvas.rect("cell", x + 1, y, (wide - 2) * value, ROW - 4, opacity="0.28")
            canvas.text("soft", x + wide / 2, y + 15, share(value), "middle")
    table = [(label(bid), *(share(value) for value in shares)) for bid, shares in rows]
    return Chart(
        name,
        _("How often each bid takes each rank"),
        _(
            "One row for each bid, one cell for each rank; the length of the bar in a cell is the "
            "share of all possible weights that give the bid this rank."
        ),
        _(
            "Bid %(bid)s comes first for %(share)s of all possible weights.",
            bid=label(best[0]), share=share(best[1][0]),
        ),
        TOP + ROW * len(rows),
        tuple(canvas.shapes),
        Table((_("Bid"), *(_("Rank %(rank)s", rank=head) for head in heads)), tuple(table)),
    )  # fmt: skip


def plane(
    name: str, offers: Sequence[Offer], *, currency: str, winner: str | None, label: Label = str
) -> Chart:
    """Show every bid by its price and its points for everything but the price."""
    canvas, bottom = Canvas(), 320
    across = around([offer.price for offer in offers], 70, 620)
    up = around([offer.quality for offer in offers], bottom, 30)
    canvas.line("axis", (70, bottom), (620, bottom))
    canvas.line("axis", (70, 30), (70, bottom))
    for value in {max(offers, key=_quality).quality, min(offers, key=_quality).quality}:
        canvas.line("grid", (70, up(value)), (620, up(value)))
        canvas.text("soft", 62, up(value) + 4, points(value), "end")
    for price in {max(offers, key=_price).price, min(offers, key=_price).price}:
        canvas.text("soft", across(price), bottom + 18, money(price, currency), "middle")
    canvas.text("soft", 345, bottom + 36, _("Price"), "middle")
    canvas.text("soft", 0, 18, _("Quality, in points"))
    for offer in sorted(offers, key=lambda one: (one.bid == winner, one.bid)):
        _spot(canvas, offer, across(offer.price), up(offer.quality), offer.bid == winner)
    ranked = sorted(offers, key=lambda one: (one.rank is None, one.rank or 0, one.bid))
    rows = [
        (label(one.bid), str(one.rank or "–"), money(one.price, currency), points(one.quality))
        for one in ranked
    ]
    cheapest, finest = min(offers, key=_price), max(offers, key=_quality)
    return Chart(
        name,
        _("Price and quality of every bid"),
        _(
            "Each disc is a bid with its rank in it: further along the line of prices is more "
            "expensive, higher is better. The disc of the winner is full."
        ),
        _(
            "Bid %(cheapest)s has the lowest price and bid %(finest)s the most points for quality.",
            cheapest=label(cheapest.bid), finest=label(finest.bid),
        ),
        bottom + 44,
        tuple(canvas.shapes),
        Table((_("Bid"), _("Rank"), _("Price"), _("Quality, in points")), tuple(rows)),
    )  # fmt: skip


def _spot(canvas: Canvas, offer: Offer, x: Fraction, y: Fraction, won: bool) -> None:
    canvas.dot("dot series-1" if won else "dot rest", x, y, 10)
    canvas.text("on-accent" if won else "in-dot", x, y + 4, str(offer.rank or "–"), "middle")


def _quality(offer: Offer) -> tuple[Fraction, str]:
    return offer.quality, offer.bid


def _price(offer: Offer) -> tuple[int, str]:
    return offer.price, offer.bid


def contributions(
    name: str,
    criteria: Mapping[str, Fraction],
    bids: Mapping[str, Sequence[Fraction]],
    *,
    winner: str | None = None,
    label: Label = str,
) -> list[Chart]:
    """Show what each criterion brings: ``criteria`` title → most points, ``bids`` best first."""
    rows = list(bids.items())
    return [
        _bars(f"{name}-{place}", criteria, rows[part], winner, label)
        for place, part in enumerate(parts_of(rows), 1)
    ]


def _bars(
    name: str,
    criteria: Mapping[str, Fraction],
    rows: Sequence[tuple[str, Sequence[Fraction]]],
    winner: str | None,
    label: Label,
) -> Chart:
    canvas = Canvas()
    top = TOP + _headed(canvas, criteria)
    for line, one in enumerate(rows):
        _bar(canvas, criteria, one, top + line * 32, one[0] == winner, label)
    table = [
        (label(bid), *(points(part) for part in parts), points(sum(parts, Fraction(0))))
        for bid, parts in rows
    ]
    first, parts = rows[0]
    return Chart(
        name,
        _("Where the points come from"),
        _(
            "One row for each bid, one column for each criterion: the weighted points it brings, "
            "and a bar of their share of the most it can bring."
        ),
        _(
            "Bid %(bid)s has %(total)s points in all. Points are rounded to two decimals here; the "
            "lines of each bid have them exactly.",
            bid=label(first), total=points(sum(parts, Fraction(0))),
        ),
        top + 32 * len(rows),
        tuple(canvas.shapes),
        Table((_("Bid"), *criteria, _("Total")), tuple(table)),
    )  # fmt: skip


def _headed(canvas: Canvas, criteria: Mapping[str, Fraction]) -> int:
    """Name the columns, on as many lines as the longest name needs; return what these add."""
    wide = Fraction(570 - NAMES, len(criteria))
    fits = max(5, int(wide / 6))
    heads = [wrapped(title, fits, MOST_LINES) for title in criteria]
    deep = LINE * (max(map(len, heads)) - 1)
    style = "soft small" if deep else "soft"
    for column, (lines, most) in enumerate(zip(heads, criteria.values(), strict=True)):
        x = NAMES + column * wide
        down = deep - LINE * (len(lines) - 1)
        for place, line in enumerate(lines):
            canvas.text(style, x, 12 + down + LINE * place, line)
        canvas.text("soft", x, 26 + deep, _("of %(most)s", most=points(most)))
    canvas.text("soft", 640, 12 + deep, _("Total"), "end")
    return deep


def _bar(
    canvas: Canvas,
    criteria: Mapping[str, Fraction],
    row: tuple[str, Sequence[Fraction]],
    y: int,
    won: bool,
    label: Label,
) -> None:
    (bid, parts), wide = row, Fraction(570 - NAMES, len(criteria))
    text = "name strong" if won else "name"
    canvas.name(text, y + 15, label(bid))
    for column, (part, most) in enumerate(zip(parts, criteria.values(), strict=True)):
        x, long = NAMES + column * wide, wide - 10
        full = min(Fraction(1), Fraction(part) / most) if most else Fraction(0)
        canvas.text("soft", x, y + 11, points(part))
        canvas.rect("track", x, y + 15, long, 7)
        canvas.rect("bar series-1" if won else "bar rest", x, y + 15, long * full, 7)
    canvas.text(text, 640, y + 15, points(sum(parts, Fraction(0))), "end")
