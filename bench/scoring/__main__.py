"""`python -m bench.scoring`: measure the scoring engine beside its peers, print each target.

Nothing here asserts a time: machines differ and are busy. The exit status is 0 whatever the figures
are; what could not be measured is said.
"""

import argparse
import importlib
import json
import sys
import traceback
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass

from bench.scoring import environment
from bench.scoring.rows import Row, cells, table
from bench.scoring.worker import Worker, working

PARTS = {
    "calls": ("T7", "T9"),
    "batches": ("T8", "S1"),
    "whole": ("S2", "S3"),
    "robust": ("T1", "T2", "T4", "T5", "T6", "T12", "T13"),
    "lots": ("T10", "T11"),
}
"""Modules of this folder, each with `rows(ours, peers, rounds)`, and what they measure."""

NOT_HERE = Row(
    "T3", "SMAA beside R smaa()", "≥ 40 × its kernel", note="R and its package smaa are not on PyPI"
)


@dataclass
class Options:
    """What the person asked for."""

    only: frozenset[str]
    rounds: int
    json: bool


def measure(options: Options) -> Iterator[Row]:
    """Yield the rows of every part that was asked for."""
    trouble = environment.ready()
    if trouble:
        print(f"! The peers cannot be installed: {trouble}", file=sys.stderr)
    with ExitStack() as stack:
        ours = stack.enter_context(working(sys.executable, "bench.scoring.ours"))
        peers = stack.enter_context(working(environment.PYTHON, "bench.scoring.peers"))
        for part, ids in PARTS.items():
            if not options.only or options.only & {part, *ids}:
                yield from part_of(part, ids, ours, peers, options)
    if not options.only or "T3" in options.only:
        yield NOT_HERE


def part_of(
    part: str, ids: tuple[str, ...], ours: Worker, peers: Worker, options: Options
) -> Iterator[Row]:
    """Yield what one module measures; when it breaks, the others go on."""
    try:
        module = importlib.import_module(f"bench.scoring.{part}")
        for row in module.rows(ours, peers, options.rounds):
            if not options.only or options.only & {part, row.id}:
                yield row
    except Exception as trouble:
        traceback.print_exc()
        yield Row("/".join(ids), part, "", note=f"{type(trouble).__name__}: {trouble}")


def main() -> int:
    """Read the options, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m bench.scoring", description=__doc__)
    parser.add_argument("--only", nargs="*", default=[], metavar="T9", help="these targets only")
    parser.add_argument("--rounds", type=int, default=5, help="the median of so many counts")
    parser.add_argument("--json", action="store_true", help="print the rows as JSON")
    given = parser.parse_args()
    options = Options(frozenset(given.only), given.rounds, given.json)
    before, rows = environment.load(), []
    for row in measure(options):
        rows.append(row)
        print("  ".join(cells(row)), file=sys.stderr, flush=True)
    after = environment.load()
    if options.json:
        told = {
            "load": [before, after],
            "rounds": options.rounds,
            "rows": [asdict(r) for r in rows],
        }
        print(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        print(f"\nMedians of {options.rounds} rounds, each asking all sides in turn.")
        print(f"Load before: {before}\nLoad after:  {after}\n")
        print(table(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
