"""T7, T9: one tender of 50 bids and 20 criteria, each method beside the peers that have it."""

from collections.abc import Iterator
from math import inf
from statistics import median

from bench.scoring.rows import Row, time_text
from bench.scoring.worker import Failed, Worker, paired, ratio_of

METHODS = {
    "TOPSIS": ("topsis", ("pydecision", "pyrepo", "pymcdm", "scikit_criteria")),
    "VIKOR": ("vikor", ("pyrepo", "pydecision", "pymcdm")),
    "PROMETHEE II linear": ("promethee", ("pymcdm", "pyrepo", "pydecision")),
}
SAME = 1e-9


def rows(ours: Worker, peers: Worker, rounds: int) -> Iterator[Row]:
    """Measure the official engine and the three shadow methods."""
    yield from official(ours, peers, rounds)
    for title, (method, names) in METHODS.items():
        yield shadow(title, method, names, ours, peers, rounds)


def shadow(
    title: str, method: str, names: tuple[str, ...], ours: Worker, peers: Worker, rounds: int
) -> Row:
    """Compare one method with its best peer, and its answer with all of them."""
    asked = {name: (peers, f"{method}_{name}") for name in names}
    times, answers = paired({"ours": (ours, f"{method}_ours"), **asked}, rounds)
    target = "≤ 1.2 × the best peer"
    row = Row("T9", f"{title}, 50 × 20, one call", target)
    if isinstance(answers["ours"], Failed) or len(times) < 2:
        return Row(row.id, row.what, target, note=f"{answers}")
    best = min((name for name in times if name != "ours"), key=lambda name: median(times[name]))
    ratio = ratio_of(times, "ours", best)
    return Row(
        row.id, row.what, target, time_text(median(times["ours"])),
        f"{best} {time_text(median(times[best]))}", ratio, ratio <= 1.2,
        "; ".join(told(name, times, answers) for name in names),
    )  # fmt: skip


def told(name: str, times: dict[str, list[float]], answers: dict[str, object]) -> str:
    """Say a peer's time, and whether it answers as we do."""
    answer = answers[name]
    if isinstance(answer, Failed):
        return str(answer)
    assert isinstance(answer, list)
    ours = answers["ours"]
    assert isinstance(ours, list)
    apart = max((abs(one - two) for one, two in zip(ours, answer, strict=True)), default=inf)
    agrees = "same values" if apart < SAME else f"values up to {apart:.2g} apart"
    return f"{name} {time_text(median(times[name]))} ({agrees})"


def official(ours: Worker, peers: Worker, rounds: int) -> Iterator[Row]:
    """Compare the engine that decides, with its explanations, with the procurement peer.

    Twice: until the decision stands, with the lines held as the columns they are read from; and
    until every line is made, as for the record.
    """
    times, answers = paired(
        {
            "held": (ours, "official_ours"),
            "made": (ours, "official_read"),
            "judged": (ours, "official_judged"),
            "bid-evaluation": (peers, "official_bid_evaluation"),
        },
        rounds,
    )
    titles = {"held": "lines made when read", "made": "every line made"}
    for name, title in titles.items():
        what, target = f"value for money, 50 × 20, {title}", "≥ 50 × bid-evaluation"
        if not {name, "bid-evaluation"} <= set(times):
            yield Row("T7", what, target, note=f"{answers}")
            continue
        ratio = ratio_of(times, "bid-evaluation", name)
        same = answers[name] == answers["bid-evaluation"]
        note = "same ranks" if same else "the ranks differ: theirs are of binary floats, ours exact"
        if name == "made" and "judged" in times:
            note += f"; from one evaluator's 950 marks {time_text(median(times['judged']))}"
        yield Row(
            "T7", what, target, time_text(median(times[name])),
            time_text(median(times["bid-evaluation"])), ratio, ratio >= 50, note,
        )  # fmt: skip
