import re
from datetime import UTC, datetime, timedelta

from portal.web.i18n import language
from telemetry_ingest.live.drawing import Drawn, chart, scale_of, sparkline
from telemetry_ingest.live.gaps import gaps
from telemetry_ingest.queries.live import Bin

START, STEP = datetime(2026, 3, 1, tzinfo=UTC), timedelta(minutes=10)


def drawn(*means: float | None, low: float = 50, high: float = 100) -> Drawn:
    bins = [
        Bin(START + place * STEP, 9, 0, mean - 1, mean + 1, mean)
        for place, mean in enumerate(means)
        if mean is not None
    ]
    now = START + len(means) * STEP
    return Drawn(bins, gaps(bins, STEP, 150, START, now), START, now, STEP, 150, low, high)


def svg(one: Drawn) -> str:
    return str(chart("SpO₂", "<said>", one, lambda at: f"{at:%H:%M}"))


def test_a_gap_is_drawn_and_no_line_goes_through_it():
    text = svg(drawn(96, 97, None, 97, 98))

    assert (text.count('class="unknown"'), text.count("<polyline")) == (1, 2)
    assert (text.count('class="band"'), "&lt;said&gt;" in text) == (2, True)


def test_a_bound_is_drawn_when_the_values_come_near_it_and_ordinary_changes_stay_visible():
    assert svg(drawn(96, 97, 98)).count('class="bound"') == 1
    assert scale_of(drawn(70, 71, 72))[0] > 60
    assert scale_of(drawn(40, 98))[0] <= 39
    assert svg(drawn(40, 98)).count('class="bound"') == 2
    assert scale_of(drawn()) == [40, 60, 80, 100]


def test_time_runs_from_right_to_left_in_arabic():
    first = re.compile(r'<polyline class="series-1" points="([0-9.]+),')
    french = float(first.findall(svg(drawn(96, 97)))[0])
    language.set("ar")
    arabic = float(first.findall(svg(drawn(96, 97)))[0])

    assert (french, arabic) == (204.0, 436.0)


def test_one_value_alone_is_a_dot():
    assert svg(drawn(None, 97, None)).count("<circle") == 1


def test_a_sparkline_breaks_where_nothing_was_heard():
    one = drawn(96, 97, None, 97)
    text = str(sparkline(one.bins, one.since, one.now, STEP, 150))

    assert (text.count("<polyline"), text.count("<circle")) == (1, 1)
    for few in ([], one.bins[:2]):
        assert "polyline" not in str(sparkline(few, one.since, one.now, STEP, 150))
