import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.importers import lines as lines_module
from catalog.importers.lines import LONGEST_LINE, Line, lines


def texts(data: bytes) -> list[str | None]:
    return [line.text for line in lines(io.BytesIO(data))]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param("é\nب\n".encode(), ["é", "ب"], id="utf-8"),
        pytest.param("\ufeffcode\nA".encode(), ["code", "A"], id="utf-8 with a mark"),
        pytest.param("é,à\n".encode("cp1252"), ["é,à"], id="windows-1252"),
        pytest.param("é\n".encode() + "é\n".encode("cp1252"), ["é", "é"], id="mixed"),
        pytest.param("code\r\né".encode("utf-16"), ["code", "é"], id="utf-16"),
        pytest.param(b"a\r\nb\rc\nd", ["a", "b", "c", "d"], id="three line ends"),
        pytest.param(b"a\n\nb", ["a", "", "b"], id="an empty line"),
        pytest.param(b"", [], id="nothing"),
    ],
)
def test_lines_reads_any_encoding_and_line_end(data, expected):
    assert texts(data) == expected


def test_lines_refuses_a_line_that_does_not_end_without_holding_it():
    class Endless(io.RawIOBase):
        left = 1 << 27

        def read(self, size: int = -1) -> bytes:
            if not self.left:
                return b""
            self.left = max(self.left - (1 << 24), 0)
            return b"x" * (1 << 24) if self.left else b"\nnext"

    assert list(lines(Endless())) == [Line(1, None), Line(2, "next")]


def test_lines_keeps_the_numbers_after_a_line_that_is_too_long():
    data = b"a\n" + b"x" * (LONGEST_LINE + 1) + b"\nb\n"

    assert [(one.number, one.text) for one in lines(io.BytesIO(data))] == [
        (1, "a"), (2, None), (3, "b"),
    ]  # fmt: skip


LINE = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=20)


@settings(deadline=None)
@given(st.lists(LINE), st.integers(1, 7))
def test_lines_does_not_depend_on_where_the_chunks_are_cut(expected, size):
    data = "".join(f"{one}\n" for one in expected).encode()
    usual, lines_module.CHUNK = lines_module.CHUNK, size
    try:
        assert [text or "" for text in texts(data)] == [
            one.removeprefix("\ufeff") if place == 0 else one for place, one in enumerate(expected)
        ]
    finally:
        lines_module.CHUNK = usual


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_lines_never_fails(data):
    assert all(isinstance(text, str) for text in texts(data))
