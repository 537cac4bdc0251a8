import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.scoring.errors import NotComparable
from procurement.scoring.shadow.promethee import promethee
from tests.procurement.scoring.shadow.published import case

FUNCTIONS = {"usual": "usual", "linear with indifference": "linear"}


@pytest.mark.parametrize("name", ["promethee2_papathanasiou_2018", "promethee2_zhao_2013"])
def test_promethee_gives_the_published_net_flows(name):
    known = case(name)
    inputs = known["inputs"]

    found = promethee(
        inputs["matrix"],
        inputs["weights"],
        inputs["sense"],
        function=FUNCTIONS[inputs["function"]],
        q=inputs.get("q"),
        p=inputs.get("p"),
    )

    assert found.net == pytest.approx(known["expected"]["net_flow"], abs=known["tolerance"])
    assert found.decides is False


def slowly(function, d, q, p, s):
    """The definitions of Brans and Vincke, one difference at a time."""
    return {
        "usual": float(d > 0),
        "u_shape": float(d > q),
        "v_shape": 0.0 if d <= 0 else min(d / p, 1.0),
        "level": 0.0 if d <= q else 0.5 if d <= p else 1.0,
        "linear": 0.0 if d <= q else min((d - q) / (p - q), 1.0),
        "gaussian": 0.0 if d <= 0 else 1 - math.exp(-d * d / (2 * s * s)),
    }[function]


@given(
    st.sampled_from(["usual", "u_shape", "v_shape", "level", "linear", "gaussian"]),
    st.integers(2, 5),
    st.integers(1, 4),
    st.integers(0, 2**32),
)
def test_all_functions_follow_their_definitions(function, bids, criteria, seed):
    rng = np.random.default_rng(seed)
    matrix = rng.integers(0, 9, (bids, criteria))
    weights = rng.integers(1, 9, criteria)
    sense = rng.choice(["max", "min"], criteria).tolist()
    q, p, s = (
        rng.integers(0, 3, criteria),
        rng.integers(3, 6, criteria),
        rng.integers(1, 4, criteria),
    )

    found = promethee(matrix, weights, sense, function=function, q=q, p=p, s=s)

    preferred = np.zeros((bids, bids))
    for i in range(bids):
        for j in range(bids):
            for k in range(criteria):
                d = float(matrix[i, k] - matrix[j, k]) * (1 if sense[k] == "max" else -1)
                share = weights[k] / weights.sum()
                preferred[i, j] += share * slowly(function, d, q[k], p[k], s[k])
    assert found.positive == pytest.approx(preferred.sum(axis=1) / (bids - 1))
    assert found.negative == pytest.approx(preferred.sum(axis=0) / (bids - 1))
    assert found.net.sum() == pytest.approx(0, abs=1e-12)


def test_the_sense_of_a_criterion_is_heeded():
    found = promethee([[1], [2], [3]], [1], ["min"])

    assert (found.net.tolist(), found.ranks) == ([1.0, 0.0, -1.0], (1, 2, 3))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"function": "v_shape"}, "p"),
        ({"function": "linear", "p": 2}, "q"),
        ({"function": "linear", "q": 2, "p": 2}, "p"),
        ({"function": "v_shape", "p": 0}, "p"),
        ({"function": "u_shape", "q": -1}, "q"),
        ({"function": "u_shape", "q": [1, 1, 1]}, "q"),
        ({"function": "gaussian", "s": 0}, "s"),
        ({"function": "sigmoid"}, "function"),
    ],
)
def test_missing_or_disordered_thresholds_are_refused(given, field):
    with pytest.raises(NotComparable) as refused:
        promethee([[1, 2], [2, 1]], [1, 1], ["max", "max"], **given)

    assert refused.value.field == field


def test_one_bid_alone_is_not_compared():
    with pytest.raises(NotComparable):
        promethee([[1, 2]], [1, 1], ["max", "max"])
