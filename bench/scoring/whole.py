"""S2, S3, the project's own: a whole report from a cold start, and the draws with `[fast]`."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from bench.scoring.rows import Row, time_text
from bench.scoring.worker import ROOT, Failed, Worker, paired

SCRIPT = [sys.executable, "-m", "bench.scoring.cold_report"]
FAST_DRAWS = 10_000_000
BOUND_S = 23.6e-9
"""The least a draw of 50 bids and 10 criteria can cost on two cores, where it was worked out."""

WORD_S = 3.2e-9
"""What one 64-bit word of Philox cost on that machine: our clock against its clock."""


def rows(ours: Worker, peers: Worker, rounds: int) -> Iterator[Row]:
    """Measure the whole report, and the sampling with numba in the environment that has it."""
    yield cold(rounds)
    yield fast(ours, peers, rounds)


def cold(rounds: int) -> Row:
    """Measure whole processes, from their start to their end."""
    what, target = "report, 50 × 20 × 5 evaluators × 2^20, cold from its JSON", "≤ 1 s"
    walls, told, used = [], [], []
    with tempfile.TemporaryDirectory(prefix="tajhiz-bench-") as folder:
        file = str(Path(folder) / "tender.json")
        subprocess.run([*SCRIPT, "write", file], cwd=ROOT, check=True)
        for _ in range(rounds):
            began, before = time.perf_counter(), processor_s()
            done = subprocess.run(
                [*SCRIPT, "report", file], cwd=ROOT, check=True, capture_output=True, text=True
            )
            walls.append(time.perf_counter() - began)
            used.append(processor_s() - before)
            told.append(json.loads(done.stdout)["marks"])
    seconds = median(walls)
    steps = ", ".join(f"{name} {time_text(median(one[name] for one in told))}" for name in told[0])
    return Row(
        "S2", what, target, time_text(seconds), ratio=seconds, met=seconds <= 1,
        note=f"until the end of each step: {steps}; best {time_text(min(walls))}; "
        f"processor time {time_text(median(used))}",
    )  # fmt: skip


def processor_s() -> float:
    """Return the processor time of the processes we waited for."""
    spent = os.times()
    return spent.children_user + spent.children_system


def fast(ours: Worker, peers: Worker, rounds: int) -> Row:
    """Measure draws with the `[fast]` extra against the bound, scaled by the machine's clock."""
    what, target = f"[fast]: {FAST_DRAWS:.0e} draws × 50 × 10, 2 threads", "≤ 5 × the bound"
    times, answers = paired(
        {"fast": (peers, "smaa_fast"), "numpy": (ours, "smaa"), "word": (ours, "philox")},
        rounds,
        at_least=0,
    )
    if set(times) != {"fast", "numpy", "word"}:
        failed = {name: str(one) for name, one in answers.items() if isinstance(one, Failed)}
        return Row("S3", what, target, note=str(failed))
    bound = BOUND_S * answers["word"] / WORD_S
    draw, plain = median(times["fast"]) / FAST_DRAWS, median(times["numpy"]) / 2**20
    same = answers["fast"][0] == answers["numpy"][0]
    used = answers["fast"][1] / 2 / FAST_DRAWS
    return Row(
        "S3", what, target, f"{time_text(draw)} a draw", f"{time_text(bound)} a draw",
        draw / bound, draw / bound <= 5,
        f"by processor time {time_text(used)}, {used / bound:.2f} × the bound; "
        f"numpy {time_text(plain)} a draw; the counts of 2^16 draws are "
        f"{'the same' if same else 'NOT the same'} with and without",
    )  # fmt: skip
