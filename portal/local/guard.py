"""Ends what a launcher that was killed hard left behind.

The kernel tells the launcher's children that it died, but not their children: this process waits
until the pipe to its launcher breaks and then ends every process group that still has a file.
"""

import sys
from pathlib import Path

from portal.local.process import end_leftover


def guard(run: Path) -> None:
    """Wait for the end of the launcher; end the processes it named in the folder ``run``."""
    sys.stdin.read()
    for pid_file in sorted(run.glob("*.pid")):
        end_leftover(pid_file)


if __name__ == "__main__":
    guard(Path(sys.argv[1]))
