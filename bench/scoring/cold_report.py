"""One report from a cold start: read a tender's file, evaluate it, answer every question of it.

`python -m bench.scoring.cold_report write FILE` makes the file (50 bids, 20 criteria, 5
evaluators); `… report FILE` is what is measured and prints how long each step took.
"""

import json
import sys
import time

BEGAN = time.perf_counter()

EVALUATORS = 5
DRAWS = 2**20
UNIT = 100  # points are kept to two decimals


def write(path: str) -> None:
    """Write the tender's file."""
    from bench.scoring.ours import official
    from procurement.scoring.canonical import canonical
    from procurement.scoring.reading import EvaluationFile

    tender, dossier = official(EVALUATORS)
    file = EvaluationFile(format="tajhiz.evaluation/1", tender=tender, dossier=dossier)
    with open(path, "wb") as out:
        out.write(canonical(file))


def report(path: str) -> None:
    """Read, evaluate, report; print the seconds of each step."""
    import numpy as np

    from procurement.scoring import value
    from procurement.scoring.engine import evaluate
    from procurement.scoring.reading import read
    from procurement.scoring.robustness.evaluators import Panel
    from procurement.scoring.robustness.relative import RelativePrice
    from procurement.scoring.robustness.report import Given, robustness

    marks = {"import": time.perf_counter() - BEGAN}
    with open(path, "rb") as source:
        file = read(source.read())
    marks["read"] = time.perf_counter() - BEGAN
    outcome = evaluate(file)
    matrix = value.score_matrix(file.tender, file.dossier, "1")
    marks["evaluate"] = time.perf_counter() - BEGAN
    place = {name: number for number, name in enumerate(matrix.bids)}
    column = {name: number for number, name in enumerate(matrix.criteria)}
    names = tuple(sorted({one.evaluator for one in file.dossier.marks}))
    given = np.full((len(matrix.criteria), len(names), len(place)), -1, dtype=np.int64)
    for one in file.dossier.marks:
        assert one.points is not None
        at = column[one.criterion], names.index(one.evaluator), place[one.bid]
        given[at] = int(one.points * UNIT)
    prices = {bid.id: bid.price for bid in file.dossier.bids}
    found = robustness(
        matrix,
        seed=1,
        draws=DRAWS,
        given=Given(
            relative=RelativePrice(column["price"], tuple(prices[name] for name in matrix.bids)),
            panels=tuple(
                Panel(column[name], names, given[column[name]])
                for name in matrix.criteria
                if name != "price"
            ),
        ),
    )
    marks["robustness"] = time.perf_counter() - BEGAN
    winner = outcome.lots[0].winner
    print(json.dumps({"marks": marks, "winner": winner, "first": found.order[0]}))


if __name__ == "__main__":
    {"write": write, "report": report}[sys.argv[1]](sys.argv[2])
