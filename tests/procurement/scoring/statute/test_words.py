"""French amounts in words, read and written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.scoring.errors import AmountTooLarge, UnclearWords, UnknownWord
from procurement.scoring.statute.words import MOST, centimes_of, in_words, number_in_words

# The official spellings of the numbers that are built in a way of their own.
NUMBERS = {
    0: "zéro", 1: "un", 16: "seize", 17: "dix-sept", 20: "vingt", 21: "vingt et un",
    22: "vingt-deux", 61: "soixante et un", 69: "soixante-neuf", 70: "soixante-dix",
    71: "soixante et onze", 72: "soixante-douze", 79: "soixante-dix-neuf", 80: "quatre-vingts",
    81: "quatre-vingt-un", 90: "quatre-vingt-dix", 91: "quatre-vingt-onze",
    99: "quatre-vingt-dix-neuf", 100: "cent", 101: "cent un", 180: "cent quatre-vingts",
    200: "deux cents", 201: "deux cent un", 999: "neuf cent quatre-vingt-dix-neuf", 1000: "mille",
    1001: "mille un", 1999: "mille neuf cent quatre-vingt-dix-neuf", 2000: "deux mille",
    80_000: "quatre-vingt mille", 200_000: "deux cent mille", 21_000: "vingt et un mille",
    10**6: "un million", 80 * 10**6: "quatre-vingts millions", 200 * 10**6: "deux cents millions",
    2 * 10**9: "deux milliards", 10**12: "un billion", 3 * 10**12: "trois billions",
    1_000_001_001: "un milliard mille un",
}  # fmt: skip


@pytest.mark.parametrize("number", NUMBERS)
def test_number_in_words(number):
    assert number_in_words(number) == NUMBERS[number]


@pytest.mark.parametrize(
    ("number", "spelling", "region", "words"),
    [
        (71, "old", "belgium", "septante et un"),
        (80, "old", "belgium", "quatre-vingts"),
        (90, "old", "belgium", "nonante"),
        (91, "1990", "belgium", "nonante-et-un"),
        (99, "old", "belgium", "nonante-neuf"),
        (21_321, "1990", "france", "vingt-et-un-mille-trois-cent-vingt-et-un"),
        (2_000_000, "1990", "france", "deux-millions"),
    ],
)
def test_number_in_words_elsewhere(number, spelling, region, words):
    assert number_in_words(number, spelling, region) == words


AMOUNTS = {
    0: "zéro dirham",
    1: "un centime",
    99: "quatre-vingt-dix-neuf centimes",
    100: "un dirham",
    199: "un dirham et quatre-vingt-dix-neuf centimes",
    200: "deux dirhams",
    30_000_050: "trois cent mille dirhams et cinquante centimes",
    100_000_000: "un million de dirhams",
    100_000_100: "un million un dirhams",
    99_999_900: "neuf cent quatre-vingt-dix-neuf mille neuf cent quatre-vingt-dix-neuf dirhams",
}


@pytest.mark.parametrize("amount", AMOUNTS)
def test_amount_in_words(amount):
    assert (in_words(amount), centimes_of(AMOUNTS[amount])) == (AMOUNTS[amount], amount)


amounts = st.integers(0, 10**12) | st.integers(0, MOST)


@given(amounts, st.sampled_from(["old", "1990"]), st.sampled_from(["france", "belgium"]))
def test_what_is_written_is_read_back(amount, spelling, region):
    text = in_words(amount, spelling, region)

    assert centimes_of(text) == centimes_of(text.upper()) == centimes_of(f"# {text} TTC.") == amount


def test_every_hundreds_is_read_back():
    assert [centimes_of(in_words(n * 1_234_567)) for n in range(2000)] == [
        n * 1_234_567 for n in range(2000)
    ]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("Trois Cent Mille Dirhams", 30_000_000),
        ("trois-cent-mille dirhams et cinquante centimes", 30_000_050),
        ("septante-cinq dirhams", 7_500),
        ("huitante et un dirhams", 8_100),
        ("octante deux dirhams", 8_200),
        ("nonante et un DH et cinq cts", 9_105),
        ("quatre vingts dix dirhams", 9_000),
        ("soixante onze dirhams", 7_100),
        ("mil neuf cent DH", 190_000),
        ("deux cent millions de dirhams marocains", 20_000_000_000),
        ("mille dirhams, dix centimes toutes taxes comprises", 100_010),
        ("zéro dirham et dix centimes", 10),
        ("cent dirhams zéro centime", 10_000),
    ],
)
def test_words_as_people_write_them(text, amount):
    assert centimes_of(text) == amount


@pytest.mark.parametrize(
    "text",
    [
        "", "dirhams", "trois", "et", "et un dirham", "trois dirhams et", "deux vingt dirhams",
        "un cent dirhams", "dix cents dirhams", "cent trois cents dirhams", "un mille dirhams",
        "mille mille dirhams", "mille million dirhams", "million dirhams", "zéro un dirham",
        "un million un milliard dirhams", "deux millions trois millions dirhams",
        "trois dirhams cent centimes", "trois dirhams cinquante", "deux dirhams trois dirhams",
        "trois et deux dirhams", "soixante vingt dirhams", "cinquante centimes trois dirhams",
        "trois de dirhams", "mille de dirhams", "dix centimes et dix centimes",
        "septante dix dirhams", "octante dix dirhams", "un million un de dirhams",
        "zéro de dirham",
    ],
)  # fmt: skip
def test_words_that_are_no_amount_are_refused(text):
    with pytest.raises(UnclearWords) as caught:
        centimes_of(text, "bids[0].words")

    assert (caught.value.field, caught.value.values) == ("bids[0].words", {"text": text})


def test_a_strange_word_is_named():
    with pytest.raises(UnknownWord) as caught:
        centimes_of("trois cens dirhams")

    assert caught.value.values == {"word": "cens"}


@pytest.mark.parametrize("amount", [-1, MOST + 1])
def test_amounts_outside_are_refused(amount):
    with pytest.raises(AmountTooLarge):
        in_words(amount)


def test_the_largest_amount_is_written():
    assert centimes_of(in_words(MOST)) == MOST == 99_999_999_999_999_999
