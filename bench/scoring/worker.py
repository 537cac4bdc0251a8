"""A process that measures calls in its own interpreter and answers in JSON, one line a question.

`python -m bench.scoring.worker bench.scoring.peers` reads lines such as `{"case": "topsis_pymcdm",
"at_least": 0.05}` and answers `{"seconds": …, "answer": …}`: seconds of one call, averaged over as
many as take `at_least` seconds. Both sides are asked in turn, so that a busy moment meets both.
"""

import contextlib
import importlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
CASES: dict[str, Callable[[], Callable[[], Any]]] = {}


class Failed(Exception):
    """A case could not be measured: a peer is missing or refuses the work."""


class Worker:
    """A measuring process that waits for questions."""

    def __init__(self, python: Path | str, module: str) -> None:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
        self.process = subprocess.Popen(
            [str(python), "-m", "bench.scoring.worker", module],
            cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip

    def ask(self, case: str, at_least: float = 0.05) -> dict[str, Any]:
        """Measure a case once.

        Raises:
            Failed: it cannot be measured there.
        """
        assert self.process.stdin
        assert self.process.stdout
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write(json.dumps({"case": case, "at_least": at_least}) + "\n")
            self.process.stdin.flush()
        line = self.process.stdout.readline()
        answer = json.loads(line) if line else {"error": "the process ended"}
        if "error" in answer:
            raise Failed(f"{case}: {answer['error']}")
        return answer

    def close(self) -> None:
        """End the process."""
        assert self.process.stdin
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.wait(timeout=60)
        if self.process.stdout:
            self.process.stdout.close()


@contextlib.contextmanager
def working(python: Path | str, module: str) -> Iterator[Worker]:
    """Start a worker for the time of the block."""
    worker = Worker(python, module)
    try:
        yield worker
    finally:
        worker.close()


def paired(
    asked: dict[str, tuple[Worker, str]], rounds: int, at_least: float = 0.05
) -> tuple[dict[str, list[float]], dict[str, Any]]:
    """Measure cases in turn, ``rounds`` times; return their times, and answers or what failed."""
    times: dict[str, list[float]] = {name: [] for name in asked}
    answers: dict[str, Any] = {}
    for _ in range(rounds):
        for name, (worker, case) in asked.items():
            if isinstance(answers.get(name), Failed):
                continue
            try:
                found = worker.ask(case, at_least)
            except Failed as trouble:
                answers[name] = trouble
                continue
            times[name].append(found["seconds"])
            answers[name] = found["answer"]
    return {name: found for name, found in times.items() if found}, answers


def ratio_of(times: dict[str, list[float]], over: str, under: str) -> float:
    """Return the median of the ratios round by round: noise that meets both drops out."""
    return median(one / two for one, two in zip(times[over], times[under], strict=True))


def measured(call: Callable[[], Any], at_least: float) -> tuple[float, Any]:
    """Return the seconds of one call and what it answers."""
    began = time.perf_counter()
    answer = call()
    once = time.perf_counter() - began
    number = min(int(at_least / max(once, 1e-9)), 100_000)
    if number < 1:
        return once, answer
    began = time.perf_counter()
    for _ in range(number):
        call()
    return (time.perf_counter() - began) / number, answer


def serve(cases: dict[str, Callable[[], Callable[[], Any]]]) -> None:
    """Answer questions until there are none."""
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # peers print
    prepared: dict[str, Callable[[], Any]] = {}
    for line in sys.stdin:
        asked = json.loads(line)
        case = asked["case"]
        try:
            if case not in prepared:
                prepared[case] = cases[case]()
                prepared[case]()  # the first call warms caches and imports
            seconds, answer = measured(prepared[case], asked["at_least"])
            told = json.dumps({"seconds": seconds, "answer": plain(answer)})
        except Exception as trouble:
            told = json.dumps({"error": f"{type(trouble).__name__}: {trouble}"[:300]})
        out.write(told + "\n")
        out.flush()


def plain(answer: Any) -> Any:
    """Return an answer as JSON has it."""
    return answer.tolist() if hasattr(answer, "tolist") else answer


if __name__ == "__main__":
    serve(importlib.import_module(sys.argv[1]).CASES)
