"""Conditions: whatever is written holds for what plain Python says, and never outside its reach."""

import operator
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telemetry_ingest.evidence.observed import moment
from telemetry_ingest.sensorthings.asked import said_of_time
from telemetry_ingest.sensorthings.conditions import (
    EVER,
    LAST,
    NotACondition,
    compared,
    holds,
    is_stretch,
    reach,
    read,
    span_of,
)

SORTS = {"phenomenonTime": "time", "result": "number", "name": "text", "properties/": "any"}
COMPARES = {
    "eq": operator.eq, "ne": operator.ne, "gt": operator.gt, "ge": operator.ge,
    "lt": operator.lt, "le": operator.le,
}  # fmt: skip
AT = 1_772_352_000_000_000
TIMES = st.integers(AT, AT + 6)
RESULTS = st.one_of(st.none(), st.integers(-2, 3).map(float))
NAMES = st.sampled_from(["", "a", "b'c", "not", "x (y)"])
ROWS = st.fixed_dictionaries({"phenomenonTime": TIMES, "result": RESULTS, "name": NAMES})


def plain(name, one, other):
    """Compare as OData does: nothing has no order, and is equal to nothing only."""
    if name in {"eq", "ne"}:
        return COMPARES[name](one, other)
    return one is not None and COMPARES[name](one, other)


@st.composite
def comparisons(draw):
    """Draw a comparison as a text and as a function of a row."""
    name = draw(st.sampled_from(sorted(COMPARES)))
    path = draw(st.sampled_from(["phenomenonTime", "result", "name"]))
    value = draw({"phenomenonTime": TIMES, "result": st.integers(-2, 3), "name": NAMES}[path])
    text = {
        "phenomenonTime": lambda: moment(value).isoformat().replace("+00:00", "Z"),
        "result": lambda: str(value),
        "name": lambda: "'" + value.replace("'", "''") + "'",
    }[path]()
    if path == "result" and name in {"eq", "ne"} and draw(st.booleans()):
        text, value = "null", None
    return f"{path} {name} {text}", lambda row: plain(name, row[path], value)


def joined(parts):
    def both(word, function):
        return st.tuples(parts, parts).map(
            lambda pair: (
                f"({pair[0][0]}) {word} ({pair[1][0]})",
                lambda row: function(part[1](row) for part in pair),
            )
        )

    negated = parts.map(lambda part: (f"not ({part[0]})", lambda row: not part[1](row)))
    return both("and", all) | both("or", any) | negated


CONDITIONS = st.recursive(comparisons(), joined, max_leaves=6)


@given(CONDITIONS, st.lists(ROWS, max_size=20))
def test_a_condition_holds_for_what_python_says(condition, rows):
    text, function = condition
    found = read(text, SORTS)
    start, end = reach(found, said_of_time)

    for row in rows:
        met = holds(found, row.get)
        assert met == function(row), (text, row)
        assert not met or start <= row["phenomenonTime"] < end
        if is_stretch(found):
            assert met == (start <= row["phenomenonTime"] < end)


def test_words_bind_as_in_odata():
    found = read("result eq 1 or result eq 2 and not name eq 'a' or 5 lt result", SORTS)
    assert [
        (result, name)
        for result in (1, 2, 3, 6)
        for name in "ab"
        if holds(found, {"result": result, "name": name}.get)
    ] == [(1, "a"), (1, "b"), (2, "b"), (6, "a"), (6, "b")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("phenomenonTime ge 2026-03-01T08:00:00Z and result gt 1", (AT, LAST)),
     ("phenomenonTime ge 2026-03-01T08:00:00Z or result gt 1", EVER),
     ("not (phenomenonTime ge 2026-03-01T08:00:00Z or result gt 1)", (0, AT)),
     ("phenomenonTime lt 1970-01-01T00:00:00Z", (0, 0)),
     ("phenomenonTime eq 2026-03-01T08:00:00Z or phenomenonTime eq 2026-03-01T08:00:01Z",
      (AT, AT + 1_000_001))],
)  # fmt: skip
def test_how_far_a_condition_reaches(text, expected):
    assert reach(read(text, SORTS), said_of_time) == expected


def test_properties_of_any_kind():
    found = read("properties/isReference eq true and properties/pilot ge 2", SORTS)
    assert holds(found, {"properties/isReference": True, "properties/pilot": 2}.get)
    assert not holds(found, {"properties/isReference": 1, "properties/pilot": 2}.get)
    assert not holds(found, {"properties/isReference": True, "properties/pilot": "2"}.get)
    assert compared("ne", None, 5)
    assert not compared("gt", None, 5)
    assert span_of("ne", AT) == EVER


@given(st.text(max_size=60) | st.lists(st.sampled_from(
    ["result", "name", "eq", "gt", "(", ")", "not", "and", "or", "5", "'a'", "null", "''"]
), max_size=12).map(" ".join))  # fmt: skip
def test_any_other_text_is_refused_and_nothing_worse(text):
    with suppress(NotACondition):
        read(text, SORTS)


def test_brackets_within_brackets_have_an_end():
    assert read("(" * 50 + "result eq 5" + ")" * 50, SORTS) == read("result eq 5", SORTS)
    for many in (51, 199):
        with pytest.raises(NotACondition):
            read("(" * many + "result eq 5", SORTS)
