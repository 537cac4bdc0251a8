from datetime import UTC, datetime, timedelta

from telemetry_ingest.live.today import expected, midnight, offset_s, served_s
from tests.telemetry_ingest.protocols import STARTS, protocol


def test_today_begins_at_midnight_in_casablanca():
    assert midnight(datetime(2026, 7, 10, 23, 30, tzinfo=UTC)) == datetime(
        2026, 7, 10, 23, tzinfo=UTC
    )
    assert midnight(datetime(2026, 7, 10, 12, tzinfo=UTC)) == datetime(2026, 7, 9, 23, tzinfo=UTC)


def test_only_hours_of_service_within_the_period_count():
    nights = protocol(daily_from=8, daily_to=16)

    assert served_s(nights, STARTS, STARTS + timedelta(days=1)) == 8 * 3600
    assert served_s(nights, STARTS + timedelta(hours=15.5), STARTS + timedelta(hours=20)) == 1800
    assert served_s(protocol(), STARTS - timedelta(days=1), STARTS) == 0
    assert served_s(protocol(), STARTS + timedelta(days=29), STARTS + timedelta(days=40)) == 86_400


def test_every_metric_is_expected_at_its_rate():
    assert expected(protocol(), STARTS, STARTS + timedelta(minutes=1)) == 120


def test_browsers_are_told_which_time_it_is_in_casablanca():
    assert offset_s(datetime(2026, 7, 10, 12, tzinfo=UTC)) == 3600
