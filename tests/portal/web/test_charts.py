import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.web.charts import Series, bar_chart, line_chart, region_map, short_name, ticks
from portal.web.i18n import language


@pytest.fixture(autouse=True)
def french():
    token = language.set("fr")
    yield
    language.reset(token)


def rows(chart: str) -> list[list[str]]:
    """Return the cells of the table behind a chart."""
    figure = ET.fromstring(chart)
    return [["".join(cell.itertext()) for cell in row] for row in figure.iter("tr")]


def test_bars_are_as_long_as_their_values_and_have_their_table():
    chart = bar_chart("Classes", [("I", 20), ("<b>", 5), ("III", 0)])

    assert re.findall(r'series-1" x="(\S+)%" width="(\S+)%"', chart) == [
        ("0", "100.0"),
        ("0", "25.0"),
        ("0", "0.0"),
    ]
    assert rows(chart) == [["Élément", "Valeur"], ["I", "20"], ["<b>", "5"], ["III", "0"]]


def test_bars_start_at_the_right_in_arabic():
    language.set("ar")

    chart = bar_chart("Classes", [("I", 20), ("II", 5)])

    assert re.findall(r'series-1" x="(\S+)%"', chart) == ["0.0", "75.0"]


def test_a_chart_of_nothing_is_a_chart():
    assert rows(bar_chart("Rien", [])) == [["Élément", "Valeur"]]
    assert rows(line_chart("Rien", [], [])) == [["Période"]]


def test_a_missing_value_breaks_the_line_and_zero_does_not():
    chart = line_chart("Mois", ["1", "2", "3", "4", "5"], [Series("a", (0, 2, None, 4, 0))])

    assert len(re.findall("<polyline", chart)) == 2
    assert len(re.findall("<circle", chart)) == 4
    assert [row[1] for row in rows(chart)[1:]] == ["0", "2", "–", "4", "0"]


def test_a_line_chart_runs_from_right_to_left_in_arabic():
    language.set("ar")

    chart = line_chart("x", ["1", "2"], [Series("a", (1, 2))])

    first, second = re.findall(r'<circle class="series-1" cx="([\d.]+)"', chart)
    assert float(first) > float(second)


def test_the_drawing_is_named_and_described():
    chart = line_chart("Mois", ["1"], [Series("a", (1,))], description="En hausse.")

    names = re.search(r'role="img" aria-labelledby="(\S+) (\S+)"', chart)
    assert names is not None
    assert f'<title id="{names[1]}">Mois</title><desc id="{names[2]}">En hausse.</desc>' in chart


def test_the_map_shows_every_region_and_tells_zero_from_missing():
    chart = region_map("Fabricants", {"06": 8, "04": 0}, {"06": "Casablanca-Settat", "04": "Rabat"})

    table = dict((row[0], row[1]) for row in rows(chart)[1:])
    assert len(table) == 12
    assert (table["Casablanca-Settat"], table["Rabat"], table["07"]) == ("8", "0", "–")
    assert len(re.findall('class="tile shade-4"', chart)) == 1


@given(
    st.floats(-1e9, 1e9, allow_nan=False).map(lambda x: round(x, 3)),
    st.floats(0, 1e9, allow_nan=False).map(lambda x: round(x, 3)),
)
def test_ticks_cover_the_range_with_few_round_steps(lowest, width):
    found = ticks(lowest, lowest + width)

    assert 2 <= len(found) <= 8
    assert found == sorted(set(found))
    assert found[0] <= lowest + 1e-6 * (1 + abs(lowest))
    assert found[-1] >= lowest + width - 1e-6 * (1 + abs(lowest) + width)


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Casablanca-Settat", "Casablanca"),
        ("Tanger-Tétouan", "Tanger"),
        ("Béni Mellal-Khénifra", "Béni Mellal"),
        ("Abcdefghijklmnop", "Abcdefghijk…"),
    ],
)
def test_short_name_fits_into_a_square(name, short):
    assert short_name(name) == short
