"""What comes out: rankings and awards, with one line of explanation for every number."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Literal, overload

from msgspec import Struct

Exact = int | str
"""A value in a line: an integer, or text; rationals are written as « 3/4 »."""

Values = dict[str, Exact]
"""What stands in the places of a line's sentence."""


class _Part(Struct, frozen=True, omit_defaults=True):
    """Results cannot be changed."""


class Line(_Part, frozen=True, kw_only=True, gc=False):  # texts and integers: no cycles
    """One number or decision and where it comes from.

    ``code`` names the sentence in ``wording``; ``subject`` is a bid, or empty for the whole lot;
    ``rule`` is the article or the published rule.
    """

    code: str
    subject: str = ""
    values: Values = {}
    rule: str = ""


class Lines(Sequence[Line]):
    """Lines that are made when somebody reads them, from the numbers the decision was made by.

    Who only asks who wins does not wait for sentences; records and reports read them all. Equal to
    the tuple of the same lines, written and pickled as it.
    """

    __slots__ = ("_held",)

    def __init__(self, made: Callable[[], Iterable[Line]]) -> None:
        """Hold what makes the lines; it must not fail, and is asked once."""
        self._held: Callable[[], Iterable[Line]] | tuple[Line, ...] = made

    def whole(self) -> tuple[Line, ...]:
        """Return all of them."""
        held = self._held
        if not isinstance(held, tuple):
            held = self._held = tuple(held())
        return held

    @overload
    def __getitem__(self, place: int) -> Line: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Line, ...]: ...
    def __getitem__(self, place: int | slice) -> Line | tuple[Line, ...]:
        return self.whole()[place]

    def __len__(self) -> int:
        return len(self.whole())

    def __iter__(self) -> Iterator[Line]:
        return iter(self.whole())

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Lines):
            other = other.whole()
        return self.whole() == other

    __hash__ = None  # type: ignore[assignment]  # lines hold dictionaries

    def __repr__(self) -> str:
        return repr(self.whole())

    def __reduce__(self) -> tuple[type[tuple[Line, ...]], tuple[tuple[Line, ...]]]:
        return tuple, (self.whole(),)


class Ranked(_Part, frozen=True, kw_only=True):
    """A bid in its place; bids of one ``rank`` are equal under every rule but the draw."""

    bid: str
    rank: int
    key: str
    """The number it was ranked by, as exact text: points, evaluated centimes or N."""


class Excluded(_Part, frozen=True, kw_only=True):
    """A bid set aside before the ranking, with the code of the rule that did it."""

    bid: str
    code: str
    rule: str = ""


class LotOutcome(_Part, frozen=True, kw_only=True):
    """One lot. ``amount``: the price of the contract in centimes, never the one used to rank.

    A lot won with others by one offer has no amount of its own: see ``Outcome.packages``.
    """

    lot: str
    status: Literal["awarded", "unsuccessful", "draw_needed", "not_proven"]
    winner: str | None = None
    amount: int | None = None
    ranking: tuple[Ranked, ...] = ()
    excluded: tuple[Excluded, ...] = ()
    lines: Sequence[Line] = ()
    warnings: tuple[Line, ...] = ()


class Package(_Part, frozen=True, kw_only=True):
    """One offer that wins several lots for one price, in centimes."""

    bid: str
    lots: tuple[str, ...]
    amount: int


class Outcome(_Part, frozen=True, kw_only=True):
    """The whole tender: lots in their order, and what concerns them together.

    ``packages``: offers awarded for several lots, by their names.
    """

    engine: Literal["statutory", "value_for_money"]
    rules: str
    lots: tuple[LotOutcome, ...]
    packages: tuple[Package, ...] = ()
    lines: tuple[Line, ...] = ()

    def package(self, lot: str) -> Package | None:
        """Return the package that a lot was awarded in, if it was."""
        return next((one for one in self.packages if lot in one.lots), None)


def said(value: Fraction | int) -> Exact:
    """Write an exact number for a line: an integer as it is, a fraction as « 3/4 »."""
    whole = Fraction(value)
    return whole.numerator if whole.denominator == 1 else f"{whole.numerator}/{whole.denominator}"
