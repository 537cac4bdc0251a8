"""Charts of time as SVG, made on the server; the page's script draws the same with uPlot.

Time runs as reading does: from right to left in Arabic. Colours come from the style sheet.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from markupsafe import Markup

from portal.web.charts import ticks
from portal.web.i18n import direction, number
from telemetry_ingest.live.gaps import Gap, stretches
from telemetry_ingest.queries.live import Bin

WIDTH, HEIGHT = 640, 230
INNER, OUTER, TOP, BOTTOM = 64, 16, 14, 34
FEWEST = 3
SPARK_WIDTH, SPARK_HEIGHT = 120, 28
_ids = count(1)


@dataclass(frozen=True)
class Drawn:
    """What a chart shows.

    Attributes:
        bins: what was measured, in order.
        gaps: where nothing was heard.
        step: how long a bin is.
        silence_s: seconds without a reading that still are no gap.
        low: lowest plausible value.
        high: highest plausible value.
    """

    bins: Sequence[Bin]
    gaps: Sequence[Gap]
    since: datetime
    now: datetime
    step: timedelta
    silence_s: float
    low: float
    high: float


def scale_of(drawn: Drawn) -> list[float]:
    """Return round values of the upright axis.

    A bound of what is plausible is on it when the values come near, so that ordinary changes of
    the values can be seen as well.
    """
    values = [one for each in drawn.bins for one in (each.low, each.high) if one is not None]
    if not values:
        return ticks(drawn.low, drawn.high)
    lowest, highest = min(values), max(values)
    near = max(highest - lowest, 0.05 * (drawn.high - drawn.low))
    if lowest - drawn.low <= near:
        lowest = min(lowest, drawn.low)
    if drawn.high - highest <= near:
        highest = max(highest, drawn.high)
    return ticks(lowest - 0.1 * near, highest + 0.1 * near if highest > drawn.high else highest)


class Plane:
    """Where a moment and a value are on a drawing."""

    def __init__(self, drawn: Drawn, scale: Sequence[float]) -> None:
        self.mirrored = direction() == "rtl"
        self.left, self.right = (OUTER, INNER) if self.mirrored else (INNER, OUTER)
        self._since, self._scale = drawn.since, scale
        self._seconds = max(1.0, (drawn.now - drawn.since).total_seconds())

    def x(self, at: datetime) -> float:
        """Return how far from the left a moment is; none lies outside the drawing."""
        share = min(1.0, max(0.0, (at - self._since).total_seconds() / self._seconds))
        along = share * (WIDTH - INNER - OUTER)
        return round(WIDTH - self.right - along if self.mirrored else self.left + along, 1)

    def y(self, value: float) -> float:
        """Return how far from the top a value is."""
        share = (value - self._scale[0]) / (self._scale[-1] - self._scale[0])
        return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)


def chart(title: str, summary: str, drawn: Drawn, write_time: Callable[[datetime], str]) -> Markup:
    """Return the drawing: the mean as a line, lowest to highest as a band, gaps, bounds."""
    scale = scale_of(drawn)
    plane = Plane(drawn, scale)
    parts = [_gap(one, plane) for one in drawn.gaps]
    parts += [_grid(value, plane) for value in scale]
    parts += _times(drawn, plane, write_time)
    for stretch in stretches(drawn.bins, drawn.step, drawn.silence_s):
        parts += _stretch(stretch, drawn.step, plane)
    parts += [_bound(one, plane) for one in (drawn.low, drawn.high) if scale[0] <= one <= scale[-1]]
    mark = next(_ids)
    return Markup(
        '<svg viewBox="0 0 {w} {h}" role="img" aria-labelledby="live-{m}-t live-{m}-d">'
        '<title id="live-{m}-t">{title}</title><desc id="live-{m}-d">{summary}</desc>{parts}</svg>'
    ).format(w=WIDTH, h=HEIGHT, m=mark, title=title, summary=summary, parts=Markup("").join(parts))


def _gap(gap: Gap, plane: Plane) -> Markup:
    first, last = sorted((plane.x(gap.start), plane.x(gap.end)))
    return Markup('<rect class="unknown" x="{x}" y="{y}" width="{w}" height="{h}"/>').format(
        x=first, y=TOP, w=round(max(last - first, 1), 1), h=HEIGHT - TOP - BOTTOM
    )


def _grid(value: float, plane: Plane) -> Markup:
    y = plane.y(value)
    return Markup(
        '<line class="grid" x1="{x1}" x2="{x2}" y1="{y}" y2="{y}"/>'
        '<text class="soft" x="{x}" y="{ty}" text-anchor="end">{text}</text>'
    ).format(
        x1=plane.left, x2=WIDTH - plane.right, y=y, ty=y + 4, text=number(value),
        x=WIDTH - plane.right + 8 if plane.mirrored else plane.left - 8,
    )  # fmt: skip


def _times(drawn: Drawn, plane: Plane, write: Callable[[datetime], str]) -> list[Markup]:
    """Return four moments under the drawing; the outer two stay within it."""
    length = drawn.now - drawn.since
    anchors = ("start", "middle", "middle", "end")
    text = Markup('<text class="soft" x="{x}" y="{y}" text-anchor="{anchor}">{text}</text>')
    moments = [drawn.since + length * place / 3 for place in range(4)]
    return [
        text.format(x=plane.x(at), y=HEIGHT - 10, anchor=anchor, text=write(at))
        for at, anchor in zip(moments, anchors, strict=True)
    ]


def _stretch(bins: Sequence[Bin], step: timedelta, plane: Plane) -> list[Markup]:
    places = [plane.x(one.start + step / 2) for one in bins]
    if len(bins) == 1:
        [one] = bins
        return [
            Markup('<line class="spread" x1="{x}" x2="{x}" y1="{a}" y2="{b}"/>').format(
                x=places[0], a=plane.y(one.low or 0), b=plane.y(one.high or 0)
            ),
            Markup('<circle class="series-1" cx="{x}" cy="{y}" r="3"/>').format(
                x=places[0], y=plane.y(one.mean or 0)
            ),
        ]
    upper = [f"{x},{plane.y(one.high or 0)}" for x, one in zip(places, bins, strict=True)]
    lower = [f"{x},{plane.y(one.low or 0)}" for x, one in zip(places, bins, strict=True)]
    line = [f"{x},{plane.y(one.mean or 0)}" for x, one in zip(places, bins, strict=True)]
    return [
        Markup('<polygon class="band" points="{}"/>').format(" ".join(upper + lower[::-1])),
        Markup('<polyline class="series-1" points="{}"/>').format(" ".join(line)),
    ]


def _bound(value: float, plane: Plane) -> Markup:
    return Markup('<line class="bound" x1="{a}" x2="{b}" y1="{y}" y2="{y}"/>').format(
        a=plane.left, b=WIDTH - plane.right, y=plane.y(value)
    )


def sparkline(
    bins: Sequence[Bin], since: datetime, now: datetime, step: timedelta, silence_s: float
) -> Markup:
    """Return a line as high as a text; what it says stands in words beside it.

    One or two stretches make no line that means anything: then it stays empty.
    """
    values = [one.mean for one in bins if one.mean is not None]
    bins = bins if len(values) >= FEWEST else ()
    lowest, spread = min(values, default=0.0), max(values, default=0.0) - min(values, default=0.0)
    seconds = max(1.0, (now - since).total_seconds())
    mirrored = direction() == "rtl"

    def place(one: Bin) -> str:
        along = (one.start + step / 2 - since).total_seconds() / seconds * (SPARK_WIDTH - 6)
        share = ((one.mean or 0.0) - lowest) / spread if spread else 0.5
        x = min(SPARK_WIDTH - 3.0, 3 + along)
        return f"{SPARK_WIDTH - x if mirrored else x:.1f},{SPARK_HEIGHT - 4 - share * 20:.1f}"

    parts = []
    for stretch in stretches(bins, step, silence_s):
        points = [place(one) for one in stretch]
        if len(points) == 1:
            x, y = points[0].split(",")
            parts.append(Markup('<circle cx="{}" cy="{}" r="2"/>').format(x, y))
        else:
            parts.append(Markup('<polyline points="{}"/>').format(" ".join(points)))
    return Markup(
        '<svg class="sparkline" width="{w}" height="{h}" viewBox="0 0 {w} {h}" aria-hidden="true" '
        'focusable="false">{parts}</svg>'
    ).format(w=SPARK_WIDTH, h=SPARK_HEIGHT, parts=Markup("").join(parts))
