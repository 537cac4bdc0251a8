"""CP-SAT on the same lots, in the environment of the peers."""

from collections.abc import Callable
from typing import Any

from bench.scoring.lots_inputs import BIDDERS, LOTS, SHARE_PERCENT, packages

LONGEST_S = 60.0


def packages_cpsat() -> Callable[[], Any]:
    """Build the model once; two workers, which measured fastest on two cores."""
    from ortools.sat.python import cp_model  # noqa: PLC0415 (only the peers' environment has it)

    instance = packages()
    model = cp_model.CpModel()
    taken = [model.new_bool_var(str(place)) for place in range(len(instance.bids))]
    bids = list(zip(taken, instance.bids, strict=True))
    for lot in range(LOTS):
        model.add_exactly_one([one for one, (_, several, _) in bids if lot in several])
    for bidder in range(BIDDERS):
        own = [(one, several) for one, (who, several, _) in bids if who == bidder]
        model.add(sum(len(several) * one for one, several in own) <= instance.max_lots)
        volume = sum(sum(instance.volume[lot] for lot in several) * one for one, several in own)
        model.add(volume <= instance.capacity[bidder])
    paid = [
        price * (100 * (who in instance.small) - SHARE_PERCENT) * one
        for one, (who, _, price) in bids
    ]
    model.add(sum(paid) >= 0)
    model.minimize(sum(price * one for one, (_, _, price) in bids))

    def call() -> int | None:
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 2
        solver.parameters.max_time_in_seconds = LONGEST_S
        proven = solver.solve(model) == cp_model.OPTIMAL
        return round(solver.objective_value) if proven else None

    return call


CASES: dict[str, Callable[[], Callable[[], Any]]] = {"packages_cpsat": packages_cpsat}
