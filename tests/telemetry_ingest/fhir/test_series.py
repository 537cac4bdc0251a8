"""Where a series goes on after a page that ended somewhere in another one."""

from hypothesis import given
from hypothesis import strategies as st

from telemetry_ingest.fhir.keys import Key
from telemetry_ingest.fhir.series import begin

KEYS = st.builds(Key, *[st.integers(0, 2)] * 5)


@given(st.sets(KEYS), KEYS, st.booleans())
def test_a_page_goes_on_where_the_one_before_ended(keys, last, from_end):
    """Every key comes after the last one in the order of time, or before it, never both."""

    def by_time(key):
        return key.at, key.device, key.metric, key.boot, key.seq

    for key in keys:
        after = begin((key.device, key.metric), last)
        comes = key.place < after if from_end else key.place > after
        expected = by_time(key) < by_time(last) if from_end else by_time(key) > by_time(last)
        assert comes == expected


def test_a_first_page_begins_anywhere():
    assert begin((1, 2), None) is None
