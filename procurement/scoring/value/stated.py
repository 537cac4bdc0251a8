"""Points for what a bid states: linear between published bounds, or by a published staircase."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from fractions import Fraction
from math import lcm

from procurement.scoring.tender import Absolute, Step, Steps
from procurement.scoring.value.pool import Pool, answers
from procurement.scoring.value.ratios import Ratio


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
    pairs = answers(pool, criterion, kind.unit)
    tops = [(above * common - of * worst, of * span) for above, of in pairs]
    return [
        (0 if top < 0 else 100 * bottom if top > bottom else 100 * top, bottom)
        for top, bottom in tops
    ]


def on_steps(kind: Steps, criterion: str, pool: Pool) -> list[Ratio]:
    """Return the points of the highest step each answer reaches; 0 below the first.

    Raises:
        MissingAnswer, UnitMismatch: see ``pool.answers``.
    """
    return [
        step_reached(kind.steps, Fraction(*pair)).as_integer_ratio()
        for pair in answers(pool, criterion, kind.unit)
    ]


def step_reached(steps: Sequence[Step], value: Fraction) -> Fraction:
    """Return the points of the highest step that ``value`` reaches; 0 below the first."""
    place = bisect_right([step.at for step in steps], value)
    return steps[place - 1].points if place else Fraction(0)
