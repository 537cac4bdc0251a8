"""One lot as this evaluator decides it, with a line for every number."""

from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from .quantities import Exact, said

Groups = list[list[str]]
Line = tuple[bool, str, str, tuple[tuple[str, Exact], ...]]
"""Whether it is a warning, its code, the bid it is about, and its values by name."""


def line_of(code: str, subject: str, values: dict[str, Any], *, warning: bool = False) -> Line:
    """Return a line in the form in which two are compared."""
    return warning, code, subject, tuple(sorted(values.items()))


@dataclass
class Lot:
    """What became of one lot."""

    name: str
    status: str = "unsuccessful"
    winner: str | None = None
    amount: int | None = None
    ranking: dict[str, tuple[int, str]] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    excluded: dict[str, str] = field(default_factory=dict)
    lines: Counter[Line] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def tell(self, code: str, subject: str = "", **values: Fraction | int | str) -> None:
        """Note a line."""
        self.lines[line_of(code, subject, {name: said(one) for name, one in values.items()})] += 1

    def warn(self, code: str, subject: str = "", **values: Fraction | int | str) -> None:
        """Note a line among the warnings."""
        told = {name: said(one) for name, one in values.items()}
        self.lines[line_of(code, subject, told, warning=True)] += 1

    def exclude(self, code: str, subject: str, **values: Fraction | int | str) -> None:
        """Set a bid aside and tell why."""
        self.excluded[subject] = code
        self.tell(code, subject, **values)


def equals(lot: Lot, keys: dict[str, Any], shown: dict[str, Fraction]) -> Groups:
    """Group bids by their keys, the lowest key first, and note what each is ranked by."""
    lot.keys = {bid: str(shown[bid]) for bid in keys}
    groups: dict[Any, list[str]] = {}
    for bid in sorted(keys):
        groups.setdefault(keys[bid], []).append(bid)
    return [groups[key] for key in sorted(groups)]
