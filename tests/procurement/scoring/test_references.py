"""Every name in a tender's file is known and there once; a refusal says where."""

import copy

import pytest

from procurement.scoring import reading, references
from procurement.scoring.errors import DuplicateName, Malformed, UnknownReference

FILE = {
    "format": "tajhiz.evaluation/1",
    "tender": {
        "id": "T",
        "opened_on": "2026-03-10",
        "method": {
            "kind": "value_for_money",
            "criteria": [
                {
                    "id": "quality",
                    "weight": 6000,
                    "kind": {
                        "kind": "branch",
                        "criteria": [
                            {"id": "team", "weight": 5000, "kind": {"kind": "judged"}},
                            {
                                "id": "uptime",
                                "weight": 5000,
                                "kind": {
                                    "kind": "evidence",
                                    "metric": "uptime",
                                    "level": "0.05",
                                    "steps": [{"at": "90", "points": "100"}],
                                    "min_exposure": {"value": "1", "unit": "month"},
                                    "min_coverage": "0.5",
                                },
                            },
                        ],
                    },
                },
                {
                    "id": "delivery",
                    "weight": 4000,
                    "kind": {"kind": "absolute", "best": "10", "worst": "90", "unit": "day"},
                },
            ],
        },
        "lots": [{"id": "L1"}, {"id": "L2"}],
        "limits": {"capacity": {"B1": 5}},
    },
    "dossier": {
        "bidders": [{"id": "B1"}, {"id": "B2"}],
        "bids": [
            {
                "id": "b1",
                "bidder": "B1",
                "lots": ["L1"],
                "price": 10,
                "answers": {"delivery": {"value": "20", "unit": "day"}},
            },
            {"id": "b2", "bidder": "B2", "lots": ["L1"], "price": 10},
        ],
        "marks": [{"evaluator": "E", "bid": "b1", "criterion": "team", "points": "50"}],
        "evidence": [
            {
                "bid": "b1",
                "criterion": "uptime",
                "metric": "uptime",
                "level": "0.05",
                "lower_bound": {"value": "95", "unit": "percent"},
                "exposure": {"value": "2", "unit": "month"},
                "coverage": "0.9",
                "pack": "0" * 64,
            }
        ],
        "rejections": [{"lot": "L1", "bid": "b1", "reason": "no answer"}],
    },
}


def changed(path: str, value: object) -> dict:
    """Return the file with one place changed; a last part « + » appends."""
    data = copy.deepcopy(FILE)
    *parts, last = [int(one) if one.isdigit() else one for one in path.split("/")]
    place = data
    for part in parts:
        place = place[part]
    if last == "+":
        place.append(value)
    else:
        place[last] = value
    return data


def refused(data: dict) -> tuple[type, str, object]:
    file = reading.checked(data)
    with pytest.raises((DuplicateName, Malformed, UnknownReference)) as error:
        references.check(file.tender, file.dossier)
    return type(error.value), error.value.field, error.value.values.get("name")


def test_a_file_that_names_only_what_it_holds_passes():
    file = reading.checked(FILE)

    references.check(file.tender, file.dossier)


@pytest.mark.parametrize(
    ("path", "value", "field", "name"),
    [
        ("dossier/bids/0/bidder", "B9", "dossier.bids[0].bidder", "B9"),
        ("dossier/bids/0/lots", ["L9"], "dossier.bids[0].lots", "L9"),
        ("dossier/bids/0/answers", {"x": {"value": "1", "unit": "day"}},
         "dossier.bids[0].answers", "x"),
        ("dossier/marks/0/bid", "b9", "dossier.marks[0].bid", "b9"),
        ("dossier/marks/0/criterion", "delivery", "dossier.marks[0].criterion", "delivery"),
        ("dossier/marks/0/criterion", "quality", "dossier.marks[0].criterion", "quality"),
        ("dossier/evidence/0/bid", "b9", "dossier.evidence[0].bid", "b9"),
        ("dossier/evidence/0/criterion", "team", "dossier.evidence[0].criterion", "team"),
        ("dossier/rejections/0/lot", "L9", "dossier.rejections[0].lot", "L9"),
        ("dossier/rejections/0/bid", "b9", "dossier.rejections[0].bid", "b9"),
        ("dossier/rejections/0/lot", "L2", "dossier.rejections[0].bid", "b1"),
        ("tender/limits/capacity", {"B9": 5}, "tender.limits.capacity", "B9"),
    ],
)  # fmt: skip
def test_an_unknown_name_is_refused_with_its_place(path, value, field, name):
    assert refused(changed(path, value)) == (UnknownReference, field, name)


@pytest.mark.parametrize(
    ("path", "value", "field", "name"),
    [
        ("tender/lots/1/id", "L1", "tender.lots[1].id", "L1"),
        ("tender/method/criteria/1/id", "team", "tender.method.criteria", "team"),
        ("dossier/bidders/1/id", "B1", "dossier.bidders[1].id", "B1"),
        ("dossier/bids/1/id", "b1", "dossier.bids[1].id", "b1"),
        ("dossier/bids/1/bidder", "B1", "dossier.bids[1].lots", "B1, L1"),
        ("dossier/bids/0/lots", ["L1", "L1"], "dossier.bids[0].lots[1]", "L1"),
        ("dossier/marks/+", FILE["dossier"]["marks"][0], "dossier.marks[1]", "E, b1, team"),
        ("dossier/evidence/+", FILE["dossier"]["evidence"][0], "dossier.evidence[1]", "b1, uptime"),
        ("dossier/rejections/+", FILE["dossier"]["rejections"][0], "dossier.rejections[1]",
         "L1, b1"),
    ],
)  # fmt: skip
def test_what_is_there_twice_is_refused_with_its_place(path, value, field, name):
    data = changed(path, value)
    if path == "dossier/bids/0/lots":
        data["tender"]["allocation"] = "together"

    assert refused(data) == (DuplicateName, field, name)


@pytest.mark.parametrize("lots", [[], ["L1", "L2"]])
def test_a_bid_for_no_lot_or_for_a_package_nobody_announced_is_refused(lots):
    assert refused(changed("dossier/bids/0/lots", lots)) == (
        Malformed, "dossier.bids[0].lots", None,
    )  # fmt: skip


def test_names_that_only_look_alike_when_joined_are_different():
    data = changed("dossier/marks/+", {**FILE["dossier"]["marks"][0], "evaluator": "E, b1"})
    file = reading.checked(data)

    references.check(file.tender, file.dossier)
