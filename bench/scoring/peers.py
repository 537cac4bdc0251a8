"""What the peers are asked, in their own environment; each case prepares a call of its own.

Each gets what it likes best: arrays of float64, no printing, no drawing, its fastest options.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from bench.scoring import inputs


def topsis_pydecision() -> Callable[[], Any]:
    from pyDecision.algorithm import topsis_method

    matrix, weights = inputs.matrix(), inputs.weights()
    return lambda: topsis_method(matrix, weights, inputs.SENSE, graph=False, verbose=False)


def topsis_pyrepo() -> Callable[[], Any]:
    from pyrepo_mcda.mcda_methods import TOPSIS
    from pyrepo_mcda.normalizations import vector_normalization

    matrix, weights = inputs.matrix(), inputs.weights()
    method = TOPSIS(normalization_method=vector_normalization)
    return lambda: method(matrix, weights, inputs.TYPES)


def topsis_pymcdm() -> Callable[[], Any]:
    from pymcdm.methods import TOPSIS
    from pymcdm.normalizations import vector_normalization

    matrix, weights = inputs.matrix(), inputs.weights()
    method = TOPSIS(normalization_function=vector_normalization)
    return lambda: method(matrix, weights, inputs.TYPES)


def topsis_scikit_criteria() -> Callable[[], Any]:
    from skcriteria import mkdm
    from skcriteria.agg.similarity import TOPSIS
    from skcriteria.pipeline import mkpipe
    from skcriteria.preprocessing.invert_objectives import NegateMinimize
    from skcriteria.preprocessing.scalers import VectorScaler

    objectives = [max if one == "max" else min for one in inputs.SENSE]
    tender = mkdm(inputs.matrix(), objectives, weights=inputs.weights())
    pipe = mkpipe(NegateMinimize(), VectorScaler(target="matrix"), TOPSIS())
    return lambda: pipe.evaluate(tender).e_.similarity


def vikor_pyrepo() -> Callable[[], Any]:
    from pyrepo_mcda.mcda_methods import VIKOR

    matrix, weights, method = inputs.matrix(), inputs.weights(), VIKOR()
    return lambda: method(matrix, weights, inputs.TYPES)


def vikor_pydecision() -> Callable[[], Any]:
    from pyDecision.algorithm import vikor_method

    matrix, weights = inputs.matrix(), inputs.weights()

    def call() -> list[float]:
        flows = vikor_method(matrix, weights, inputs.SENSE, graph=False, verbose=False)
        by_bid = flows[2][np.argsort(flows[2][:, 0])]
        return by_bid[:, 1].tolist()

    return call


def vikor_pymcdm() -> Callable[[], Any]:
    from pymcdm.methods import VIKOR

    matrix, weights, method = inputs.matrix(), inputs.weights(), VIKOR()
    return lambda: method(matrix, weights, inputs.TYPES)


def promethee_pymcdm() -> Callable[[], Any]:
    from pymcdm.methods import PROMETHEE_II

    matrix, weights = inputs.matrix(), inputs.weights()
    # An object of it with p and q answers once: it uses its preference functions up.
    return lambda: PROMETHEE_II("vshape_2", p=inputs.P, q=inputs.Q)(matrix, weights, inputs.TYPES)


def promethee_pyrepo() -> Callable[[], Any]:
    from pyrepo_mcda.mcda_methods import PROMETHEE_II

    matrix, weights, method = inputs.matrix(), inputs.weights(), PROMETHEE_II()
    functions = [method._linear_function] * inputs.CRITERIA
    return lambda: method(matrix, weights, inputs.TYPES, functions, p=inputs.P, q=inputs.Q)


def promethee_pydecision() -> Callable[[], Any]:
    """Turn the signs of what is to be minimised: it knows no such criterion."""
    from pyDecision.algorithm import promethee_ii

    matrix, weights = inputs.matrix() * inputs.TYPES, inputs.weights()
    kinds, none = ["t5"] * inputs.CRITERIA, np.zeros(inputs.CRITERIA)
    given = {"sort": False, "graph": False, "verbose": False}
    return lambda: promethee_ii(matrix, weights, inputs.Q, none, inputs.P, kinds, **given)[:, 1]


def saw_pyrepo() -> Callable[[], Any]:
    from pyrepo_mcda.mcda_methods import SAW
    from pyrepo_mcda.normalizations import minmax_normalization

    matrix, weights = inputs.matrix(), inputs.weights()
    method = SAW(normalization_method=minmax_normalization)
    return lambda: method(matrix, weights, inputs.TYPES)


def thousand_saw_pyrepo() -> Callable[[], Any]:
    """Take a thousand tenders in a loop: it has no way to take them together."""
    from pyrepo_mcda.mcda_methods import SAW
    from pyrepo_mcda.normalizations import minmax_normalization

    tenders = inputs.many()[:1000].astype(float)
    weights, method = np.array(inputs.basis_points()) / 10_000, SAW(minmax_normalization)
    types = np.ones(inputs.CRITERIA)

    def call() -> int:
        for tender in tenders:
            method(tender, weights, types)
        return len(tenders)

    return call


def official_bid_evaluation() -> Callable[[], Any]:
    """Mark 50 bids: the price by lowest/price, 19 criteria by published points."""
    import pandas as pd
    from bid_evaluation import Evaluator

    shares = inputs.basis_points()
    asked = Evaluator().min_ratio("price", shares[0] / 100)
    columns: dict[str, Any] = {"price": inputs.prices().astype(float)}
    for place, values in enumerate(inputs.points().T):
        columns[f"c{place}"] = values.astype(float)
        asked = asked.direct(f"c{place}", shares[place + 1] / 100)
    bids = pd.DataFrame(columns)
    return lambda: asked.evaluate(bids)["ranking"].sort_index().tolist()


def smaa_fast() -> Callable[[], Any]:
    """Measure no peer but our own engine with its `[fast]` extra, which is installed here."""
    from bench.scoring import ours

    return ours.smaa_fast()


CASES = {
    name: made
    for name, made in list(globals().items())
    if callable(made) and getattr(made, "__module__", "") == __name__
}
