"""T8 and the project's own S1: ten thousand tenders at once, in exact integers."""

from collections.abc import Iterator
from statistics import median

from bench.scoring.inputs import TENDERS
from bench.scoring.rows import Row, time_text
from bench.scoring.worker import Worker, paired, ratio_of

LOOPED = 1000
"""The peer's loop is measured over so many tenders and taken ten times."""


def rows(ours: Worker, peers: Worker, rounds: int) -> Iterator[Row]:
    """Measure many tenders by published criteria and by the reference price."""
    yield from by_criteria(ours, peers, rounds)
    yield from by_law(ours, rounds)


def by_criteria(ours: Worker, peers: Worker, rounds: int) -> Iterator[Row]:
    """Compare thresholds, price, points and ranks of all with a loop that does less."""
    what = f"value for money, {TENDERS:,} × 50 × 20"
    faster, bound = "≥ 5 × pyrepo SAW in a loop", "≤ 20 × reading the memory once"
    times, answers = paired(
        {
            "ours": (ours, "value_batch"),
            "loop": (peers, "thousand_saw_pyrepo"),
            "memory": (ours, "memory"),
        },
        rounds,
        at_least=0,
    )
    if set(times) != {"ours", "loop", "memory"}:
        yield Row("T8", what, faster, note=f"{answers}")
        return
    loop = [seconds * TENDERS / LOOPED for seconds in times["loop"]]
    measured = time_text(median(times["ours"]))
    ratio = ratio_of({"loop": loop, "ours": times["ours"]}, "loop", "ours")
    yield Row("T8", what, faster, measured, time_text(median(loop)), ratio, ratio >= 5)
    ratio = ratio_of(times, "ours", "memory")
    peer = time_text(median(times["memory"]))
    yield Row("T8", what, bound, measured, peer, ratio, ratio <= 20, "one core reads it")


def by_law(ours: Worker, rounds: int) -> Iterator[Row]:
    """Measure the statutory engine: all at once, and one tender with its explanations."""
    times, answers = paired(
        {"all": (ours, "statutory_batch"), "one": (ours, "statutory_one")}, rounds, at_least=0
    )
    what, target = f"reference price, {TENDERS:,} tenders × 50 bids, exact", "≤ 1 s"
    if set(times) != {"all", "one"}:
        yield Row("S1", what, target, note=f"{answers}")
        return
    seconds = median(times["all"])
    note = f"one tender of 50 bids with its explanations: {time_text(median(times['one']))}"
    yield Row("S1", what, target, time_text(seconds), ratio=seconds, met=seconds <= 1, note=note)
