"""`tajhiz evaluate`: what it prints in three languages, what it writes, how it ends."""

import json
import os
import subprocess
import sys
from copy import deepcopy
from pathlib import Path

import pytest
from click.testing import CliRunner

from procurement.cli import evaluate
from procurement.commands import write_whole
from procurement.scoring import reading, recompute, record
from procurement.scoring.engine import evaluate as evaluated
from procurement.scoring.errors import InfeasibleAllocation
from tests.procurement.evaluation import files
from tests.procurement.scoring import tenders


def run(*arguments: object):
    return CliRunner().invoke(evaluate, [str(one) for one in arguments])


@pytest.fixture
def tender(tmp_path) -> Path:
    """Return a file that is awarded by the reference price."""
    data = tenders.statutory(0)
    data["tender"] |= {
        "title": "Tensiomètres [fictif]",
        "method": {"kind": "reference_price", "category": "supplies"},
        "lots": [{"id": "L1", "estimate": 100_000_000}],
    }
    data["tender"].pop("limits", None)
    prices = {"C": 120_000_000, "D": 75_000_000, "F": 93_000_000, "G": 98_500_000}
    data["dossier"]["bidders"] = [{"id": name} for name in prices]
    data["dossier"]["bids"] = [
        {"id": name, "bidder": name, "lots": ["L1"], "price": price}
        for name, price in prices.items()
    ]
    path = tmp_path / "tender.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def test_the_table_and_the_sentences_are_in_the_language_asked_for(tender):
    french, arabic, english = (run(tender, "--language", one).output for one in ("fr", "ar", "en"))

    assert "Tensiomètres [fictif]" in french
    assert "Offre" in french
    assert "Le prix de référence est de" in french or "prix de référence" in french
    assert "الثمن المرجعي" in arabic
    assert "The reference price is" in english
    assert "L1: awarded — F" in english


def test_what_each_offer_would_have_had_to_be_is_told_and_that_it_decides_nothing(tmp_path):
    path = tmp_path / "tender.json"
    prices = {"B": 90_000_000, "C": 97_500_000, "D": 115_000_000}
    path.write_text(json.dumps(files.supplies(prices)), encoding="utf-8")

    answer = run(path, "--language", "en").output

    _, told = answer.split("  Robustness\n")
    assert "they are not criteria." in told.splitlines()[0]
    assert "the bid B (MAD900,000.00) is first with a price: MAD975,000.01 to" in told
    assert "If D is withdrawn, B is first instead of C." in told


def test_the_amounts_bids_are_ranked_by_are_written_as_amounts(tender):
    table = run(tender, "--language", "en").output.split("  · ")[0]

    assert table.count("MAD930,000.00") == 3  # in the title, its price, its key
    assert "93000000" not in table


def test_among_very_many_offers_no_prices_are_looked_for(tmp_path):
    path = tmp_path / "tender.json"
    prices = {f"B{place}": 80_000_000 + place * 1_000 for place in range(101)}
    path.write_text(json.dumps(files.supplies(prices)), encoding="utf-8")

    _, told = run(path, "--language", "en").output.split("  Robustness\n")

    assert "is first with a price" not in told
    assert "With more than 100 offers, the prices with which each would have been first" in told
    assert "Withdrawals tried, of each kept offer: 101" in told


def test_a_file_is_evaluated_recorded_verified_and_evaluated_again_from_its_record(
    tender, tmp_path
):
    out = tmp_path / "record.json"

    first = run(tender, "--record", out, "--verify")
    again = run(out, "--verify", "--record", tmp_path / "again.json")

    data = json.loads(out.read_bytes())
    assert (first.exit_code, again.exit_code) == (0, 0)
    assert (tmp_path / "again.json").read_bytes() == out.read_bytes()
    assert recompute.differences(data) == []
    assert data["head"] in first.output
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "again.json", "record.json", "tender.json",
    ]  # fmt: skip


def test_a_changed_record_is_told_with_what_differs_and_ends_with_one(tender, tmp_path):
    out = tmp_path / "record.json"
    run(tender, "--record", out)
    data = json.loads(out.read_bytes())
    data["sections"][-1]["content"]["lots"][0]["winner"] = "G"
    out.write_bytes(
        record.written(record.chained({one["name"]: one["content"] for one in data["sections"]}))
    )

    answer = run(out, "--verify", "--language", "en", "--record", tmp_path / "new.json")

    assert answer.exit_code == 1
    assert "lot L1, winner: F, the record says G" in answer.output
    assert not (tmp_path / "new.json").exists()


def changed_everywhere(value: object):
    """Yield copies of a section, each with one text or number changed."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from ({**value, name: one} for one in changed_everywhere(part))
    elif isinstance(value, list):
        for place, part in enumerate(value):
            before, after = value[:place], value[place + 1 :]
            yield from ([*before, one, *after] for one in changed_everywhere(part))
    else:
        yield value + 1 if isinstance(value, int) else f"{value}0"


def test_no_line_of_an_outcome_can_be_rewritten_even_with_a_new_chain(tender, tmp_path):
    out = tmp_path / "record.json"
    run(tender, "--record", out)
    sections = record.contents(json.loads(out.read_bytes()))
    outcome = evaluated(record.file_of(json.loads(out.read_bytes())))

    changed = [
        record.chained({**sections, "outcome": one})
        for one in changed_everywhere(sections["outcome"])
    ]
    sections = deepcopy(sections)
    sections["outcome"]["lots"][0]["lines"][1]["rule"] = "art. 1"
    out.write_bytes(record.written(record.chained(sections)))
    answer = run(out, "--verify", "--language", "en")

    assert len(changed) > 50
    assert [one["head"] for one in changed if len(record.rewritten(one, outcome)) != 1] == []
    assert answer.exit_code == 1
    assert 'outcome.lots.0.lines.1.rule: "art. 44-B-1", the record says' in answer.output


def test_what_the_second_evaluator_did_not_prove_is_said_in_the_language_asked_for(tmp_path):
    open_ = tmp_path / "open.json"
    open_.write_text(json.dumps(tied_together()), encoding="utf-8")

    answers = [run(open_, "--verify", "--language", one) for one in ("fr", "ar", "en")]

    assert [one.exit_code for one in answers] == [0, 0, 0]
    french, arabic, english = (one.output.splitlines()[-1] for one in answers)
    assert french.startswith("Lots attribués ensemble")
    assert arabic.startswith("الحصص المسندة معا")
    assert english == recompute.notes.OPEN


def tied_together() -> dict:
    """Return a tender whose lots are awarded together and wait for a draw."""
    for seed in range(1_000):
        data = tenders.together(seed)
        try:
            lots = evaluated(reading.checked(data)).lots
        except InfeasibleAllocation:
            continue
        if any(lot.status == "draw_needed" for lot in lots):
            return data
    raise AssertionError("no tender waits for a draw")


@pytest.mark.parametrize("change", [{"price": 10**19}, {"price": "1e999999999"}, {"lots": "L1"}])
def test_a_record_with_a_wrong_value_and_links_made_anew_is_refused_in_one_line(
    tender, tmp_path, change
):
    out = tmp_path / "record.json"
    run(tender, "--record", out)
    sections = record.contents(json.loads(out.read_bytes()))
    sections["dossier"]["bids"][0] |= change
    out.write_bytes(record.written(record.chained(sections)))

    answer = run(out, "--verify")

    assert (answer.exit_code, len(answer.output.splitlines())) == (2, 1)
    assert "bids" in answer.output


@pytest.mark.parametrize(
    "content",
    [
        None, b"", b"{", b"[" * 100_000, b"\xff", b"null", b"1e999999999", b"9" * 1_000_000,
        b'{"format": NaN}', b'{"a": 1, "a": 1}', b'{"format": "tajhiz.record/1"}', b'"\\ud800"',
    ],
)  # fmt: skip
def test_the_second_evaluator_alone_says_in_one_line_what_it_cannot_read(tmp_path, content):
    path = tmp_path / "record.json"
    if content is not None:
        path.write_bytes(content)
    alone = Path(recompute.__file__).parent

    answers = [
        subprocess.run([sys.executable, alone, *named], capture_output=True, text=True, check=False)
        for named in ([path], [])
    ]

    assert [(one.returncode, one.stderr.count("\n"), one.stdout) for one in answers] == [
        (2, 1, ""),
        (2, 1, ""),
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "$"),
        (b"\xff\xfe", "$"),
        (b"[" * 5_000, "$"),
        (b"[" * 980 + b"]" * 980, "$"),
        (b'{"format": "tajhiz.evaluation/1"}', "tender"),
        (b'{"format": "tajhiz.record/1", "sections": []}', "sections"),
        (b'{"a": 0.5}', "0.5"),
        (b'{"a": 1, "a": 2}', "a"),
    ],
)
def test_wrong_input_gives_one_line_and_writes_nothing(tmp_path, content, said):
    path, out = tmp_path / "wrong.json", tmp_path / "out.json"
    path.write_bytes(content)

    answer = run(path, "--record", out)

    assert answer.exit_code == 2, answer.output
    assert len(answer.output.strip().splitlines()) == 1
    assert said in answer.output
    assert not out.exists()


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    out = tmp_path / "out.json"
    write_whole(out, b"old")
    monkeypatch.setattr("os.fsync", lambda handle: (_ for _ in ()).throw(OSError("full")))

    with pytest.raises(OSError, match="full"):
        write_whole(out, b"new")

    assert out.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["out.json"]


def test_the_report_of_an_evaluation_is_a_pdf(tender, tmp_path):
    out = tmp_path / "report.pdf"

    answer = run(tender, "--report", out)

    assert answer.exit_code == 0, answer.output
    assert out.read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize("name", ["", "nothing.json"])
def test_a_file_that_cannot_be_read_is_one_line_in_the_language_asked_for(tmp_path, name):
    answer = run(tmp_path / name, "--language", "fr")

    assert (answer.exit_code, answer.output.count("\n")) == (2, 1)
    assert "aucun fichier lisible ne porte ce nom" in answer.output


@pytest.mark.parametrize("option", ["--record", "--report"])
@pytest.mark.parametrize("name", ["", "nowhere/out"])
def test_what_cannot_be_written_is_one_line_and_leaves_nothing(tender, tmp_path, option, name):
    answer = run(tender, option, tmp_path / name)

    assert answer.exit_code == 2
    assert answer.stderr.count("\n") == 1
    assert "rien ne peut y être écrit" in answer.stderr
    assert list(tmp_path.iterdir()) == [tender]


def test_one_file_is_not_written_over_the_other_nor_over_what_is_read(tender, tmp_path):
    before, out = tender.read_bytes(), tmp_path / "out"

    for options in (["--record", tender], ["--report", tender], ["--record", out, "--report", out]):
        answer = run(tender, *options)
        assert answer.exit_code == 2
        assert "est nommé deux fois" in answer.stderr

    assert (tender.read_bytes(), out.exists()) == (before, False)


def test_a_device_is_not_replaced_by_a_file(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    with pytest.raises(FileExistsError):
        write_whole(pipe, b"{}")

    assert pipe.is_fifo()
    assert list(tmp_path.iterdir()) == [pipe]


def test_a_record_that_does_not_name_its_version_is_refused_in_one_line(tender, tmp_path):
    made = record.make(reading.read(tender.read_bytes()))
    sections = {one["name"]: deepcopy(one["content"]) for one in made["sections"]}
    del sections["engine"]["versions"]["tajhiz"]
    path = tmp_path / "record.json"
    path.write_bytes(record.written(record.chained(sections)))

    answer = run(path, "--verify")

    assert (answer.exit_code, answer.stderr.count("\n")) == (2, 1)
