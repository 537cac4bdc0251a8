"""What cannot be a record is refused in one line and at once, whatever it holds."""

import copy
import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procurement.scoring import recompute, record
from procurement.scoring.recompute.reading import DEEPEST, Unreadable, decoded, sound
from tests.procurement.scoring import tenders
from tests.procurement.scoring.recompute.records import at, changed, made, places, rebound

HOSTILE = [
    None, True, False, 0, -1, 1, 10**18, 10**18 + 1, 10**59, -(10**59), 1.5, float("inf"),
    "", "0", "-1", "1/0", "0/1", "1e999999999", "9" * 61, "1/" + "9" * 58, "x", "\x1b[2J", "\ud800",
    "x" * 201, [], {}, [[]], [None], {"kind": "branch"}, {"kind": "price"}, {"x": 1}, ["L1", "L1"],
]  # fmt: skip
SEEDS = (0, 1, 2, 3, 5, 8, 13, 21)


@cache
def base(seed: int) -> tuple[dict, list]:
    data = made(tenders.any_tender(seed))
    return data, list(places(data))


def told(data: object) -> list[str] | None:
    """Return what differs, or nothing at all when it is no record; any other end is a fault."""
    try:
        return recompute.differences(data)
    except Unreadable as error:
        said = str(error)
    assert ("\n" in said, len(said) < 1_000) == (False, True)
    return None


@settings(max_examples=1_000, deadline=None)
@given(
    seed=st.sampled_from(SEEDS),
    place=st.integers(0, 10**6),
    new=st.sampled_from([*HOSTILE, ...]) | st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda some: st.lists(some, max_size=3) | st.dictionaries(st.text(max_size=8), some),
        max_leaves=8,
    ),
    bound=st.booleans(),
)  # fmt: skip
def test_one_value_replaced_or_taken_away_gives_an_answer(seed, place, new, bound):
    data, all_places = base(seed)
    path = all_places[place % len(all_places)]
    other = changed(data, path, new)
    if bound and len(path) > 3 and path[0] == "sections" and path[2] == "content":
        try:
            other = rebound(other)
        except (UnicodeEncodeError, ValueError):  # our own writer refuses it
            return

    found = told(other)

    if found == [] and path[0] == "sections" and not bound:
        assert new is ... or at(other, path) == at(data, path), path


@pytest.mark.parametrize(
    "new",
    ["1e999999999", "9" * 10**6, 10**5_000, 10**18 + 1, "1/0", 0.5],
    ids=["exponent", "text", "digits", "beyond", "by zero", "float"],
)
@pytest.mark.parametrize(
    "path",
    [
        ("dossier", "bids", 0, "price"),
        ("tender", "tender", "lots", 0, "estimate"),
        ("outcome", "lots", 0, "amount"),
    ],
)
def test_a_number_without_an_end_is_refused(path, new):
    data = made(tenders.statutory(0))
    place = {one["name"]: number for number, one in enumerate(data["sections"])}[path[0]]

    with pytest.raises(Unreadable):
        recompute.differences(changed(data, ("sections", place, "content", *path[1:]), new))


def test_what_is_too_deep_refers_to_itself_or_is_no_value_is_refused():
    deep: list = []
    for _ in range(100_000):
        deep = [deep]
    itself: list = []
    itself.append(itself)
    for data in (deep, itself, {1: 2}, {"a": {1, 2}}, b"x", object()):
        with pytest.raises(Unreadable):
            sound(data)
    level: list = []
    for _ in range(DEEPEST - 1):
        level = [level]
    sound(level)


@pytest.mark.parametrize(
    ("path", "new"),
    [
        (("tender", "tender", "method", "points_decimals"), 10**9),
        (("tender", "tender", "method", "ties"), ["lower_price"] * 10**6),
        (("dossier", "bids", 0, "lots"), ["L1"] * 10**6),
        (("dossier", "seed"), 5),
    ],
)
def test_what_would_cost_time_is_refused_before_it_is_computed(path, new):
    data = made(tenders.value(1))
    place = {one["name"]: number for number, one in enumerate(data["sections"])}[path[0]]
    other = changed(data, ("sections", place, "content", *path[1:]), new)

    with pytest.raises(Unreadable):
        recompute.differences(rebound(other))


def test_marks_whose_fractions_have_no_common_denominator_are_refused():
    data = made(judged())
    bid = data["sections"][1]["content"]["bids"][0]["id"]
    marks = [
        {"evaluator": f"E{n}", "bid": bid, "criterion": "Q", "points": f"1/{10**57 + n}"}
        for n in range(2_000)
    ]
    data["sections"][1]["content"]["marks"] = marks

    with pytest.raises(Unreadable, match="4,000 digits"):
        recompute.differences(rebound(data))


def judged() -> dict:
    """Return a tender of one bid that one evaluator marked."""
    method = {
        "kind": "value_for_money",
        "criteria": [
            {"id": "Q", "weight": 10_000, "kind": {"kind": "judged", "absent": "skip"}},
        ],
    }
    tender = {"id": "T", "opened_on": "2026-03-10", "method": method, "lots": [{"id": "L1"}]}
    dossier = {
        "bidders": [{"id": "B"}],
        "bids": [{"id": "b", "bidder": "B", "lots": ["L1"], "price": 1}],
        "marks": [{"evaluator": "E", "bid": "b", "criterion": "Q", "points": "80"}],
    }
    return {"format": "tajhiz.evaluation/1", "tender": tender, "dossier": dossier}


def test_a_name_that_is_there_twice_or_names_nothing_is_refused():
    data = made(tenders.value(1))
    dossier = data["sections"][1]["content"]
    for change in (
        lambda one: one["bids"].append(dossier["bids"][0]),
        lambda one: one["bidders"].append(dossier["bidders"][0]),
        lambda one: one["bids"][0].update(bidder="nobody"),
        lambda one: one["bids"][0].update(lots=["L9"]),
        lambda one: one.update(rejections=[{"lot": "L1", "bid": "nobody", "reason": "x"}]),
    ):
        other = copy.deepcopy(data)
        change(other["sections"][1]["content"])
        with pytest.raises(Unreadable):
            recompute.differences(rebound(other))


def test_a_file_is_read_strictly():
    assert decoded(b'{"a": [1, "x", null, true]}') == {"a": [1, "x", None, True]}
    for content in (b'{"a": 1, "a": 2}', b"0.5", b"1e9", b"Infinity", b"9" * 61, b"\xff", b"["):
        with pytest.raises(Unreadable):
            decoded(content)


def test_an_auditor_gets_one_line_and_the_code_two_for_a_hostile_record(tmp_path):
    data = made(tenders.statutory(0))
    data["sections"][1]["content"]["bids"][0]["price"] = "1e999999999"
    path = tmp_path / "record.json"
    path.write_bytes(record.written(rebound(data)))

    done = subprocess.run(
        [sys.executable, "-I", Path(recompute.__file__).parent, path],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "$.dossier.bids[0].price: it is not an integer" in done.stderr
    assert json.loads(path.read_bytes())["head"]
