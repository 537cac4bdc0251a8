import csv
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.identifiers import Doubt, is_cnss, is_tax_id, read_ice, tidy

# The known numbers lie beside the repository, or where TAJHIZ_DATA says.
DATA = Path(os.environ.get("TAJHIZ_DATA", Path(__file__).parents[4] / "shared" / "data"))
VECTORS = DATA / "morocco_ice" / "ice_vectors.csv"


@pytest.mark.skipif(not VECTORS.exists(), reason="the file of known ICE numbers is not here")
def test_read_ice_agrees_with_known_numbers():
    with VECTORS.open() as file:
        rows = list(csv.DictReader(file))

    wrong = [
        row["ice"]
        for row in rows
        if (read_ice(row["ice"]).doubt is None) is not (row["valid_mod97"] == "1")
    ]

    assert rows
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "number", "doubt"),
    [
        pytest.param("001561191000066", "001561191000066", None, id="right"),
        pytest.param("00 15 61 191 0000 66", "001561191000066", None, id="spaces"),
        pytest.param("1561191000066", "001561191000066", None, id="zeros-left-out"),
        pytest.param("٠٠١٥٦١١٩١٠٠٠٠٦٦", "001561191000066", None, id="arabic-digits"),
        pytest.param("001561191000065", "001561191000065", Doubt.CONTROL, id="wrong-key"),
        pytest.param("0015611910000660", "0015611910000660", Doubt.LENGTH, id="too-long"),
        pytest.param("00156119100006A", "00156119100006A", Doubt.DIGITS, id="letter"),
        pytest.param("0", "0" * 15, Doubt.EMPTY_ENTERPRISE, id="zeros-only"),
    ],
)
def test_read_ice_tidies_and_doubts(text, number, doubt):
    found = read_ice(text)

    assert (found.number, found.doubt) == (number, doubt)


@given(st.integers(1, 999_999_999), st.integers(0, 9999))
def test_read_ice_accepts_exactly_one_key_from_1_to_97_per_company(enterprise, establishment):
    body = f"{enterprise:09}{establishment:04}"

    right = [key for key in range(1, 98) if read_ice(f"{body}{key:02}").doubt is None]

    assert right == [97 - (int(body) * 100) % 97]


@given(st.text(max_size=40))
def test_read_ice_never_fails(text):
    assert read_ice(text).number == read_ice(read_ice(text).number).number


@pytest.mark.parametrize(
    ("text", "right"), [("12345678", True), ("012345", False), ("", False), ("12a", False)]
)
def test_is_tax_id(text, right):
    assert is_tax_id(text) is right


@pytest.mark.parametrize(
    ("text", "right"),
    [("6984871", True), ("123", False), ("12345678901", False), ("69848x1", False)],
)
def test_is_cnss(text, right):
    assert is_cnss(text) is right


def test_tidy_takes_separators_out():
    assert tidy(" 12.34-56/78 ٩") == "123456789"
