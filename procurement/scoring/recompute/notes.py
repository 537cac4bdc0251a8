"""What this evaluator could not prove again; whoever shows it may translate the sentence."""

from typing import NamedTuple


def lazy(text: str) -> str:
    """Mark a sentence for translators; it stays as it is."""
    return text


class Note(NamedTuple):
    """A sentence with ``%(name)s`` places and what stands in them."""

    text: str
    values: dict[str, int]

    def __str__(self) -> str:
        return self.text % self.values


OPEN = lazy(
    "Lots awarded together: a draw or a proof is still missing, so that the allocation was not "
    "proven again."
)
TOO_MANY = lazy(
    "Lots awarded together: the allocation keeps the limits and adds up, but that none is cheaper "
    "was not proven again: the ways to try are more than %(tried)s."
)
EQUAL = lazy(
    "Lots awarded together: other allocations cost the same; how they were told apart was not "
    "computed again."
)
