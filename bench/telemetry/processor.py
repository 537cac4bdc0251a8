"""How much processor time processes took, with their children: what a busy machine cannot spoil."""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def family(pid: int) -> list[int]:
    """Return a process and all that it started."""
    found = [pid]
    with suppress(OSError):  # it has just ended
        for task in Path(f"/proc/{pid}/task").glob("*"):
            for child in (task / "children").read_text().split():
                found += family(int(child))
    return found


def seconds(pid: int) -> float:
    """Return the processor seconds that a process and its living children took so far."""
    ticks = 0
    for one in family(pid):
        with suppress(OSError):
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / TICKS


class Meter:
    """Processor time of named processes from now on."""

    def __init__(self, pids: Mapping[str, int]) -> None:
        self._pids = dict(pids)
        self._before = {name: seconds(pid) for name, pid in self._pids.items()}

    def each_us(self, count: int) -> dict[str, float]:
        """Return the microseconds each of so many requests took, by process."""
        return {
            name: 1e6 * (seconds(pid) - self._before[name]) / count
            for name, pid in self._pids.items()
        }
