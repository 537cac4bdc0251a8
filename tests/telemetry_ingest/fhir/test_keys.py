from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from telemetry_ingest.fhir import keys
from telemetry_ingest.fhir.dates import EVER
from telemetry_ingest.fhir.keys import Key

NUMBERS = [st.integers(0, most) for most in keys.MOST]
KEYS = st.builds(Key, *NUMBERS)


@given(KEYS, st.sampled_from([0, 3, keys.LONGEST_RUN]))
def test_an_id_names_one_reading_and_fits_into_what_fhir_allows(key, run):
    text = keys.written(key, run)

    assert keys.read(text) == (key, run)
    assert len(text) <= 64


@given(KEYS, KEYS)
def test_two_readings_never_share_an_id(one, other):
    assert (keys.written(one) == keys.written(other)) == (one == other)


@given(st.text(alphabet="0123456789az-ZÀ", max_size=70))
def test_any_other_text_names_nothing_or_is_the_id_itself(text):
    found = keys.read(text)

    assert found is None or keys.written(*found) == text


def test_numbers_that_no_table_holds_name_nothing():
    assert keys.read("zzzzzzzzzzzzz-1-1-1-1") is None
    assert keys.read("1-1-1-1-1-2") is None
    latest = keys.written(keys.Key(1, 1, EVER[1] - 1, 1, 1))
    assert keys.read(latest) is not None
    assert keys.read(keys.written(keys.Key(1, 1, EVER[1], 1, 1))) is None
    assert keys.read("1-1-1-1-1-" + keys.base36(3601)) is None


@given(st.uuids(), st.integers(1, keys.INT4))
def test_the_id_of_a_metric_comes_back(unit_id, code):
    text = keys.metric_written(unit_id, code)

    assert (keys.metric_read(text), len(text) <= 64) == ((unit_id, code), True)


def test_what_is_no_metric_is_none():
    some = str(UUID(int=1))

    assert [keys.metric_read(one) for one in (some, f"{some}-", f"{some}-01", "x-1")] == [None] * 4
