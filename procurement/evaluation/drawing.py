"""What charts are drawn with: a canvas that mirrors itself in Arabic, shapes, and their table.

Every shape has a class, which the portal's style sheet colours, and presentation attributes,
which are all that a PDF sees: greys and one accent. Nothing is said by colour alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from textwrap import wrap
from typing import Literal

from portal.web.i18n import direction
from procurement.evaluation.words import isolated

WIDTH = 640
LONGEST_NAME, LONGEST_SMALL, LINE = 22, 26, 11
"""Letters of a name that fit before a chart, and of one in small letters; a line of these."""
FONTS = "IBM Plex Sans,IBM Plex Sans Ext,IBM Plex Sans Arabic,sans-serif"
ACCENT, INK, SOFT, MIDDLE, PALE = "#0b5d46", "#1c1a17", "#565148", "#9a948a", "#ece8e0"

STYLES: dict[str, dict[str, str]] = {
    "bar series-1": {"fill": ACCENT},
    "bar rest": {"fill": MIDDLE},
    "track": {"fill": PALE},
    "ground": {"fill": "#ffffff"},
    "cell": {"fill": INK},
    "grid": {"stroke": "#ddd6c9", "stroke-width": "1"},
    "axis": {"stroke": SOFT, "stroke-width": "1"},
    "published": {"stroke": ACCENT, "stroke-width": "2"},
    "bound": {"stroke": SOFT, "stroke-width": "1", "stroke-dasharray": "4 3"},
    "dot series-1": {"fill": ACCENT, "stroke": ACCENT, "stroke-width": "1.5"},
    "dot rest": {"fill": "#ffffff", "stroke": SOFT, "stroke-width": "1.5"},
    "name": {"fill": INK, "font-size": "12"},
    "name strong": {"fill": ACCENT, "font-size": "12", "font-weight": "700"},
    "name small": {"fill": INK, "font-size": "10"},
    "name strong small": {"fill": ACCENT, "font-size": "10", "font-weight": "700"},
    "soft": {"fill": SOFT, "font-size": "11"},
    "soft small": {"fill": SOFT, "font-size": "10"},
    "on-accent": {"fill": "#ffffff", "font-size": "10", "font-weight": "700"},
    "in-dot": {"fill": INK, "font-size": "10"},
}
Anchor = Literal["start", "middle", "end"]
_OTHER: dict[Anchor, Anchor] = {"start": "end", "middle": "middle", "end": "start"}
Place = float | Fraction


@dataclass(frozen=True)
class Shape:
    """One SVG element with its attributes; ``text`` only in a text."""

    tag: Literal["rect", "line", "circle", "text"]
    attributes: dict[str, str]
    text: str = ""


@dataclass(frozen=True)
class Table:
    """The numbers of a chart, written out; the first column names the row."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Chart:
    """A drawing with what replaces it: a description, one sentence and a table.

    ``name`` makes its ids, so it is the same in every rendering of the same report.
    """

    name: str
    title: str
    description: str
    summary: str
    height: int
    shapes: tuple[Shape, ...]
    table: Table
    width: int = WIDTH

    def words(self) -> list[Shape]:
        """Return its texts."""
        return [one for one in self.shapes if one.tag == "text"]


@dataclass
class Canvas:
    """Draws from the left; in a right-to-left language everything comes out mirrored."""

    mirrored: bool = field(default_factory=lambda: direction() == "rtl")
    shapes: list[Shape] = field(default_factory=list)

    def rect(
        self, style: str, x: Place, y: Place, width: Place, height: Place, *, opacity: str = ""
    ) -> None:
        """Draw a rectangle; ``opacity`` is the one of its fill."""
        start = WIDTH - x - width if self.mirrored else x
        extra = {"fill-opacity": opacity} if opacity else {}
        self._add("rect", style, {**_at(x=start, y=y, width=width, height=height), **extra})

    def line(self, style: str, start: tuple[Place, Place], end: tuple[Place, Place]) -> None:
        """Draw a straight line."""
        (x1, y1), (x2, y2) = start, end
        self._add("line", style, _at(x1=self._x(x1), y1=y1, x2=self._x(x2), y2=y2))

    def dot(self, style: str, x: Place, y: Place, radius: float = 5) -> None:
        """Draw a circle."""
        self._add("circle", style, _at(cx=self._x(x), cy=y, r=radius))

    def text(self, style: str, x: Place, y: Place, text: str, anchor: Anchor = "start") -> None:
        """Write a text; « start » is where the language begins to read."""
        where = _OTHER[anchor] if self.mirrored else anchor
        self._add("text", style, {**_at(x=self._x(x), y=y), "text-anchor": where}, isolated(text))

    def name(self, style: str, y: Place, text: str) -> None:
        """Write the name of a row where the row begins, a long one on two lines of small letters.

        ``y``: where one line would stand.
        """
        if len(text) <= LONGEST_NAME:
            self.text(style, 0, y, text)
            return
        lines = wrapped(text, LONGEST_SMALL, 2)
        for place, line in enumerate(lines):
            self.text(f"{style} small", 0, y - 6 * (len(lines) - 1) + LINE * place, line)

    def _x(self, x: Place) -> Place:
        return WIDTH - x if self.mirrored else x

    def _add(
        self,
        tag: Literal["rect", "line", "circle", "text"],
        style: str,
        places: dict[str, str],
        text: str = "",
    ) -> None:
        self.shapes.append(Shape(tag, {"class": style, **places, **STYLES[style]}, text))


@dataclass(frozen=True)
class Scale:
    """Puts the values from ``low`` to ``high`` between two places on the drawing."""

    low: Fraction
    high: Fraction
    start: int
    end: int

    def __call__(self, value: Fraction | int) -> Fraction:
        """Return the place of a value."""
        if self.high == self.low:
            return Fraction(self.start + self.end, 2)
        part = (Fraction(value) - self.low) / (self.high - self.low)
        return self.start + part * (self.end - self.start)


def around(values: Sequence[Fraction | int], start: int, end: int) -> Scale:
    """Return a scale over the values with 4 % of air on both sides."""
    low, high = Fraction(min(values)), Fraction(max(values))
    air = (high - low) / 25
    return Scale(low - air, high + air, start, end)


def short(text: str, longest: int = 22) -> str:
    """Return what of a name fits into a drawing; the table has all of it."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def wrapped(text: str, longest: int, most: int) -> list[str]:
    """Return a text on at most so many lines; the table has what would be on another one."""
    lines = wrap(_parted(text, longest), longest, break_on_hyphens=False) or [text]
    if len(lines) > most:
        lines = [*lines[: most - 1], short(" ".join(lines[most - 1 :]), longest)]
    return lines


def _parted(text: str, longest: int) -> str:
    """Part the words that fill more than a line by a hyphen."""
    step = longest - 1
    return " ".join(
        word
        if len(word) <= longest
        else "- ".join(word[begin : begin + step] for begin in range(0, len(word), step))
        for word in text.split()
    )


def parts_of(rows: Sequence[object], most: int = 20) -> list[slice]:
    """Cut many rows into drawings that each fit on one page."""
    return [slice(begin, begin + most) for begin in range(0, len(rows), most)]


def _at(**places: Place) -> dict[str, str]:
    return {name: _written(value) for name, value in places.items()}


def _written(value: Place) -> str:
    text = f"{float(value):.1f}"
    return text.removesuffix(".0")
