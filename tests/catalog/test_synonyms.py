"""What the file of synonyms promises in its head."""

import pytest

from catalog.rules.emdn import is_node
from catalog.search import SYNONYMS
from portal.search.folding import words
from tests.sources import ROOT

LINES = [
    line
    for line in (ROOT / "catalog" / "synonyms.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize("line", LINES)
def test_a_line_is_a_category_and_single_words_of_at_least_two_languages(line):
    code, *cells = (cell.strip() for cell in line.split("|"))
    texts = [text.strip() for cell in cells for text in cell.split(",")]

    assert code == "-" or is_node(code)
    assert len(cells) == 3
    assert [text for text in texts if text != "-" and len(words(text)) != 1] == []
    assert len([cell for cell in cells if cell != "-"]) >= 2


def test_no_word_stands_in_two_groups():
    """Else « معقم » would make every sterile thing a steriliser."""
    seen = [
        word for line in LINES for word in {w for cell in line.split("|")[1:] for w in words(cell)}
    ]

    assert sorted({word for word in seen if seen.count(word) > 1}) == []


@pytest.mark.parametrize(
    ("word", "other"), [("pompes", "pump"), ("syringes", "محقنه"), ("القسطرة", "catheter")]
)
def test_words_meet_across_languages(word, other):
    assert other in SYNONYMS.of(words(word)[0])
