"""Ranges of a sequence."""

from hypothesis import given
from hypothesis import strategies as st

from telemetry_ingest.consumer.ledger import (
    Counts,
    counts,
    duplicates,
    gaps,
    merged,
    range_of,
    read,
    written,
)

numbers = st.sets(st.integers(0, 60))


def test_ranges_that_touch_are_one():
    assert merged([(7, 9), (1, 3), (3, 5), (4, 6)]) == [(1, 6), (7, 9)]


@given(numbers)
def test_the_ranges_of_numbers_hold_exactly_these_numbers(found):
    ranges = range_of(sorted(found))

    assert {one for first, end in ranges for one in range(first, end)} == found


@given(st.lists(numbers))
def test_counts_are_those_of_the_numbers(parts):
    ranges = [one for part in parts for one in range_of(sorted(part))]
    whole = set().union(*parts)
    expected = max(whole) - min(whole) + 1 if whole else 0

    found = counts(ranges)

    assert (found, found.missing, duplicates(ranges)) == (
        Counts(expected, len(whole)),
        expected - len(whole),
        sum(map(len, parts)) - len(whole),
    )


@given(numbers)
def test_gaps_and_ranges_together_have_no_hole(found):
    ranges = range_of(sorted(found))

    assert merged([*ranges, *gaps(ranges)]) == ([(min(found), max(found) + 1)] if found else [])


@given(numbers)
def test_what_is_written_can_be_read(found):
    ranges = range_of(sorted(found))

    assert read(written(ranges)) == ranges


def test_what_is_missing_at_the_beginning_counts_when_the_beginning_is_known():
    assert counts([(5, 8)], since=0) == Counts(8, 3)


def test_it_is_written_as_postgresql_does():
    assert (written([(1, 2), (5, 8)]), written([])) == ("{[1,2),[5,8)}", "{}")
