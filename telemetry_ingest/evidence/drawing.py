"""The pictures of a pack as SVG, for its page and its report.

Time runs as reading does: from right to left in Arabic. Values always run from left to right. Each
shape has its colour and a class: a style sheet may give another colour, the report's cannot. No
words are drawn: nothing shapes Arabic in a picture of the report.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from math import ceil, floor, sqrt
from typing import Any

from markupsafe import Markup, escape

from portal.web.i18n import direction, number
from telemetry_ingest.evidence.plotting import nice
from telemetry_ingest.statistics.intervals import DAY

WIDTH = 640
STRIP, MARKS = 36, 6
HEIGHT, TOP, FOOT, LEFT, RIGHT, SIDE = 300, 10, 26, 52, 470, 540
SEEN = 1.5  # what is short and bad, or rare, is still seen
LARGEST = 12
WORSE = ("up", "partial", "unknown", "down")
Bar = tuple[int, int, str]
GREEN, OCHRE, RED, INK, SOFT, LINE = (
    "#0b5d46",
    "#c08a1e",
    "#a3271b",
    "#1c1a17",
    "#857d70",
    "#ddd6c9",
)
LOOKS = {
    "state-up": f'fill="{GREEN}"',
    "state-partial": f'fill="{OCHRE}"',
    "state-down": f'fill="{RED}"',
    "hatch-ground": 'fill="#ece7dc"',
    "hatch": f'fill="none" stroke="{SOFT}" stroke-width="1.2"',
    "tick": f'stroke="{SOFT}"',
    "grid": f'stroke="{LINE}" stroke-width="0.7"',
    "axis": f'stroke="{SOFT}"',
    "pair": f'fill="{GREEN}" fill-opacity="0.55"',
    "bar": f'fill="{GREEN}" fill-opacity="0.55"',
    "band": f'fill="{OCHRE}" fill-opacity="0.3"',
    "bias": f'stroke="{INK}" stroke-width="1.6" stroke-dasharray="none"',
    "limit": f'stroke="{INK}" stroke-width="1.2" stroke-dasharray="7 4"',
}


def strip(intervals: Sequence[Sequence[Any]], frame: Mapping[str, int], *, label: str) -> Markup:
    """Return what a device was over the whole window; unknown time is hatched.

    Args:
        intervals: (first µs, µs after, state).
        frame: the window.
        label: what it shows, in words.
    """
    whole = max(frame["end"] - frame["start"], 1)
    shapes: list[str] = []
    bars = merged(intervals, frame)
    for start, end, state in sorted(bars, key=lambda one: one[2] == "down"):
        wide = max((end - start) * WIDTH / whole, SEEN if state == "down" else 0.2)
        x = _reading((start - frame["start"]) * WIDTH / whole, wide)
        if state == "unknown":
            shapes += _hatched(x, wide)
        else:
            shapes.append(_rect(x, 0, wide, STRIP, f"state-{state}"))
    return _svg(STRIP + MARKS, label, [*shapes, *_days(frame)])


def merged(intervals: Sequence[Sequence[Any]], frame: Mapping[str, int]) -> list[Bar]:
    """Return the bars to draw: those too narrow to be told apart in one, of the worst state.

    A device that restarts all day must not make a picture of thousands of bars: there are never
    more than two for each unit of the width.
    """
    pixel = max(frame["end"] - frame["start"], 1) / WIDTH
    bars: list[Bar] = []
    last = -1
    for start, end, state in sorted(intervals, key=lambda one: one[0]):
        column = -1 if end - start >= pixel else int((start - frame["start"]) / pixel)
        if column == last != -1:
            first, _end, other = bars[-1]
            bars[-1] = (first, end, max(state, other, key=WORSE.index))
        else:
            bars.append((start, end, state))
        last = column
    return bars


def _hatched(x: float, wide: float) -> Iterable[str]:
    """Yield a box with slanting lines that stay within it."""
    yield _rect(x, 0, wide, STRIP, "hatch-ground")
    lines = []
    for foot in range(0, int(wide) + STRIP, 6):
        right, left = min(foot, wide), max(foot - STRIP, 0)
        if right > left:
            lines.append(f"M{x + left:.1f} {foot - left:.1f} L{x + right:.1f} {foot - right:.1f}")
    if lines:
        yield _path("hatch", " ".join(lines))


def mark(state: str) -> Markup:
    """Return a small box as a state is drawn, for the legend."""
    if state == "unknown":
        shapes = [
            _rect(0, 0, 12, 12, "hatch-ground"),
            _path("hatch", "M0 6 L6 0 M0 12 L12 0 M6 12 L12 6"),
        ]
    else:
        shapes = [_rect(0, 0, 12, 12, f"state-{state}")]
    head = '<svg viewBox="0 0 12 12" class="mark" aria-hidden="true">'
    return Markup(f"{head}{''.join(shapes)}</svg>")  # noqa: S704 — nothing but shapes


def _days(frame: Mapping[str, int]) -> Iterable[str]:
    """Yield a mark for each day, or each week of a long window."""
    whole = max(frame["end"] - frame["start"], 1)
    step = DAY if whole < 21 * DAY else 7 * DAY
    for at in range(step, whole, step):
        x = _reading(at * WIDTH / whole, 0)
        yield _path("tick", f"M{x:.2f} {STRIP} v5")


def _reading(x: float, wide: float) -> float:
    return WIDTH - x - wide if direction() == "rtl" else x


def differences(found: Mapping[str, Any], *, label: str) -> Markup:
    """Return Bland and Altman's plot of one metric, and the histogram of the differences beside it.

    A circle stands for the pairs of a cell, its area for how many they are; dashed lines are the
    limits of agreement, bands their 95 % confidence intervals.
    """
    plot = found["plot"]
    wide, high = float(plot["middle"]), float(plot["difference"])
    rows = [row for _column, row, _count in plot["cells"]]
    columns = [column for column, _row, _count in plot["cells"]]
    lines = _lines(found)
    reach = [0.0, *(float(one) for pair in found.get("intervals", {}).values() for one in pair)]
    low = min(min(rows) * high, *reach, *lines.values())
    top = max((max(rows) + 1) * high, *reach, *lines.values())
    across = _Scale(min(columns) * wide, (max(columns) + 1) * wide, LEFT, RIGHT)
    along = _Scale(low, top, HEIGHT - FOOT, TOP)
    return _svg(
        HEIGHT,
        label,
        [
            *_axes(across, along),
            *_bands(found, along),
            *_circles(plot["cells"], (wide, high), across, along),
            *_histogram(plot["cells"], high, along),
            *_marked(lines, along),
        ],
    )


class _Scale:
    """Values on a line of the picture."""

    def __init__(self, low: float, high: float, start: float, end: float) -> None:
        self.low, self.high = low, high if high > low else low + 1
        self.start, self.end = start, end

    def __call__(self, value: float) -> float:
        """Return where a value is."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def ticks(self) -> list[Decimal]:
        """Return about five round values."""
        step = nice((self.high - self.low) / 6)
        first, last = ceil(self.low / float(step)), floor(self.high / float(step))
        return [step * place for place in range(first, last + 1)]


def _lines(found: Mapping[str, Any]) -> dict[str, float]:
    """Return the bias and the limits of agreement, by sessions where there are enough."""
    parts = found.get("repeated") or found.get("plain") or {}
    return {
        name: float(parts[name]) for name in ("bias", "low", "high") if parts.get(name) is not None
    }


def _axes(across: _Scale, along: _Scale) -> Iterable[str]:
    for one in along.ticks():
        y = along(float(one))
        kind = "axis" if one == 0 else "grid"
        yield _path(kind, f"M{LEFT} {y:.2f} H{RIGHT}")
        yield _text(LEFT - 6, y + 4, number(one), "end")
    for one in across.ticks():
        yield _text(across(float(one)), HEIGHT - 6, number(one), "middle")


def _bands(found: Mapping[str, Any], along: _Scale) -> Iterable[str]:
    for name in ("low", "bias", "high"):
        pair = found.get("intervals", {}).get(name)
        if pair:
            bottom, top = (along(float(one)) for one in pair)
            yield _rect(LEFT, top, RIGHT - LEFT, max(bottom - top, SEEN), "band")


def _circles(
    cells: Sequence[Sequence[int]], size: tuple[float, float], across: _Scale, along: _Scale
) -> Iterable[str]:
    most = max(count for *_cell, count in cells)
    for column, row, count in cells:
        x, y = across((column + 0.5) * size[0]), along((row + 0.5) * size[1])
        radius = max(LARGEST * sqrt(count / most), SEEN)
        yield f'<circle class="pair" {LOOKS["pair"]} cx="{x:.2f}" cy="{y:.2f}" r="{radius:.2f}"/>'


def _histogram(cells: Sequence[Sequence[int]], size: float, along: _Scale) -> Iterable[str]:
    sums: dict[int, int] = {}
    for _column, row, count in cells:
        sums[row] = sums.get(row, 0) + count
    for row, count in sorted(sums.items()):
        bottom, top = along(row * size), along((row + 1) * size)
        long = max((WIDTH - SIDE) * count / max(sums.values()), 0.5)
        yield _rect(SIDE, top, long, max(bottom - top - 0.6, 0.6), "bar")
    yield _path("axis", f"M{SIDE} {TOP} V{HEIGHT - FOOT}")


def _marked(lines: Mapping[str, float], along: _Scale) -> Iterable[str]:
    before = -100.0
    for name in ("high", "bias", "low"):
        if name not in lines:
            continue
        y = along(lines[name])
        before = max(y + 4, before + 14)  # labels do not lie on each other
        kind = "bias" if name == "bias" else "limit"
        yield _path(kind, f"M{LEFT} {y:.2f} H{RIGHT}")
        yield _text(RIGHT + 5, before, number(round(lines[name], 2)), "start")


def _svg(height: int, label: str, parts: Iterable[str]) -> Markup:
    said = escape(label)
    head = f'viewBox="0 0 {WIDTH} {height}" direction="ltr" role="img" aria-label="{said}"'
    # Beside the label: only numbers, dates and names of ours.
    return Markup(f"<svg {head}><title>{said}</title>{''.join(parts)}</svg>")  # noqa: S704


def _path(kind: str, line: str) -> str:
    return f'<path class="{kind}" {LOOKS[kind]} d="{line}"/>'


def _rect(x: float, y: float, wide: float, high: float, kind: str) -> str:
    size = f'width="{wide:.2f}" height="{high:.2f}"'
    return f'<rect class="{kind}" {LOOKS[kind]} x="{x:.2f}" y="{y:.2f}" {size}/>'


def _text(x: float, y: float, text: str, anchor: str) -> str:
    place = f'x="{x:.2f}" y="{y:.2f}" font-size="11" text-anchor="{anchor}"'
    return f"<text {place}>{text}</text>"
