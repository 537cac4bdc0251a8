"""`tajhiz draft`: what it says before publication in three languages, and how it refuses."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from procurement.cli import draft

QUALITY = {"id": "q", "title": "Qualité", "weight": 6000, "kind": {"kind": "judged"}}
PRICES = ("--lowest", "800000", "--highest", "1 200 000,50")


def price(formula="low_over_price", **given):
    return {
        "id": "p", "title": "Prix", "weight": 4000,
        "kind": {"kind": "price", "formula": formula, "parameters": given},
    }  # fmt: skip


def points(*criteria, **more):
    return {
        "kind": "value_for_money",
        "criteria": list(criteria) or [price(), QUALITY],
        "ties": ["lower_price", "draw"],
        **more,
    }


IN_MONEY = points({**QUALITY, "weight": 10_000, "worth": 120_000}, objective="money")
REFERENCE = {"kind": "reference_price", "category": "supplies"}
STUDIES = {"kind": "studies", "price_weight": "3/10", "threshold": "70"}


def of(method, *lots, **more):
    """Return a tender's file without a dossier: nothing came in."""
    return {
        "format": "tajhiz.evaluation/1",
        "tender": {
            "id": "T",
            "title": "Moniteurs (fictif)",
            "opened_on": "2027-01-04",
            "method": method,
            "lots": list(lots) or [{"id": "L1", "estimate": 100_000_000}],
            "draw_commitment": "0" * 64,
        },
        **more,
    }


@pytest.fixture
def run(tmp_path):
    def run(data, *arguments, language="en"):
        path = tmp_path / "draft.json"
        text = data if isinstance(data, bytes) else json.dumps(data).encode()
        path.write_bytes(text)
        return CliRunner().invoke(draft, [str(path), "--language", language, *map(str, arguments)])

    return run


def lines(answer):
    assert answer.exit_code == 0, answer.output
    return [line.strip().replace("\u00a0", " ") for line in answer.output.splitlines()]


def test_the_worth_of_a_quality_point_is_said_at_three_prices(run):
    said = lines(run(of(points()), "--lowest", "800000", "--highest", "1200000"))

    assert [line for line in said if line.startswith("· At a price")] == [
        "· At a price of MAD800,000.00, one quality point is worth MAD12,000.00.",
        "· At a price of MAD1,000,000.00, one quality point is worth MAD18,750.00.",
        "· At a price of MAD1,200,000.00, one quality point is worth MAD27,000.00.",
    ]
    assert "· The greatest worth is 2.25 times the least." in said
    assert "Help before publication: it decides nothing" in said


def test_a_floor_a_reversal_and_a_suggestion_are_said(run):
    said = "\n".join(lines(run(of(points()), *PRICES)))

    assert "of « Prix »: publish a floor price." in said
    assert "withdraws, " in said
    assert "wins instead of" in said
    assert "(« linear_between_bounds »), with the bounds MAD800,000.00 and MAD1,200,000.50." in said


@pytest.mark.parametrize("language", ["fr", "ar"])
@pytest.mark.parametrize(
    "method", [points(), points(price("belleville"), QUALITY), IN_MONEY, REFERENCE, STUDIES]
)
def test_no_english_sentence_is_left(run, method, language):
    english, own = (
        run(of(method), *PRICES, language=one).output.splitlines() for one in ("en", language)
    )

    assert [line for line in own if line in english and " the " in line] == []
    sentences = ([line for line in one if line.startswith("  · ")] for one in (own, english))
    assert len(next(sentences)) == len(next(sentences))


@pytest.mark.parametrize(
    ("language", "named"),
    [
        ("fr", ["proximité de la moyenne", "écarts de prix"]),
        ("ar", ["القرب من متوسط الأثمان", "فوارق أثمان"]),
        ("en", ["closeness to the mean of", "compressed differences"]),
    ],
)
def test_the_formulas_compared_are_named_in_words_with_their_codes(run, language, named):
    table = run(of(points(price("belleville"), QUALITY)), *PRICES, language=language).output

    assert [one in table for one in named] == [True, True]
    assert [one in table for one in ("belleville", "closest_to_mean")] == [True, True]


@pytest.mark.parametrize("method", [REFERENCE, STUDIES, {"kind": "purchase_order"}])
def test_the_decree_is_named_where_it_fixes_the_method(run, method):
    said = lines(run(of(method), *PRICES))

    assert said[2].startswith("· The decree fixes ")


def test_lots_with_other_prices_are_told_apart_and_equal_ones_together(run):
    data = of(points(), *({"id": one} for one in "ABC"))

    said = lines(run(data, *PRICES, "--lowest", "C=10", "--highest", "C=13"))

    assert [line for line in said if line.startswith("Prices expected")] == [
        "Prices expected: from MAD800,000.00 to MAD1,200,000.50",
        "Prices expected: from MAD10.00 to MAD13.00",
    ]
    assert ("A · B" in said, "C" in said) == (True, True)


@pytest.mark.parametrize("dossier", [{}, None, {"bidders": [], "bids": []}])
def test_nothing_needs_to_have_come_in(run, dossier):
    assert run(of(points(), dossier=dossier), *PRICES).exit_code == 0


def test_bids_that_came_in_are_warned_of(run):
    bids = [{"id": "b", "bidder": "B", "lots": ["L1"], "price": 1}]
    data = of(points(), dossier={"bidders": [{"id": "B"}], "bids": bids})

    assert "can no longer be changed" in run(data, *PRICES).output


@pytest.mark.parametrize(
    ("data", "arguments", "said"),
    [
        (of(points()), [], "--lowest cannot be used: every lot needs the lowest and the highest"),
        (of(points()), ["--lowest", "1"], "--highest cannot be used: every lot needs"),
        (of(points()), ["--lowest", "9", "--highest", "8"], "--lowest cannot be used: the lowest"),
        (of(points()), ["--lowest", "0", "--highest", "8"], "--lowest cannot be used: the lowest"),
        (of(points()), ["--lowest", "-1", "--highest", "8"], "--lowest -1 cannot be used: an amou"),
        (of(points()), ["--lowest", "1.234", "--highest", "8"], "an amount is written in dirhams"),
        (of(points()), ["--lowest", "1", "--highest", "9" * 17], "an amount is written in dirhams"),
        (of(points()), ["--lowest", "1", "--highest", f"{10**16 - 1}.99"], None),
        (of(points()), ["--lowest", "X=1"], "--lowest names « X », which does not exist"),
        (of(points()), [*PRICES, "--bids", "1"], "--bids cannot be used: 2 to 50 bids"),
        (of(points()), [*PRICES, "--tenders", "0"], "--tenders cannot be used: 1 to 100,000 "),
        (of(points(QUALITY | {"weight": 10_000})), PRICES, "none of them marks the price; add one"),
        (of(points(QUALITY, QUALITY)), PRICES, "is named twice: « q »"),
        (of({"kind": "auction"}), PRICES, "cannot be read at"),
        (b"{", PRICES, "cannot be read at"),
        (b"[]", PRICES, "cannot be read at"),
        (b'{"a": 0.5}', PRICES, "0.5"),
        (of(REFERENCE | {"rules": "1999"}), PRICES, "No version of the rules is known"),
    ],
)
def test_wrong_input_gives_one_line_that_says_what_to_do(run, data, arguments, said):
    answer = run(data, *arguments)

    if said is None:
        assert answer.exit_code == 0
        return
    assert (answer.exit_code, answer.output.count("\n")) == (2, 1), answer.output
    assert said in answer.output


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_a_refusal_is_in_the_language_of_the_command(run, language):
    english, own = (
        run(of(points()), "--lowest", "9", "--highest", "8", language=one).output
        for one in ("en", language)
    )

    assert ("the lowest" in english, "the lowest" in own) == (True, False)


def test_a_file_that_is_not_there_and_a_folder_that_is_not_there_are_told(run, tmp_path):
    missing = CliRunner().invoke(draft, [str(tmp_path / "none.json"), *PRICES])
    nowhere = run(of(points()), *PRICES, "--report", tmp_path / "none" / "draft.pdf")

    assert (missing.exit_code, nowhere.exit_code) == (2, 2)
    assert "aucun fichier lisible" in missing.output
    assert "check the folder" in nowhere.output.splitlines()[-1]


def test_the_report_is_a_pdf_and_the_command_needs_no_service(tmp_path):
    path, out = tmp_path / "draft.json", tmp_path / "draft.pdf"
    path.write_text(json.dumps(of(points())), encoding="utf-8")

    done = subprocess.run(
        [sys.executable, "-m", "portal.cli", "draft", path, *PRICES, "--report", out],
        capture_output=True, text=True, check=False, env={"PATH": ""},
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (0, "")
    assert out.read_bytes().startswith(b"%PDF-")
