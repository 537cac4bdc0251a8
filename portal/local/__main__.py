"""`python -m portal.local run|with|forget`: what the Makefile calls."""

import argparse
import sys
from pathlib import Path

from portal.local import run
from portal.local.process import LocalTrouble
from portal.local.supervisor import stop_with_parent


def main() -> int:
    """Do what was asked and return the exit status."""
    wanted = arguments()
    try:
        if wanted.command == "forget":
            return run.forget(wanted.var)
        if wanted.command == "with":
            return run.run_with(wanted.var, wanted.arguments)
        if wanted.with_parent:
            stop_with_parent()
        return run.run(wanted.var, run.start_portal)
    except KeyboardInterrupt:
        return 130
    except LocalTrouble as trouble:
        print(f"✗ {trouble}", file=sys.stderr)
    except OSError as error:
        print(f"✗ The portal cannot be started: {error}.", file=sys.stderr)
    return 1


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m portal.local")
    parser.add_argument("--var", type=Path, default=run.VAR, help="folder of the local data")
    commands = parser.add_subparsers(dest="command", required=True)
    running = commands.add_parser("run", help="run the portal until Ctrl-C")
    running.add_argument("--with-parent", action="store_true", help="stop when the caller ends")
    within = commands.add_parser("with", help="run a command on the portal that runs here")
    within.add_argument("arguments", nargs=argparse.REMAINDER)
    commands.add_parser("forget", help="remove the local data")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
