"""T1, T2, T4, T5, T6, T12, T13: the robustness report beside pysensmcda and plain numpy."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from bench.scoring import environment
from bench.scoring.robust_ours import DRAWS
from bench.scoring.robust_peers import CHUNK, PLAIN_DRAWS
from bench.scoring.rows import Row, time_text
from bench.scoring.worker import ROOT, Failed, Worker, paired, working

BOUND_S, WORD_S, WORDS = 23.6e-9, 3.2e-9, 1_000_000
"""Least time of a draw on two cores where it was worked out, and one Philox word's time there."""

KINDS: tuple[dict[str, str], ...] = (
    {"OPENBLAS_CORETYPE": "Nehalem"},
    {"OPENBLAS_CORETYPE": "Haswell"},
    {"OPENBLAS_NUM_THREADS": "1"},
    {"NPY_DISABLE_CPU_FEATURES": "AVX512F AVX512_SKX AVX512_ICL AVX512_SPR X86_V4"},
    {"NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3 X86_V3 X86_V4"},
)


def rows(ours: Worker, peers: Worker, rounds: int) -> Iterator[Row]:
    """Measure in workers and processes of our own; the given ones stay idle meanwhile."""
    with (
        working(sys.executable, "bench.scoring.robust_ours") as mine,
        working(environment.PYTHON, "bench.scoring.robust_peers") as theirs,
    ):
        yield from sampling(mine, theirs, rounds)
        yield pairs(mine, theirs, rounds)
    yield memory()
    yield from cold(rounds)
    yield same_bits()
    yield imports(rounds)


def sampling(mine: Worker, theirs: Worker, rounds: int) -> Iterator[Row]:
    """T1, T2: draws of our engine beside pysensmcda's and those of careful plain numpy."""
    asked = {
        "two": (mine, "smaa_2"),
        "one": (mine, "smaa_1"),
        "plain": (theirs, "smaa_plain"),
        "pysensmcda": (theirs, "smaa_pysensmcda"),
        "word": (mine, "philox"),
    }
    draws = {"two": DRAWS, "one": DRAWS, "plain": PLAIN_DRAWS, "pysensmcda": CHUNK, "word": WORDS}
    times, answers = paired(asked, rounds, at_least=0)
    each = {name: median(found) / draws[name] for name, found in times.items()}
    for peer, least in (("pysensmcda", 20), ("plain", 3)):
        what, target = f"SMAA 2^20 × 50 × 10, 2 threads, by {peer}", f"≥ {least} ×"
        if not {"two", peer} <= set(each):
            yield Row("T1", what, target, note=failures(answers))
            continue
        ratio = each[peer] / each["two"]
        yield Row(
            "T1", what, target, f"{time_text(each['two'])} a draw",
            f"{time_text(each[peer])} a draw", ratio, ratio >= least,
            f"one thread {time_text(each['one'])} a draw: {each[peer] / each['one']:.3g} ×",
        )  # fmt: skip
    bound = BOUND_S * each["word"] / WORD_S
    yield Row(
        "T2", "the same against the least a draw can cost", "≤ 12 × the bound",
        f"{time_text(each['two'])} a draw", f"{time_text(bound)} a draw", each["two"] / bound,
        each["two"] <= 12 * bound, "the bound is rescaled by the time of one Philox word",
    )  # fmt: skip


def pairs(mine: Worker, theirs: Worker, rounds: int) -> Row:
    """T6: who is before whom, computed beside drawn."""
    what, target = "1,225 pairs exact, 50 × 10", "≤ 2 ms and ≥ 200 × pysensmcda's at 1e5 draws"
    times, answers = paired(
        {"ours": (mine, "pairs"), "peer": (theirs, "pairwise_pysensmcda")}, rounds
    )
    if set(times) != {"ours", "peer"}:
        return Row("T6", what, target, note=failures(answers))
    seconds, peer = median(times["ours"]), median(times["peer"])
    return Row(
        "T6", what, target, time_text(seconds), time_text(peer), peer / seconds,
        seconds <= 2e-3 and peer / seconds >= 200,
        f"b0 before b1: {answers['ours']:.6f} computed, {answers['peer']:.6f} drawn",
    )  # fmt: skip


def memory() -> Row:
    """T4: how far a process grows with few and with many draws."""
    few, many = (int(ran("memory", str(draws))) / 1024 for draws in (2**18, 2**23))
    return Row(
        "T4", "memory growth, 2^23 draws", "≤ 64 MB", f"{many:.0f} MB", "", many, many <= 64,
        f"{few:.0f} MB with 2^18 draws",
    )  # fmt: skip


def cold(rounds: int) -> Iterator[Row]:
    """T5: a new process makes the whole report, beside the peer's import alone."""
    walls = [timed([sys.executable, "-m", "bench.scoring.robust_ours", "report"])
             for _ in range(rounds)]  # fmt: skip
    what, seconds = "whole report, 50 × 10 × 2^20, cold", median(walls)
    yield Row(
        "T5", what, "≤ 0.6 s", time_text(seconds), "", seconds, seconds <= 0.6,
        f"best {time_text(min(walls))}",
    )  # fmt: skip
    target = "≤ 0.5 × the import of pysensmcda"
    try:
        peer = median(
            timed([str(environment.PYTHON), "-c", "import pysensmcda"]) for _ in range(rounds)
        )
    except (OSError, subprocess.CalledProcessError) as trouble:
        yield Row("T5", what, target, note=str(trouble))
        return
    ratio = seconds / peer
    yield Row(
        "T5", what, target, time_text(seconds), time_text(peer), ratio, ratio <= 0.5
    )  # fmt: skip


def same_bits() -> Row:
    """T12: the counts under other threads, blocks and kinds of processor."""
    wanted = ran("digest", "1", "8192")
    shares = [ran("digest", threads, block) for threads, block in
              (("2", "8192"), ("4", "8192"), ("2", "512"), ("3", "1000"))]  # fmt: skip
    kinds = [ran("digest", "2", "8192", **kind) for kind in KINDS]
    same = sum(found == wanted for found in (*shares, *kinds))
    many = len(shares) + len(kinds)
    return Row(
        "T12", "same bits: threads, blocks, processors", "all", f"{same} of {many}", "",
        same / many, same == many, f"SHA-256 {wanted[:16]}… of the counts of 2^16 draws",
    )  # fmt: skip


def imports(rounds: int) -> Row:
    """T13: what importing the report costs beside importing numpy."""
    program = (
        "import time; began = time.perf_counter(); import {}; "
        "import sys; print(time.perf_counter() - began, 'scipy' in sys.modules)"
    )
    found = {}
    for name in ("numpy", "procurement.scoring.robustness"):
        told = [
            out([sys.executable, "-c", program.format(name)]).split() for _ in range(rounds * 3)
        ]
        found[name] = min(float(seconds) for seconds, _ in told)
        scipy = any(loaded == "True" for _, loaded in told)
    theirs, mine = found.values()
    return Row(
        "T13", "import of the robustness report", "≤ 2 × numpy, no scipy", time_text(mine),
        time_text(theirs), mine / theirs, mine <= 2 * theirs and not scipy,
    )  # fmt: skip


def failures(answers: dict[str, object]) -> str:
    """Say what could not be measured."""
    return "; ".join(str(one) for one in answers.values() if isinstance(one, Failed))


def ran(*words: str, **environ: str) -> str:
    """Run a program of our side and return what it prints."""
    return out([sys.executable, "-m", "bench.scoring.robust_ours", *words], **environ)


def out(command: list[str], **environ: str) -> str:
    """Run a command at the root and return what it prints."""
    given = {**os.environ, "PYTHONPATH": str(Path(ROOT)), "PYTHONWARNINGS": "ignore", **environ}
    done = subprocess.run(
        command, cwd=ROOT, env=given, check=True, text=True, stdout=subprocess.PIPE
    )
    return done.stdout.strip()


def timed(command: list[str]) -> float:
    """Return the seconds from the start of a process to its end."""
    began = time.perf_counter()
    out(command)
    return time.perf_counter() - began


if __name__ == "__main__":
    from bench.scoring.rows import table

    print(table(rows(None, None, 3)))  # type: ignore[arg-type]
