"""The pictures: every moment and every pair is drawn, silence hatched; Arabic from the right."""

import re
from itertools import pairwise

import pytest

from portal.web.i18n import language
from telemetry_ingest.evidence.drawing import WIDTH, differences, mark, merged, strip
from telemetry_ingest.statistics.intervals import DAY, HOUR
from tests.telemetry_ingest.evidence.packs import a_pack

FRAME = {"start": 0, "end": 10 * DAY}
STATES = [
    [0, 2 * DAY, "up"],
    [2 * DAY, 3 * DAY, "unknown"],
    [3 * DAY, 3 * DAY + HOUR // 60, "down"],
    [3 * DAY + HOUR // 60, 10 * DAY, "partial"],
]


def boxes(svg: str, kind: str) -> list[tuple[float, float]]:
    """Return x and width of the boxes of a kind."""
    found = re.findall(rf'class="{kind}"[^>]* x="([\d.-]+)" y="[\d.]+" width="([\d.]+)"', svg)
    return [(float(x), float(wide)) for x, wide in found]


def test_a_strip_shows_every_state_where_it_was():
    svg = strip(STATES, FRAME, label="« A & B »")

    assert boxes(svg, "state-up") == [(0, WIDTH / 5)]
    assert boxes(svg, "hatch-ground") == [(WIDTH / 5, WIDTH / 10)]
    ((_x, wide),) = boxes(svg, "state-down")
    assert wide == 1.5  # a minute of ten days would not be seen
    assert 'class="hatch"' in svg
    assert svg.count('class="tick"') == 9
    assert "« A &amp; B »" in svg


def test_a_restless_device_is_drawn_in_few_shapes():
    step = 10 * DAY // 20_000
    names = ("up", "down", "partial", "unknown")
    restless = [[at * step, (at + 1) * step, names[at % 4]] for at in range(20_000)]
    svg = strip(restless, FRAME, label="")

    assert svg.count("<rect") == WIDTH
    assert svg.count('class="state-down"') == WIDTH  # the worst of what cannot be told apart
    assert merged(restless, FRAME)[0][0] == 0
    assert merged(restless, FRAME)[-1][1] == 10 * DAY


def test_alternating_wide_and_narrow_bars_stay_bounded():
    pixel = 10 * DAY // WIDTH
    found, at = [], 0
    while at < 10 * DAY:
        for wide, state in ((pixel, "up"), (pixel // 200, "unknown"), (pixel // 200, "partial")):
            found.append([at, at + wide, state])
            at += wide
    drawn = merged(found, FRAME)

    assert len(drawn) <= 2 * WIDTH
    assert {state for _start, _end, state in drawn} == {"up", "unknown"}
    assert all(one[1] == after[0] for one, after in pairwise(drawn))


def test_what_can_be_told_apart_is_drawn_as_it_is():
    assert merged(STATES, FRAME) == [tuple(one) for one in STATES]


def test_time_runs_from_the_right_in_arabic():
    language.set("ar")
    svg = strip(STATES, FRAME, label="")

    assert boxes(svg, "state-up") == [(WIDTH * 4 / 5, WIDTH / 5)]
    assert 'direction="ltr"' in svg


def test_slanting_lines_stay_in_their_box():
    svg = strip([[0, DAY // 100, "unknown"], [DAY // 100, 10 * DAY, "up"]], FRAME, label="")
    ((_x, wide),) = boxes(svg, "hatch-ground")
    assert all(
        float(one) <= wide + 0.1 for one in re.findall(r"[ML]([\d.]+) ", svg.split("hatch")[-1])[:2]
    )


def test_differences_have_their_lines_bands_circles_and_histogram():
    (metric,) = a_pack().sections["figures"][0]["metrics"]
    found = metric["agreement"]
    svg = differences(found, label="SpO2")
    rows = {row for _column, row, _count in found["plot"]["cells"]}

    assert svg.count('class="pair"') == len(found["plot"]["cells"])
    assert svg.count('class="bar"') == len(rows)
    assert (svg.count('class="limit"'), svg.count('class="bias"'), svg.count('class="band"')) == (
        2,
        1,
        3,
    )
    assert not re.search(r"nan|inf", svg)


def test_one_pair_is_a_picture_without_lines():
    svg = differences(
        {"plot": {"middle": "0.1", "difference": "0.1", "cells": [[970, 0, 1]]}}, label=""
    )
    assert (svg.count('class="pair"'), svg.count('class="limit"')) == (1, 0)


@pytest.mark.parametrize("state", ["up", "partial", "down", "unknown"])
def test_marks(state):
    assert mark(state).startswith('<svg viewBox="0 0 12 12"')
