from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.web.i18n import CASABLANCA
from telemetry_ingest.fhir.dates import EVER, NotADate, both, span

HALF, END = 500_000, 600_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(10**12, 4 * 10**15).map(lambda us: EPOCH + timedelta(microseconds=us))


def us(*parts: int) -> int:
    return (datetime(*parts, tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026", (2026, 1, 1), (2027, 1, 1)),
        ("2026-12", (2026, 12, 1), (2027, 1, 1)),
        ("2024-02-29", (2024, 2, 29), (2024, 3, 1)),
        ("2026-03-01T10:20:59Z", (2026, 3, 1, 10, 20, 59), (2026, 3, 1, 10, 21)),
        ("2026-03-01T10:20:59+01:00", (2026, 3, 1, 9, 20, 59), (2026, 3, 1, 9, 21)),
        ("2026-03-01T10:20:59 01:00", (2026, 3, 1, 9, 20, 59), (2026, 3, 1, 9, 21)),
        ("2026-03-01T10:20Z", (2026, 3, 1, 10, 20), (2026, 3, 1, 10, 21)),
        ("2026-03-01T00:00:00.5Z", (2026, 3, 1, 0, 0, 0, HALF), (2026, 3, 1, 0, 0, 0, END)),
    ],
)  # fmt: skip
def test_a_date_means_all_of_its_precision(text, start, end):
    assert span(text, UTC) == (us(*start), us(*end))


def test_prefixes_cut_before_or_after_what_is_meant():
    start, end = us(2026, 3, 1), us(2026, 3, 2)

    found = {
        one: span(f"{one}2026-03-01", UTC) for one in ("eq", "ge", "gt", "sa", "le", "lt", "eb")
    }

    assert found == {
        "eq": (start, end),
        "ge": (start, EVER[1]),
        "gt": (end, EVER[1]),
        "sa": (end, EVER[1]),
        "le": (0, end),
        "lt": (0, start),
        "eb": (0, start),
    }


def test_a_day_without_zone_is_a_day_in_morocco():
    start, end = span("2026-07-10", CASABLANCA)

    assert (start, end) == (us(2026, 7, 9, 23), us(2026, 7, 10, 23))


@pytest.mark.parametrize(
    "text",
    [
        "", "yesterday", "2026-13", "2026-02-30", "26-01-01", "ne2026", "ap2026-01-01", "xx2026",
        "2026-01-01T10", "2026-01-01T10:00:61Z", "2026-01-01T10:00:00+99:99", "0000", "2026-1-1",
        "2026-01-01 10:00", "٢٠٢٦-٠١-٠١x",
    ],
)  # fmt: skip
def test_what_is_no_date_is_refused(text):
    with pytest.raises(NotADate):
        span(text, UTC)


def test_the_last_year_of_the_calendar_is_for_ever():
    assert span("le9999-12-31", UTC) == EVER


@given(MOMENTS, st.integers(-14 * 60, 14 * 60))
def test_a_moment_written_in_any_zone_is_that_moment(at, minutes):
    zone = timezone(timedelta(minutes=minutes))
    text = at.astimezone(zone).isoformat(timespec="microseconds")

    start, end = span(text, UTC)

    assert (start, end) == ((at - EPOCH) // timedelta(microseconds=1), start + 1)


@given(MOMENTS, MOMENTS)
def test_two_dates_narrow_each_other(one, other):
    low, high = sorted([one, other])

    first, last = both(span(f"ge{low.isoformat()}", UTC), span(f"lt{high.isoformat()}", UTC))

    assert last - first == (high - low) // timedelta(microseconds=1)


@given(st.text(max_size=40))
def test_any_text_is_a_stretch_or_refused(text):
    try:
        first, last = span(text, CASABLANCA)
    except NotADate:
        return
    assert (EVER[0] <= first, last <= EVER[1]) == (True, True)
