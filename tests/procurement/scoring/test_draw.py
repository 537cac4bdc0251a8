import hashlib
from itertools import permutations

import pytest

from procurement.scoring.draw import drawn
from procurement.scoring.errors import DrawMismatch

SEED = "the seed of 20 November"
COMMITMENT = hashlib.sha256(SEED.encode()).hexdigest()


def test_drawn_does_not_depend_on_the_order_in_which_bids_are_given():
    assert len({drawn(SEED, COMMITMENT, "1", bids) for bids in permutations("ABC")}) == 1


def test_drawn_is_the_order_of_the_published_digests():
    by_hand = sorted("ABC", key=lambda bid: hashlib.sha256(f"{SEED}|1|{bid}".encode()).hexdigest())

    assert drawn(SEED, COMMITMENT, "1", "ABC") == tuple(by_hand)


def test_drawn_differs_from_lot_to_lot():
    assert len({drawn(SEED, COMMITMENT, str(lot), "ABCD") for lot in range(50)}) > 10


def test_drawn_refuses_a_seed_that_was_not_committed_to():
    with pytest.raises(DrawMismatch) as refused:
        drawn("another", COMMITMENT, "1", "AB")

    assert refused.value.values == {"commitment": COMMITMENT}
