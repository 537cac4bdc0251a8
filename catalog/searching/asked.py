"""Reading the address of a search page: whatever stands in it, the answer is a calm one. Pure."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from portal.search.index import FacetKind, Index, Query

LONGEST_WORDS = 200
LONGEST_VALUE = 300
MOST_VALUES = 30
PER_PAGE = 20
VIEWS = ("cards", "table")
# Scanners put a separator between the parts of a UDI; other control characters mean nothing.
CONTROL = re.compile(r"[\x00-\x1c\x1e\x1f\x7f]+")
RANGE_ENDS = ("_min", "_max")


@dataclass(frozen=True)
class Asked:
    """One search as the address says it, and what in it could not be used."""

    query: Query
    view: str = VIEWS[0]
    wrong: tuple[str, ...] = ()  # names of ranges that are no numbers
    typed: Mapping[str, str] = field(default_factory=dict)  # ranges as the person wrote them

    @property
    def narrowed(self) -> bool:
        """Say whether any filter is applied."""
        return bool(self.query.chosen or self.query.ranges)

    def on_page(self, page: int) -> "Asked":
        """Return the same search on another page."""
        return replace(self, query=replace(self.query, page=page))

    def pairs(self) -> list[tuple[str, str]]:
        """Return the parameters of this search, none that need not be there."""
        pairs = [("q", self.query.words)] if self.query.words else []
        pairs += [(name, one) for name, values in self.query.chosen.items() for one in values]
        pairs += [(name, text) for name, text in self.typed.items() if text]
        if self.query.sort:
            pairs.append(("sort", self.query.sort))
        if self.view != VIEWS[0]:
            pairs.append(("view", self.view))
        if self.query.page > 1:
            pairs.append(("page", str(self.query.page)))
        return pairs

    def address(self, path: str) -> str:
        """Return the address of this search."""
        pairs = self.pairs()
        return f"{path}?{urlencode(pairs)}" if pairs else path


def read_asked(pairs: Iterable[tuple[str, str]], index: Index, language: str) -> Asked:
    """Read a search out of the parameters of an address; what is unknown is left out."""
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(CONTROL.sub(" ", value).strip())
    chosen = {
        one.name: values
        for one in index.facets
        if one.kind is not FacetKind.NUMBER and (values := _values(given.get(one.name, [])))
    }
    ranges, typed, wrong = _ranges(given, index)
    sort = _first(given, "sort")
    view = _first(given, "view")
    query = Query(
        words=_first(given, "q")[:LONGEST_WORDS],
        language=language,
        chosen=chosen,
        ranges=ranges,
        sort=sort if sort.removeprefix("-") in index.sorts else "",
        page=_page(_first(given, "page")),
        per_page=PER_PAGE,
    )
    return Asked(query, view if view in VIEWS else VIEWS[0], tuple(wrong), typed)


def number_of(text: str) -> float | None:
    """Return the number somebody wrote, with a comma or a point, or ``None`` for no number.

    Raises:
        ValueError: it is something else.
    """
    text = re.sub(r"[\s\u202f']", "", text).replace(",", ".")
    if not text:
        return None
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def _first(given: Mapping[str, list[str]], name: str) -> str:
    return given.get(name, [""])[0]


def _values(given: list[str]) -> tuple[str, ...]:
    kept = [value[:LONGEST_VALUE] for value in given if value]
    return tuple(dict.fromkeys(kept))[:MOST_VALUES]


def _page(text: str) -> int:
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def _ranges(
    given: Mapping[str, list[str]], index: Index
) -> tuple[dict[str, tuple[float | None, float | None]], dict[str, str], list[str]]:
    declared = {one.name for one in index.facets if one.kind is FacetKind.NUMBER}
    ranges: dict[str, tuple[float | None, float | None]] = {}
    typed: dict[str, str] = {}
    wrong: list[str] = []
    for key in given:
        name, end = key[:-4], key[-4:]
        is_number = name in declared or (index.open_numbers and name.startswith(index.open_numbers))
        if end not in RANGE_ENDS or not is_number:
            continue
        text = typed[key] = _first(given, key)[:30]
        try:
            value = number_of(text)
        except ValueError:
            wrong.append(name)
            continue
        low, high = ranges.get(name, (None, None))
        ranges[name] = (value, high) if end == "_min" else (low, value)
    found = {name: _in_order(*pair) for name, pair in ranges.items() if pair != (None, None)}
    return found, typed, wrong


def _in_order(low: float | None, high: float | None) -> tuple[float | None, float | None]:
    """Return the ends the right way round: nobody means an empty range."""
    if low is not None and high is not None and low > high:
        return high, low
    return low, high
