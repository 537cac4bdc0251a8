import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.importers.delimited import MOST_LINES, Row, rows
from catalog.importers.lines import lines
from catalog.importers.reasons import Reason, Refusal


def read(text: str) -> list[object]:
    return [
        one.cells if isinstance(one, Row) else (one.line, one.reason)
        for one in rows(lines(io.BytesIO(text.encode())))
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a,b\n1,2\n", [["a", "b"], ["1", "2"]], id="comma"),
        pytest.param("a;b\n1,5;2\n", [["a", "b"], ["1,5", "2"]], id="semicolon"),
        pytest.param("a\tb\n1\t2\n", [["a", "b"], ["1", "2"]], id="tab"),
        pytest.param("a|b\n1|2\n", [["a", "b"], ["1", "2"]], id="bar"),
        pytest.param('a,b\n"x\ny",2\n', [["a", "b"], ["x\ny", "2"]], id="line end in a cell"),
        pytest.param('a,b\n5" pipe,2\n', [["a", "b"], ['5" pipe', "2"]], id="inches"),
        pytest.param('a,b\n"5"" pipe",2\n', [["a", "b"], ['5" pipe', "2"]], id="doubled quote"),
        pytest.param("a,b\n\n,\n1,2\n", [["a", "b"], ["1", "2"]], id="blank rows"),
        pytest.param(
            'a,b\n"open,1\n2,3\n',
            [["a", "b"], (2, Reason.BROKEN_QUOTES), ["2", "3"]],
            id="a quote that never closes eats one line",
        ),
        pytest.param(
            'a,b\n"x"y,1\n2,3\n',
            [["a", "b"], (2, Reason.BROKEN_QUOTES), ["2", "3"]],
            id="text after a closed quote",
        ),
    ],
)
def test_rows_reads_what_spreadsheets_write_and_people_break(text, expected):
    assert read(text) == expected


def test_rows_gives_up_on_an_open_quote_after_some_lines_and_reads_on_at_the_next():
    text = 'a,b\n"open,1\n' + "2,3\n" * (MOST_LINES + 5)

    found = read(text)

    assert found[1] == (2, Reason.BROKEN_QUOTES)
    assert found[2:] == [["2", "3"]] * (MOST_LINES + 5)


@settings(deadline=None)
@given(st.lists(st.lists(st.text(max_size=12), min_size=2, max_size=4), min_size=1, max_size=6))
def test_rows_reads_back_what_the_csv_module_wrote(table):
    table = [[cell.replace("\r", " ").replace("\x00", "") for cell in row] for row in table]
    buffer = io.StringIO()
    csv.writer(buffer, quoting=csv.QUOTE_ALL).writerows([["h1", "h2"], *table])
    data = buffer.getvalue().encode("utf-8", "replace")

    found = list(rows(lines(io.BytesIO(data))))

    expected = [[c.encode("utf-8", "replace").decode() for c in row] for row in table if any(row)]
    assert [one.cells for one in found[1:] if isinstance(one, Row)] == expected
    assert not any(isinstance(one, Refusal) for one in found)


@settings(deadline=None)
@given(st.text(alphabet='"a,\n;', max_size=200))
def test_rows_never_fails_on_any_arrangement_of_quotes(text):
    assert all(isinstance(one, Row | Refusal) for one in rows(lines(io.BytesIO(text.encode()))))
