"""``make chaos``: a long campaign; ``python -m tests.telemetry_ingest.chaos --kills 40``."""

import argparse
import sys

from tests.telemetry_ingest.chaos.campaign import campaign


def main() -> None:
    """Run a campaign, print its counts, and fail when a reading is lost or there twice."""
    asked = argparse.ArgumentParser(prog="make chaos")
    asked.add_argument("--kills", type=int, default=32)
    asked.add_argument("--devices", type=int, default=8)
    wanted = asked.parse_args()
    outcome = campaign(wanted.kills, devices=wanted.devices)
    print(outcome)
    sys.exit(0 if (outcome.lost, outcome.twice, outcome.ledger_agrees) == (0, 0, True) else 1)


if __name__ == "__main__":
    main()
