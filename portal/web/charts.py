"""Charts as SVG, made on the server: pure functions that return markup with a table behind it.

Colours come from the style sheet (``charts.css``), so that they follow the theme; every value is
also in the table, so nobody has to see the drawing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from math import ceil, floor, log10

from markupsafe import Markup, escape

from portal.web.i18n import direction, number
from portal.web.i18n import gettext as _

WIDTH = 640
LINE_HEIGHT = 260

# Morocco's twelve regions by HCP code as squares (column, row): where they lie, not how large.
REGION_TILES = {
    "01": (3, 0), "02": (4, 0), "03": (3, 1), "04": (2, 1), "05": (3, 2), "06": (2, 2),
    "07": (2, 3), "08": (4, 2), "09": (1, 4), "10": (0, 5), "11": (0, 6), "12": (0, 7),
}  # fmt: skip
TILE = 92

Write = Callable[[float], str]
_ids = count(1)


@dataclass(frozen=True)
class Series:
    """One line of a line chart; ``None`` is a missing value and breaks the line, zero is not."""

    name: str
    values: tuple[float | None, ...]


def bar_chart(title: str, items: Sequence[tuple[str, float]], *, write: Write = number) -> Markup:
    """Return horizontal bars, one for each (text, value ≥ 0), in the order given.

    The texts are HTML beside the drawing, so that they keep their size on every screen.
    """
    highest = max((value for _text, value in items), default=0) or 1
    mirrored = direction() == "rtl"
    bars = [
        _bar(text, write(value), round(100 * value / highest, 2), mirrored=mirrored)
        for text, value in items
    ]
    drawing = Markup('<ul class="bars" role="list">{}</ul>').format(Markup("").join(bars))
    return _figure(title, drawing, (_("Item"), [_("Value")]), [(t, [write(v)]) for t, v in items])


def _bar(text: str, value: str, share: float, *, mirrored: bool) -> Markup:
    """Return one bar under its text; ``share`` is its length in percent of the longest."""
    return Markup(
        '<li><span>{text}</span><bdi class="number">{value}</bdi>'
        '<svg height="8" aria-hidden="true" focusable="false"><rect class="track" width="100%" '
        'height="8" rx="2"/><rect class="bar series-1" x="{start}%" width="{share}%" height="8" '
        'rx="2"/></svg></li>'
    ).format(text=text, value=value, start=round(100 - share, 2) if mirrored else 0, share=share)


def ticks(lowest: float, highest: float, wanted: int = 4) -> list[float]:
    """Return round values that cover the range from ``lowest`` to ``highest``."""
    if highest <= lowest:
        highest = lowest + 1
    rough = (highest - lowest) / wanted
    power = 10.0 ** floor(log10(rough))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough)
    first, last = floor(lowest / step), ceil(highest / step)
    return [round(index * step, 12) for index in range(first, last + 1)]


def line_chart(
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    write: Write = number,
    description: str = "",
) -> Markup:
    """Return lines over ``labels`` (time, mostly); a missing value leaves a gap."""
    known = [value for one in series for value in one.values if value is not None]
    scale = ticks(min([0.0, *known]), max([0.0, *known]))
    mirrored = direction() == "rtl"
    left, right = (20, 70) if mirrored else (70, 20)
    spread = (WIDTH - left - right) / max(1, len(labels) - 1)

    def x(index: int) -> float:
        along = index * spread
        return round(WIDTH - right - along if mirrored else left + along, 1)

    def y(value: float) -> float:
        share = (value - scale[0]) / (scale[-1] - scale[0])
        return round(LINE_HEIGHT - 30 - share * (LINE_HEIGHT - 60), 1)

    axis_x = WIDTH - 60 if mirrored else 60
    parts = [_grid_line(y(tick), axis_x, write(tick), left, right) for tick in scale]
    parts += _axis_labels(labels, x)
    for place, one in enumerate(series, start=1):
        parts += _line(one, place, x, y)
    rows = [
        (label, [_shown(one.values[index], write) for one in series])
        for index, label in enumerate(labels)
    ]
    drawing = _svg(WIDTH, LINE_HEIGHT, title, description, parts)
    legend = Markup("") if len(series) < 2 else _legend(series)
    return _figure(title, drawing + legend, (_("Period"), [one.name for one in series]), rows)


def _shown(value: float | None, write: Write) -> str:
    return "–" if value is None else write(value)


def _grid_line(y: float, axis_x: float, text: str, left: int, right: int) -> Markup:
    return Markup(
        '<line class="grid" x1="{left}" x2="{end}" y1="{y}" y2="{y}"/>'
        '<text class="soft" x="{x}" y="{text_y}" text-anchor="end">{text}</text>'
    ).format(left=left, end=WIDTH - right, y=y, x=axis_x, text_y=y + 4, text=text)


def _axis_labels(labels: Sequence[str], x: Callable[[int], float]) -> list[Markup]:
    """Return at most seven labels under the lines."""
    every = max(1, ceil(len(labels) / 7))
    text = Markup('<text class="soft" x="{x}" y="{y}" text-anchor="middle">{label}</text>')
    return [
        text.format(x=x(index), y=LINE_HEIGHT - 8, label=label)
        for index, label in enumerate(labels)
        if index % every == 0
    ]


def _line(
    one: Series, place: int, x: Callable[[int], float], y: Callable[[float], float]
) -> list[Markup]:
    """Return the unbroken stretches of a series, and a dot for each value."""
    stretches: list[list[str]] = [[]]
    dots = []
    for index, value in enumerate(one.values):
        if value is None:
            stretches.append([])
            continue
        stretches[-1].append(f"{x(index)},{y(value)}")
        dots.append(
            Markup('<circle class="series-{p}" cx="{x}" cy="{y}" r="3"/>').format(
                p=place, x=x(index), y=y(value)
            )
        )
    line = Markup('<polyline class="series-{p}" points="{points}"/>')
    return [line.format(p=place, points=" ".join(one)) for one in stretches if len(one) > 1] + dots


def _legend(series: Sequence[Series]) -> Markup:
    mark = Markup(
        '<li><svg class="icon" viewBox="0 0 16 16" aria-hidden="true">'
        '<rect class="bar series-{p}" width="16" height="16" rx="3"/></svg> {name}</li>'
    )
    marks = Markup("").join(mark.format(p=p, name=one.name) for p, one in enumerate(series, 1))
    return Markup('<ul class="chosen">{}</ul>').format(marks)


def region_map(
    title: str,
    values: dict[str, float],
    names: dict[str, str],
    *,
    write: Write = number,
    description: str = "",
) -> Markup:
    """Return Morocco's regions as equal squares, darker for more; keys are the region codes.

    Equal squares because a region's area says nothing about what is counted in it. North stays up
    and west stays to the left in every language.
    """
    highest = max(values.values(), default=0) or 1
    tiles = []
    for code, (column, row) in REGION_TILES.items():
        value = values.get(code)
        shade = 0 if not value else min(4, 1 + int(3.999 * value / highest))
        tiles.append(_tile(column, row, shade, names.get(code, code), _shown(value, write)))
    drawing = _svg(5 * TILE, 8 * TILE, title, description, tiles, kind=Markup(' data-map=""'))
    rows = [(names.get(code, code), [_shown(values.get(code), write)]) for code in REGION_TILES]
    note = Markup('<p class="small muted">{}</p>').format(
        _("Schematic map: each region is one square, where it lies.")
    )
    return _figure(title, drawing + note, (_("Region"), [_("Value")]), rows)


def _tile(column: int, row: int, shade: int, name: str, value: str) -> Markup:
    """Return one region: its short name and its value."""
    middle = column * TILE + TILE / 2
    return Markup(
        "<g><title>{name}: {value}</title>"
        '<rect class="tile shade-{shade}" x="{x}" y="{y}" width="{size}" height="{size}" rx="6"/>'
        '<text x="{middle}" y="{name_y}" text-anchor="middle" class="tile-name">{short}</text>'
        '<text x="{middle}" y="{value_y}" text-anchor="middle">{value}</text></g>'
    ).format(
        name=name,
        value=value,
        shade=shade,
        x=column * TILE + 2,
        y=row * TILE + 2,
        size=TILE - 4,
        middle=middle,
        name_y=row * TILE + 40,
        value_y=row * TILE + 62,
        short=short_name(name),
    )


def short_name(name: str, longest: int = 12) -> str:
    """Return what of a region's name fits into its square."""
    first = name.split("-")[0].strip()
    return first if len(first) <= longest else first[: longest - 1] + "…"


def _svg(
    width: float,
    height: float,
    title: str,
    description: str,
    parts: Sequence[Markup],
    *,
    kind: Markup | str = "",
) -> Markup:
    mark = next(_ids)
    return Markup(
        '<svg{kind} viewBox="0 0 {w} {h}" role="img" aria-labelledby="chart-{m}-t chart-{m}-d">'
        '<title id="chart-{m}-t">{title}</title><desc id="chart-{m}-d">{text}</desc>{parts}</svg>'
    ).format(
        kind=kind,
        w=width,
        h=height,
        m=mark,
        title=title,
        text=description or _("The table below has every value."),
        parts=Markup("").join(parts),
    )


def _figure(
    title: str,
    drawing: Markup,
    head: tuple[str, list[str]],
    rows: Sequence[tuple[str, list[str]]],
) -> Markup:
    """Return the drawing under its title, with the table folded below it."""
    heads = Markup("").join(
        Markup('<th scope="col" data-kind="number">{}</th>').format(text) for text in head[1]
    )
    body = Markup("").join(
        Markup('<tr><th scope="row">{}</th>{}</tr>').format(
            text,
            Markup("").join(
                Markup('<td data-kind="number"><bdi>{}</bdi></td>').format(v) for v in values
            ),
        )
        for text, values in rows
    )
    return Markup(
        '<figure class="chart"><figcaption>{title}</figcaption>{drawing}'
        "<details><summary>{show}</summary>"
        '<div class="table-scroll" role="region" aria-label="{title}" tabindex="0"><table><thead>'
        '<tr><th scope="col">{first}</th>{heads}</tr></thead><tbody>{body}</tbody></table></div>'
        "</details></figure>"
    ).format(
        title=escape(title),
        drawing=drawing,
        show=_("Show the values as a table"),
        first=head[0],
        heads=heads,
        body=body,
    )
