"""Points for what a bid states: linear between published bounds, or by a published staircase."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from fractions import Fraction
from math import lcm

from procurement.scoring.tender import Absolute, Step, Steps
from procurement.scoring.value.pool import Pool, answers
from procurement.scoring.value.ratios import FULL, NONE, Ratio


def between_bounds(kind: Absolute, criterion: str, pool: Pool) -> list[Ratio]:
    """Return 100 × (answer − worst) / (best − worst), between 0 and 100, bid by bid.

    Raises:
        MissingAnswer, UnitMismatch: see ``pool.answers``.
    """
    common = lcm(kind.best.denominator, kind.worst.denominator)
    worst = int(kind.worst * common)
    span = int(kind.best * common) - worst
    if span < 0:  # less is better: turn the axis round
        common, worst, span = -common, -worst, -span
    pairs = [value.as_integer_ratio() for value in answers(pool, criterion, kind.unit)]
    ratios = [(above * common - of * worst, of * span) for above, of in pairs]
    return [
        NONE if top <= 0 else FULL if top >= bottom else (100 * top, bottom)
        for top, bottom in ratios
    ]


def on_steps(kind: Steps, criterion: str, pool: Pool) -> list[Ratio]:
    """Return the points of the highest step each answer reaches; 0 below the first.

    Raises:
        MissingAnswer, UnitMismatch: see ``pool.answers``.
    """
    return [
        step_reached(kind.steps, value).as_integer_ratio()
        for value in answers(pool, criterion, kind.unit)
    ]


def step_reached(steps: Sequence[Step], value: Fraction) -> Fraction:
    """Return the points of the highest step that ``value`` reaches; 0 below the first."""
    place = bisect_right([step.at for step in steps], value)
    return steps[place - 1].points if place else Fraction(0)
