"""Points for what a bid states: linear between published bounds, or by a published staircase."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from fractions import Fraction

from procurement.scoring.tender import Absolute, Step, Steps
from procurement.scoring.value.pool import Pool, answers
from procurement.scoring.value.ratios import Ratio


def between_bounds(kind: Absolute, criterion: str, pool: Pool) -> list[Ratio]:
    """Return 100 × (answer − worst) / (best − worst), between 0 and 100, bid by bid.

    Raises:
        MissingAnswer, UnitMismatch: see ``pool.answers``.
    """
    slope, worst, span = _line(kind)
    pairs = answers(pool, criterion, kind.unit)
    tops = [(above * slope - of * worst, of * span) for above, of in pairs]
    return [
        (0 if top < 0 else 100 * bottom if top > bottom else 100 * top, bottom)
        for top, bottom in tops
    ]


def rounded_between_bounds(kind: Absolute, criterion: str, pool: Pool, scale: int) -> list[int]:
    """Return ``between_bounds`` out of 100 × ``scale``, rounded half up.

    Each is rounded in one step and then held between the bounds, which are whole: it comes to the
    same, and most tenders are nothing but such columns.

    Raises:
        MissingAnswer, UnitMismatch: see ``pool.answers``.
    """
    slope, worst, span = _line(kind)
    full = 100 * scale
    # ⌊full × (answer × slope − worst) / span + 1/2⌋
    times, less, over = 2 * full * slope, span - 2 * full * worst, 2 * span
    pairs = answers(pool, criterion, kind.unit)
    found = [(times * above + less * of) // (over * of) for above, of in pairs]
    if min(found) < 0 or max(found) > full:
        return [min(max(0, points), full) for points in found]
    return found


def _line(kind: Absolute) -> tuple[int, int, int]:
    """Return integers a, b, c > 0: (answer − worst) / (best − worst) = (a × answer − b) / c."""
    best, best_of = kind.best.as_integer_ratio()
    worst, worst_of = kind.worst.as_integer_ratio()
    common, worst = best_of * worst_of, worst * best_of
    span = best * worst_of - worst
    # Where less is better, turn the axis round.
    return (common, worst, span) if span > 0 else (-common, -worst, -span)


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
