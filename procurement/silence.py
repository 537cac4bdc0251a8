"""Keep what a library writes by itself to the terminal from standing between our lines.

HiGHS prints « HighsMipSolverData::transformNewIntegerFeasibleSolution tmpSolver.run(); » whatever
its options say (its issue 2783). Only commands may use this: it is for a whole process.
"""

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

OUTPUT = 1


@contextmanager
def hushed() -> Iterator[None]:
    """Send nowhere what C writes to the standard output until the block ends."""
    c = ctypes.CDLL(None)
    if sys.stdout is not None:  # as it is when it was closed before the start
        sys.stdout.flush()
    c.fflush(None)
    try:
        kept = os.dup(OUTPUT)
    except OSError:  # it is closed: nothing can be written there
        yield
        return
    try:
        _into_nothing()
        yield
    finally:
        c.fflush(None)  # what C still holds back would be written after the block
        os.dup2(kept, OUTPUT)
        os.close(kept)


def _into_nothing() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, OUTPUT)
    os.close(nowhere)
