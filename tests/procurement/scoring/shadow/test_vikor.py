import pytest

from procurement.scoring.errors import NotComparable
from procurement.scoring.shadow.vikor import vikor
from tests.procurement.scoring.shadow.published import case


@pytest.mark.parametrize("name", ["vikor_opricovic_tzeng_2004", "vikor_papathanasiou_2018"])
def test_vikor_gives_the_published_measures(name):
    known = case(name)
    inputs, expected, within = known["inputs"], known["expected"], known["tolerance"]

    found = vikor(inputs["matrix"], inputs["weights"], inputs["sense"], v=inputs["v"])

    assert found.compromise == pytest.approx(expected["Q"], abs=within)
    assert found.group == pytest.approx(expected.get("S", found.group), abs=within)
    assert found.regret == pytest.approx(expected.get("R", found.regret), abs=within)
    assert list(found.compromise_set) == expected.get("compromise_set", list(found.compromise_set))
    assert found.decides is False


# Each line worked out by hand from conditions C1 and C2 of the paper.
@pytest.mark.parametrize(
    ("matrix", "v", "advantage", "stability", "chosen"),
    [
        ([[10, 10], [0, 5], [5, 0]], 0.5, True, True, (0,)),
        ([[10, 9], [9, 10], [0, 0]], 0.5, False, True, (0, 1)),  # Q: 0, 0, 1
        ([[10, 0], [6, 5], [0, 10]], 0.5, True, True, (1,)),
        ([[3, 9], [2, 4], [7, 6]], 0.5, False, True, (2, 0)),  # Q: 9/28, 1, 0; needs 1/2
        # Q: .5, .5, .5, .5, 7/36, needs 1/4: the last leads by Q, others by S and by R.
        ([[7, 3], [1, 9], [4, 4], [10, 2], [3, 7]], 0.5, True, False, (4, 0)),
    ],
)
def test_the_compromise_set_follows_from_advantage_and_stability(
    matrix, v, advantage, stability, chosen
):
    found = vikor(matrix, [0.5, 0.5], ["max", "max"], v=v)

    assert (
        found.acceptable_advantage,
        found.acceptable_stability,
        found.compromise_set,
    ) == (advantage, stability, chosen)


def test_one_bid_alone_is_its_own_compromise():
    found = vikor([[3, 4]], [1, 1], ["max", "min"])

    assert (found.order, found.compromise_set, found.acceptable_advantage) == ((0,), (0,), True)


def test_equal_bids_are_all_in_the_compromise_set():
    assert vikor([[1, 2]] * 3, [1, 1], ["max", "max"]).compromise_set == (0, 1, 2)


@pytest.mark.parametrize("v", [-0.1, 1.1, float("nan")])
def test_a_weight_of_the_majority_outside_0_to_1_is_refused(v):
    with pytest.raises(NotComparable):
        vikor([[1], [2]], [1], ["max"], v=v)
