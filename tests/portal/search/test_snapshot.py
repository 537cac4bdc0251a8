"""A snapshot that changed step by step answers like one that was made at once."""

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.search.answering import answer
from portal.search.index import Query
from portal.search.snapshot import Columns, Row, Snapshot
from tests.portal.search.library import Library

INDEX = Library().index
WORDS = ["pompe", "pompes", "gants", "ecg", "moniteur", "monitor", "x12"]
PATHS = ["A", "A/A01", "A/A01/A0101", "A/A02", "Z", "Z/Z12"]

rows = st.builds(
    lambda id, deleted, title, body, emdn, kind, price: Row(
        id,
        deleted,
        " ".join(sorted(title)),
        " ".join(sorted(body)),
        msgspec.json.encode(
            Columns(
                facets={"emdn": emdn, "class": kind},
                numbers={} if price is None else {"price": price, "attribute.a": price},
                titles={"fr": " ".join(sorted(title))},
            )
        ).decode(),
    ),
    id=st.integers(1, 12),
    deleted=st.booleans(),
    title=st.sets(st.sampled_from(WORDS), max_size=3),
    body=st.sets(st.sampled_from(WORDS), max_size=4),
    emdn=st.lists(st.sampled_from(PATHS), max_size=3, unique=True),
    kind=st.lists(st.sampled_from("abc"), max_size=2, unique=True),
    price=st.none() | st.floats(0, 100),
)
queries = st.builds(
    Query,
    words=st.sampled_from(["", *WORDS, "pompe gants", "mon", "gnats"]),
    chosen=st.dictionaries(
        st.sampled_from(["emdn", "class"]),
        st.lists(st.sampled_from([*PATHS, "a", "b"]), min_size=1, max_size=2).map(tuple),
        max_size=2,
    ),
    sort=st.sampled_from(["", "price", "-price"]),
)


def distinct(batch: list[Row]) -> list[Row]:
    return list({row.id: row for row in batch}.values())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(rows, max_size=5).map(distinct), max_size=14), queries)
def test_changed_step_by_step_or_at_once_answers_alike(batches, query):
    stepwise = Snapshot.empty(INDEX)
    last: dict[int, Row] = {}
    for batch in batches:
        stepwise = stepwise.changed(batch)
        for row in batch:
            last.pop(row.id, None)
            last[row.id] = row
    at_once = Snapshot.empty(INDEX).changed(list(last.values()))

    one, other, merged = (answer(s, query) for s in (stepwise, at_once, stepwise.merged()))

    for found in (other, merged):
        assert (one.total, one.unfiltered_total) == (found.total, found.unfiltered_total)
        assert one.facets == found.facets
        assert sorted(one.ids) == sorted(found.ids)


@settings(max_examples=60, deadline=None)
@given(st.lists(rows, max_size=10).map(distinct), queries)
def test_facets_count_what_choosing_a_value_gives(batch, query):
    snapshot = Snapshot.empty(INDEX).changed(batch)
    found = answer(snapshot, query)

    for name in ("class", "emdn"):
        for value in found.facets[name].values:
            chosen = dict(query.chosen) | {name: (value.value,)}
            alone = Query(query.words, chosen=chosen, ranges=query.ranges)
            assert answer(snapshot, alone).total == value.count
