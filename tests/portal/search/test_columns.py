from collections import Counter

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


def test_values_that_came_after_a_column_was_counted_have_no_documents_in_it():
    old = Terms(Values(), np.empty(0, np.int32)).extended([["a"], ["a"], ["b"]])
    most = Chosen(np.ones(3, dtype=np.bool_))
    before = old.counts(most).tolist()
    old.extended([["c"]])

    assert (before, old.counts(most).tolist()) == ([2, 1], [2, 1, 0])
