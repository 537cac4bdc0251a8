"""What the award owes to single evaluators: without each of them, their spread and agreement."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from procurement.scoring.errors import Malformed
from procurement.scoring.matrix import ScoreMatrix
from procurement.scoring.quantities import rounded
from procurement.scoring.robustness.resolution import WHOLE, margin, totals

ABSENT = -1
Result = tuple[str, Fraction]
"""A winner and its margin in points over the next bid."""


@dataclass(frozen=True)
class Panel:
    """The marks behind one column of the matrix.

    Attributes:
        criterion: its place in the matrix.
        evaluators: names of the E evaluators.
        marks: int64 [E, m] in the unit of the matrix's scores; −1: absent or in conflict.
        aggregate: mean or median of those present, rounded half up.
        dispute: a mark further than this from the median is flagged; None: nothing is flagged.
    """

    criterion: int
    evaluators: tuple[str, ...]
    marks: NDArray[np.int64]
    aggregate: Literal["mean", "median"] = "mean"
    dispute: int | None = None


@dataclass(frozen=True)
class WithoutOne:
    """The award without the marks of one evaluator; no winner when a bid has no mark left."""

    evaluator: str
    winner: str | None
    margin: Fraction


@dataclass(frozen=True)
class Disputed:
    """A mark far from the median of its panel, in the unit of the scores; it still counts."""

    criterion: str
    bid: str
    evaluator: str
    mark: int
    median: Fraction


@dataclass(frozen=True)
class Agreement:
    """How a panel marked one criterion.

    Attributes:
        criterion: its name.
        spread: for each bid the largest minus the smallest mark, in the unit of the scores.
        kendall_w: Kendall's coefficient of concordance with ties (Kendall and Babington Smith
            1939), 0 to 1, over the evaluators who marked every bid; None when it has no meaning.
    """

    criterion: str
    spread: tuple[int, ...]
    kendall_w: Fraction | None


def without_each(matrix: ScoreMatrix, panels: Sequence[Panel]) -> tuple[WithoutOne, ...]:
    """Repeat the award without each evaluator in turn.

    Raises:
        Malformed: a panel's marks do not give the points of its column.
    """
    for panel in panels:
        if _column(panel, None) != matrix.scores[:, panel.criterion].tolist():
            raise Malformed(
                f"marks.{matrix.criteria[panel.criterion]}",
                why="the marks do not give the points of the matrix",
            )
    names = dict.fromkeys(name for panel in panels for name in panel.evaluators)
    return tuple(_without(matrix, panels, name) for name in names)


def without_each_again(
    evaluators: Sequence[str], result_without: Callable[[str], Result | None]
) -> tuple[WithoutOne, ...]:
    """Do the same by repeating the whole evaluation; None: it cannot be made without that one."""
    found = []
    for name in evaluators:
        winner, lead = result_without(name) or (None, Fraction(0))
        found.append(WithoutOne(name, winner, lead))
    return tuple(found)


def agreement(matrix: ScoreMatrix, panel: Panel) -> Agreement:
    """Measure the spread of each cell and the agreement of the panel's orders."""
    columns = [_present(panel, bid, None) for bid in range(len(matrix.bids))]
    return Agreement(
        matrix.criteria[panel.criterion],
        tuple(max(marks) - min(marks) if marks else 0 for marks in columns),
        kendall_w([row for row in panel.marks.tolist() if ABSENT not in row]),
    )


def disputed(matrix: ScoreMatrix, panel: Panel) -> tuple[Disputed, ...]:
    """Name every mark further from the median of its cell than the published limit."""
    if panel.dispute is None:
        return ()
    found = []
    for bid, name in enumerate(matrix.bids):
        marks = _present(panel, bid, None)
        twice = int(2 * median(marks)) if marks else 0
        found += [
            Disputed(matrix.criteria[panel.criterion], name, evaluator, mark, Fraction(twice, 2))
            for evaluator, mark in zip(panel.evaluators, panel.marks[:, bid].tolist(), strict=True)
            if mark != ABSENT and abs(2 * mark - twice) > 2 * panel.dispute
        ]
    return tuple(found)


def kendall_w(rows: Sequence[Sequence[int]]) -> Fraction | None:
    """Return Kendall's W of E ≥ 2 rows of m ≥ 2 marks, ties at their mean rank; else None."""
    if len(rows) < 2 or len(rows[0]) < 2:
        return None
    e, m = len(rows), len(rows[0])
    sums = [sum(ranks) for ranks in zip(*(_twice_ranks(row) for row in rows), strict=True)]
    squares = Fraction(sum((total - e * (m + 1)) ** 2 for total in sums), 4)
    equal = [list(row).count(mark) for row in rows for mark in set(row)]
    ties = sum(count**3 - count for count in equal)
    most = e * e * (m**3 - m) - e * ties
    return 12 * squares / most if most else None


def median(marks: Sequence[int]) -> Fraction:
    """Return the middle mark, or the mean of the two in the middle."""
    ordered, half = sorted(marks), len(marks) // 2
    return Fraction(ordered[half] + ordered[-half - 1], 2)


def _without(matrix: ScoreMatrix, panels: Sequence[Panel], evaluator: str) -> WithoutOne:
    scores = matrix.scores.copy()
    for panel in panels:
        column = _column(panel, evaluator)
        if ABSENT in column:
            return WithoutOne(evaluator, None, Fraction(0))
        scores[:, panel.criterion] = column
    again = totals(matrix, scores)
    winner, _, lead = margin(matrix, again)
    return WithoutOne(evaluator, matrix.bids[winner], Fraction(lead, WHOLE * 10**matrix.decimals))


def _column(panel: Panel, left_out: str | None) -> list[int]:
    # The points of a column without one evaluator; ABSENT where no mark is left.
    if panel.aggregate == "median":
        columns = [_present(panel, bid, left_out) for bid in range(panel.marks.shape[1])]
        return [rounded(median(marks)) if marks else ABSENT for marks in columns]
    rows = [place for place, name in enumerate(panel.evaluators) if name != left_out]
    marks = panel.marks[rows]
    count = (marks != ABSENT).sum(axis=0)
    twice = 2 * np.where(marks != ABSENT, marks, 0).sum(axis=0)
    mean: list[int] = np.where(
        count > 0, (twice + count) // np.maximum(2 * count, 1), ABSENT
    ).tolist()
    return mean


def _present(panel: Panel, bid: int, left_out: str | None) -> list[int]:
    return [
        mark
        for name, mark in zip(panel.evaluators, panel.marks[:, bid].tolist(), strict=True)
        if mark != ABSENT and name != left_out
    ]


def _twice_ranks(row: Sequence[int]) -> list[int]:
    # Twice the mean rank is an integer: twice those below, its equals with itself, and one.
    ordered, marks = sorted(row), list(row)
    return [2 * ordered.index(mark) + marks.count(mark) + 1 for mark in marks]
