"""Searches end after so many steps, whatever the machine: equal files come out equal."""

import json
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from procurement.scoring.allocation import allocation
from procurement.scoring.allocation.limits import cost_of_limits, relaxation
from procurement.scoring.allocation.problem import Offer, Problem, Rules
from procurement.scoring.allocation.runner_up import MOST_TIES, examined
from procurement.scoring.allocation.solving import Effort
from procurement.scoring.allocation.together import allocate
from procurement.scoring.errors import NotProvenOptimal
from tests.procurement.scoring.allocation.regions import OPTIMUM, regions

ROOT = Path(__file__).parents[4]
SHORT = """
import msgspec
from procurement.scoring.allocation.together import allocate
from tests.procurement.scoring.allocation.regions import regions
print(msgspec.json.encode(allocate(regions(), steps=1)).decode())
"""
BUSY = "while True: pass"


def test_overlapping_packages_of_neighbours_are_proven():
    found = allocate(regions())

    assert (found.status, found.total, found.bound) == ("proven", OPTIMUM, OPTIMUM)


def elsewhere(**environment):
    """Run the short search in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", SHORT],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def test_a_search_that_ends_early_says_the_same_on_a_busy_machine():
    short = allocate(regions(), steps=1)
    # The others are nicer: the solver's threads wait for each other by spinning.
    busy = [subprocess.Popen(["nice", "-n", "19", sys.executable, "-c", BUSY]) for _ in range(2)]
    try:
        other = elsewhere(OMP_NUM_THREADS="1")
    finally:
        for process in busy:
            process.kill()
            process.wait()

    assert (short.status, short.bound < OPTIMUM <= short.total) == ("not_proven", True)
    assert other == json.loads(msgspec.json.encode(short))
    with pytest.raises(NotProvenOptimal):
        short.award()


def test_no_solver_is_given_a_clock():
    folder = Path(allocation.__file__).parent
    told = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.py")}

    assert {
        name: word
        for name, text in told.items()
        for word in ("time_limit", "monotonic", "perf_counter", "import time", "datetime")
        if word in text
    } == {}


def twins(lots):
    """Return lots for which two bidders ask the same, and one limit that ties all of them."""
    return Problem(
        lots=tuple(f"{lot}" for lot in range(lots)),
        offers=tuple(
            Offer(id=f"{who}{lot}", bidder=who, lots=(f"{lot}",), cost=9, price=9)
            for who in "ab"
            for lot in range(lots)
        ),
        rules=Rules(max_lots=lots - 1),
    )


@pytest.mark.parametrize(("steps", "known"), [(2, False), (5000, True)])
def test_steps_that_end_before_all_rivals_are_seen_prove_nothing(steps, known):
    problem = twins(3)
    whole = examined(problem, allocate(problem), steps=steps)

    assert (whole.rivals.proven, whole.status) == (known, "proven")


@pytest.mark.parametrize(("lots", "choices", "complete"), [(6, 62, True), (7, 100, False)])
def test_it_is_said_when_more_are_equal_than_are_listed(lots, choices, complete):
    problem = twins(lots)
    (tie,) = examined(problem, allocate(problem)).rivals.ties

    assert (len(tie.choices), tie.complete) == (choices, complete)
    assert len(tie.choices) <= MOST_TIES


def test_steps_are_counted_for_all_solvers_together():
    effort = Effort(3)
    effort.spend(0)
    effort.spend(9)

    assert effort.left == 0


def test_without_steps_limits_have_no_price_and_nothing_is_relaxed():
    problem = msgspec.structs.replace(regions(), lots=("0-0",), offers=regions().offers[:1])
    capped = msgspec.structs.replace(problem, rules=Rules(money={"z": 1}))

    assert relaxation(capped, steps=0) is None
    assert [one.saved for one in cost_of_limits(twins(3), allocate(twins(3)), steps=0)] == [0]
