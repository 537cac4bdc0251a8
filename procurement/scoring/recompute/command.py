"""`python recompute RECORD.json`: 0 it holds, 1 it differs, 2 it cannot be read."""

import sys
from pathlib import Path

from .content import check
from .reading import MOST_BYTES, Unreadable, decoded


def main() -> int:
    """Re-compute the records named on the command line; 1: one differs, 2: one is not there."""
    if not sys.argv[1:]:
        print("usage: python recompute RECORD.json …", file=sys.stderr)
        return 2
    ended = 0
    for name in sys.argv[1:]:
        try:
            with Path(name).open("rb") as file:
                found, notes = check(decoded(file.read(MOST_BYTES + 1)))
        except (OSError, Unreadable) as error:
            print(f"{name}: it cannot be read: {error}", file=sys.stderr)
            return 2
        print(f"{name}: {'DIFFERS' if found else 'holds'}", *found, *notes, sep="\n  ")
        ended = 1 if found else ended
    return ended
