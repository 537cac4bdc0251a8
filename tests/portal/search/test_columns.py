import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from portal.search.columns import Chosen, Terms, Values

PATHS = ["A", "A/A01", "A/A01/A0101", "A/A02", "Z", "Z/Z11"]


def lines(path: str) -> set[str]:
    parts = path.split("/")
    return {"/".join(parts[: n + 1]) for n in range(len(parts))}


@given(st.lists(st.tuples(st.lists(st.sampled_from(PATHS), max_size=3), st.booleans())))
def test_a_document_counts_once_at_each_value_however_many_are_chosen(documents):
    column = Terms(Values(tree=True), np.empty(0, np.int32)).extended([row for row, _ in documents])
    mask = np.array([chosen for _, chosen in documents], dtype=np.bool_)

    expected: Counter[str] = Counter()
    for row, chosen in documents:
        if chosen:
            expected.update({name for path in row for name in lines(path)})

    counts = column.counts(Chosen(mask))
    assert {name: expected[name] for name in column.values.names} == dict(
        zip(column.values.names, counts.tolist(), strict=True)
    )


def test_a_longer_column_leaves_the_values_of_the_old_one_alone():
    old = Terms(Values(), np.empty(0, np.int32)).extended([["a"], ["a"], ["b"]])
    most = Chosen(np.ones(3, dtype=np.bool_))
    before = old.counts(most).tolist()
    old.extended([["c"]])

    assert (before, old.counts(most).tolist(), old.values.names) == ([2, 1], [2, 1], ["a", "b"])


def answers(column: Terms) -> tuple[object, ...]:
    """Return what a request asks of a column of three documents, also about values it lacks."""
    most, few = (Chosen(np.array(mask, dtype=np.bool_)) for mask in ([1, 1, 1], [1, 0, 0]))
    unknown = column.having(["Z", *(f"Z/{n}" for n in range(0, 40_000, 7))]).any()
    counts = column.counts(most).tolist(), column.counts(few).tolist()
    return *counts, column.having(["A"]).tolist(), bool(unknown)


def test_a_column_answers_while_a_longer_one_is_made_in_another_thread():
    """A web process reads changes in a thread and goes on answering from what it has."""
    old = Terms(Values(tree=True), np.empty(0, np.int32)).extended([["A/A01"], ["A/A02"], []])
    expected = answers(old)
    switching = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(1) as pool:
            lengthening = pool.submit(lengthened, old)
            given = [answers(old)]
            while not lengthening.done():
                given.append(answers(old))
    finally:
        sys.setswitchinterval(switching)

    assert [one for one in given if one != expected] == []
    assert len(lengthening.result().values.names) == 40_004


def lengthened(column: Terms) -> Terms:
    for start in range(0, 40_000, 400):
        column = column.extended([[f"Z/{n}"] for n in range(start, start + 400)])
    return column
