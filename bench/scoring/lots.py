"""T10 and T11: lots allocated together, beside the bare solver, CP-SAT and the other structure."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from statistics import median

from bench.scoring import environment
from bench.scoring.rows import Row, time_text
from bench.scoring.worker import Failed, Worker, paired, ratio_of, working

SIZE = "200 lots × 100 bidders"


def rows(ours: Worker, peers: Worker, rounds: int) -> Iterator[Row]:
    """Measure allocations in processes of their own: CP-SAT and HiGHS cannot share one."""
    with ExitStack() as stack:
        mine = stack.enter_context(working(sys.executable, "bench.scoring.lots_ours"))
        theirs = stack.enter_context(working(environment.PYTHON, "bench.scoring.lots_peers"))
        yield from together(mine, theirs, min(rounds, 3))
        yield from one_by_one(mine, min(rounds, 3))


def together(mine: Worker, theirs: Worker, rounds: int) -> Iterator[Row]:
    """Measure packages under every limit: our whole call beside the solvers alone."""
    what = f"packages, caps, capacities, share: {SIZE}"
    times, answers = paired(
        {
            "ours": (mine, "packages_ours"),
            "whole": (mine, "packages_whole"),
            "bare": (mine, "packages_bare"),
            "cpsat": (theirs, "packages_cpsat"),
        },
        rounds,
        at_least=0,
    )
    yield from same_model(times, answers, what)
    targets = {"bare": "≤ 1.15 × bare HiGHS", "cpsat": "≥ 2 × faster than CP-SAT"}
    for peer, target in targets.items():
        if peer not in times or "ours" not in times:
            trouble = [str(one) for one in answers.values() if isinstance(one, Failed)]
            yield Row("T10", what, target, note="; ".join(trouble))
            continue
        own, other = time_text(median(times["ours"])), time_text(median(times[peer]))
        ratio = ratio_of(times, *(("ours", peer) if peer == "bare" else (peer, "ours")))
        reached = ratio <= 1.15 if peer == "bare" else ratio >= 2
        met = reached and answers["ours"] is not None
        yield Row("T10", what, target, own, other, ratio, met, said(answers, peer))


def same_model(
    times: dict[str, list[float]], answers: dict[str, int | None], what: str
) -> Iterator[Row]:
    """Compare like with like: our exact checks around HiGHS on all offers, without the shortcut.

    The other rows tell what leaving out provably useless offers saves on top of it.
    """
    target = "≤ 1.15 × bare HiGHS, the same search"
    if not {"whole", "bare"} <= set(times):
        yield Row("T10", what, target, note=f"{answers}")
        return
    ratio = ratio_of(times, "whole", "bare")
    same = answers["whole"] is not None and answers["whole"] == answers["bare"]
    own, other = time_text(median(times["whole"])), time_text(median(times["bare"]))
    note = "all offers, no shortcut" if same else f"totals differ: {answers}"
    yield Row("T10", what, target, own, other, ratio, ratio <= 1.15 and same, note)


def said(answers: dict[str, int | None], peer: str) -> str:
    """Tell whether both sides found the same total, and proved it."""
    if answers["ours"] is None:
        return "ours is not proven"
    if answers[peer] is None:
        return f"{peer} gave no proof in its time: its figure is that time"
    return "same total, proven" if answers["ours"] == answers[peer] else f"totals differ: {answers}"


def one_by_one(mine: Worker, rounds: int) -> Iterator[Row]:
    """Measure single bids under a cap: the assignment beside the MILP."""
    what = f"single bids, at most 5 lots each: {SIZE}"
    times, answers = paired(
        {
            "ours": (mine, "singles_assigned"),
            "milp": (mine, "singles_milp"),
            "bare": (mine, "singles_bare"),
        },
        rounds,
        at_least=0,
    )
    target = "≥ 50 × faster than the MILP"
    if set(times) != {"ours", "milp", "bare"}:
        yield Row("T11", what, target, note=f"{answers}")
        return
    ratio = ratio_of(times, "bare", "ours")
    same = len(set(answers.values())) == 1
    through = time_text(median(times["milp"]))
    yield Row(
        "T11", what, target, time_text(median(times["ours"])), time_text(median(times["bare"])),
        ratio, ratio >= 50 and same,
        f"{'same total' if same else f'totals differ: {answers}'}; our own MILP takes {through}",
    )  # fmt: skip
