"""What a solver answers, and the time that is left for it."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic


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


class Deadline:
    """Counts down the seconds that are left for all solvers together."""

    def __init__(self, seconds: float) -> None:
        self._end = monotonic() + seconds

    def left(self) -> float:
        """Return the seconds that are left, never less than 0."""
        return max(0.0, self._end - monotonic())
