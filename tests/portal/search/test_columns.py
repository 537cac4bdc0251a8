import sys
import threading
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


def test_a_longer_column_leaves_the_values_of_the_old_one_alone():
    old = Terms(Values(), np.empty(0, np.int32)).extended([["a"], ["a"], ["b"]])
    most = Chosen(np.ones(3, dtype=np.bool_))
    before = old.counts(most).tolist()
    old.extended([["c"]])

    assert (before, old.counts(most).tolist(), old.values.names) == ([2, 1], [2, 1], ["a", "b"])


def test_a_column_answers_while_a_longer_one_is_made_in_another_thread():
    """A web process reads changes in a thread and goes on answering from what it has."""
    old = Terms(Values(tree=True), np.empty(0, np.int32)).extended([["A/A01"], ["A/A02"], []])
    done = threading.Event()
    wrong: list[object] = []

    def ask():
        everything, few = (Chosen(np.array(mask, dtype=np.bool_)) for mask in ([1, 1, 1], [1, 0, 0]))
        expected = ([2, 1, 1], [1, 1, 0], [True, True, False])
        while not done.is_set():
            try:
                new = old.having(["Z", *(f"Z/{n}" for n in range(0, 40_000, 7))]).any()
                counts = [old.counts(one).tolist()[:3] for one in (everything, few)]
                given = (*counts, old.having(["A"]).tolist())
            except (IndexError, ValueError) as error:
                wrong.append(error)
                return
            if given != expected or new:
                wrong.append((given, new))
                return

    switching = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    asking = threading.Thread(target=ask)
    asking.start()
    try:
        column = old
        for start in range(0, 40_000, 400):
            column = column.extended([[f"Z/{n}"] for n in range(start, start + 400)])
    finally:
        done.set()
        asking.join()
        sys.setswitchinterval(switching)

    assert wrong == []
