"""The window that nobody can choose, moments to the microsecond, and devices as packs hold them."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from telemetry_ingest.evidence.observed import Unit, micros, moment, units, window
from tests.telemetry_ingest.evidence.packs import some_units
from tests.telemetry_ingest.protocols import STARTS, protocol


def test_the_window_is_the_protocols_or_ends_when_the_pilot_was_closed():
    terms = protocol()
    early, late = STARTS + timedelta(days=3), terms.ends_at + timedelta(days=9)
    ends = [window(terms, closed).end for closed in (None, early, late, STARTS - timedelta(days=1))]

    assert ends == [micros(one) for one in (terms.ends_at, early, terms.ends_at, STARTS)]
    assert window(terms, None).start == micros(STARTS)


def test_moments_lose_nothing():
    at = datetime(2026, 3, 1, 23, 59, 59, 999_999, tzinfo=UTC)
    assert moment(micros(at)) == at
    assert micros(datetime(1970, 1, 1, tzinfo=UTC)) == 0


def test_devices_are_read_as_they_were_written_and_no_other_field():
    found = some_units()
    content = msgspec.to_builtins(found)

    assert units(content) == found
    for bad in ([{**content[0], "patient": "x"}], [{"number": 1}], {"number": 1}):
        with pytest.raises(msgspec.ValidationError):
            units(bad)
    assert Unit(number=1, serial="", firmware="", is_reference=False).ledger == ()
