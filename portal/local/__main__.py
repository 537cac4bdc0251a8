"""`python -m portal.local run|with|forget`: what the Makefile calls."""

import argparse
import sys

from portal.local import run
from portal.local.process import LocalTrouble
from portal.local.supervisor import stop_with_parent


def main() -> int:
    """Do what was asked and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m portal.local")
    commands = parser.add_subparsers(dest="command", required=True)
    running = commands.add_parser("run", help="run the portal until Ctrl-C")
    running.add_argument("--with-parent", action="store_true", help="stop when the caller ends")
    within = commands.add_parser("with", help="run a command on the portal that runs here")
    within.add_argument("arguments", nargs=argparse.REMAINDER)
    commands.add_parser("forget", help="remove the local data")
    wanted = parser.parse_args()
    try:
        if wanted.command == "forget":
            return run.forget(run.VAR)
        if wanted.command == "with":
            return run.run_with(run.VAR, wanted.arguments)
        if wanted.with_parent:
            stop_with_parent()
        return run.run(run.VAR, run.start_portal)
    except LocalTrouble as trouble:
        print(f"✗ {trouble}", file=sys.stderr)
    except OSError as error:
        print(f"✗ The portal cannot be started: {error}.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
