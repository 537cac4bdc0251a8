"""What a solver answers, and the steps that are left for it: counted, never timed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """The best choice of columns, or that there is none.

    Attributes:
        chosen: the columns, ascending; none when nothing was found.
        total: what they cost, in exact integers.
        bound: no choice costs less than this.
        proven: ``total`` equals ``bound``, or that no choice exists is proven.
    """

    chosen: tuple[int, ...] | None
    total: int | None
    bound: int | None
    proven: bool

    @property
    def impossible(self) -> bool:
        """Say whether it is proven that no choice exists."""
        return self.proven and self.chosen is None


IMPOSSIBLE = Answer(None, None, None, proven=True)


STEPS = 5_000
"""So many steps may the allocation take; its rivals and the costs of limits as many each."""


class Effort:
    """Counts down the steps that are left for all solvers together.

    A step is a node of the search tree, or one assignment beside the first. A clock would let a
    slow machine award less than a fast one; with steps, equal files come out equal everywhere.
    """

    def __init__(self, steps: int) -> None:
        self.left = steps

    def spend(self, steps: int) -> None:
        """Take away what a search used, at least one step."""
        self.left = max(0, self.left - max(1, steps))
