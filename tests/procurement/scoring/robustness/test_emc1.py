import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procurement.scoring.errors import PrecisionExceeded
from procurement.scoring.robustness import seed_of
from procurement.scoring.robustness.counting import rank_counts
from procurement.scoring.robustness.emc1 import network, replay, shape_of, weights, words
from tests.procurement.scoring.robustness.matrices import case, matrices, matrix, random_matrix

_MULTIPLIERS = 0xD2E7470EE14C6C93, 0xCA5A826395121157
_WEYL = 0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B
_WORD = 2**64 - 1


def philox(seed: int, counter: int) -> list[int]:
    """Philox4x64-10 (Salmon et al. 2011) in plain Python integers."""
    c = [(counter >> (64 * place)) & _WORD for place in range(4)]
    k = [seed & _WORD, seed >> 64]
    for _ in range(10):
        a, b = _MULTIPLIERS[0] * c[0], _MULTIPLIERS[1] * c[2]
        c = [(b >> 64) ^ c[1] ^ k[0], b & _WORD, (a >> 64) ^ c[3] ^ k[1], a & _WORD]
        k = [(k[0] + _WEYL[0]) & _WORD, (k[1] + _WEYL[1]) & _WORD]
    return c


def plain_weights(seed: int, n: int, bits: int, draw: int) -> list[int]:
    q = n // 2
    stream = [philox(seed, place // 4 + 1)[place % 4] for place in range(draw * q, draw * q + q)]
    parts = [part for word in stream for part in (word & 0xFFFFFFFF, word >> 32)]
    cuts = sorted(part >> (32 - bits) for part in parts[: n - 1])
    return [b - a for a, b in zip([0, *cuts], [*cuts, 2**bits], strict=True)]


def test_the_published_vector_is_met_bit_for_bit():
    known = case("emc1_stream_vector_a")
    inputs, expected = known["inputs"], known["expected"]
    looked_at = matrix(inputs["scores_1e_2_points"], priority=inputs["tie_priority"])
    seed = int(inputs["key"])
    shape = shape_of(looked_at)

    first = weights(seed, shape, 0, 8)[:-1].T.astype(int).tolist()
    counts = rank_counts(looked_at, seed, draws=inputs["draws"])

    assert shape.weight_bits == inputs["W"]
    assert first == expected["first_8_weight_vectors"]
    assert counts.ranks.tolist() == expected["rank_counts"]


@given(seed=st.integers(0, 2**128 - 1), n=st.integers(1, 40), draw=st.integers(0, 10**12))
@settings(max_examples=60, deadline=None)
def test_weights_are_those_of_plain_integers(seed, n, draw):
    shape = shape_of(matrix([[10_000] * n, [0] * n]))

    drawn = weights(seed, shape, draw, 3)[:-1].T.astype(int).tolist()

    assert drawn == [plain_weights(seed, n, shape.weight_bits, draw + d) for d in range(3)]
    assert {sum(row) for row in drawn} == {2**shape.weight_bits}


@given(matrices(), st.integers(0, 2**64))
@settings(max_examples=40, deadline=None)
def test_counts_are_those_of_draws_repeated_by_hand(looked_at, seed):
    m, draws = len(looked_at.bids), 25
    by_hand = np.zeros((m, m), np.int64)
    bits = shape_of(looked_at).weight_bits
    for draw in range(draws):
        again = replay(looked_at, seed, draw)
        drawn = plain_weights(seed, len(looked_at.criteria), bits, draw)
        points = [
            sum(w * int(s) for w, s in zip(drawn, row, strict=True)) for row in looked_at.scores
        ]
        order = sorted(range(m), key=lambda b: (points[b], looked_at.priority[b]), reverse=True)
        assert again.weights == tuple(drawn)
        assert again.order == tuple(looked_at.bids[bid] for bid in order)
        by_hand[order, range(m)] += 1

    counts = rank_counts(looked_at, seed, draws=draws)

    assert counts.ranks.tolist() == by_hand.tolist()


def test_lanes_and_places_of_the_stream_do_not_overlap():
    assert words(7, 5, 6).tolist() == words(7, 0, 11)[5:].tolist()
    assert set(words(7, 0, 100).tolist()) & set(words(7, 0, 100, lane=1).tolist()) == set()
    assert words(7, 0, 4).tolist() == philox(7, 1)
    assert words(7, 0, 4, lane=2).tolist() == philox(7, 1 + (2 << 64))


def test_the_network_sorts_everything_that_is_0_or_1():
    # Knuth's 0-1 principle, all sizes up to 10.
    for size in range(11):
        for pattern in range(2**size):
            row = [(pattern >> place) & 1 for place in range(size)]
            for low, high in network(size):
                row[low], row[high] = min(row[low], row[high]), max(row[low], row[high])
            assert row == sorted(row)


def test_scores_that_leave_too_few_bits_are_refused():
    assert shape_of(matrix([[2**35 - 1], [0]])).weight_bits == 16
    with pytest.raises(PrecisionExceeded) as refused:
        shape_of(matrix([[2**35], [0]]))
    assert refused.value.values == {"needed": 53, "available": 52}


def test_the_largest_scores_are_still_exact():
    looked_at = matrix([[2**35 - 1, 2**35 - 2], [2**35 - 2, 2**35 - 1]], priority=[0, 1])
    counts = rank_counts(looked_at, 3, draws=2000)

    first = [replay(looked_at, 3, draw).order[0] for draw in range(2000)]

    assert counts.ranks[0].tolist() == [first.count("b0"), first.count("b1")]


def test_the_seed_comes_from_the_tender_and_the_minute_of_its_opening():
    assert seed_of("MD-2026-017", "2026-03-04T10:30Z") == int(
        "9830ac98a00c73f54f827347697b71cf", 16
    )
    assert seed_of("MD-2026-017", "2026-03-04T10:31Z") != seed_of(
        "MD-2026-017", "2026-03-04T10:30Z"
    )


def test_a_random_matrix_is_looked_at_by_all_threads_alike():
    looked_at = random_matrix(50, 10)
    reference = rank_counts(looked_at, 7, draws=20_011, threads=1)

    for threads, block in ((1, 1000), (2, 8192), (4, 513), (3, 1)):
        draws = 20_011 if block > 1 else 300
        again = rank_counts(looked_at, 7, draws=draws, threads=threads, block=block)
        wanted = reference if block > 1 else rank_counts(looked_at, 7, draws=draws, threads=1)
        assert again.ranks.tolist() == wanted.ranks.tolist()
        assert again.seen_first.tolist() == wanted.seen_first.tolist()
