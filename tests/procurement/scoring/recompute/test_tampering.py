"""Whoever changes a record, and binds it anew, is found out wherever it matters."""

from collections import Counter
from functools import cache

import pytest

from procurement.scoring import reading, recompute, record
from procurement.scoring.engine import evaluate
from procurement.scoring.errors import ScoringError
from procurement.scoring.recompute.content import INFORMING, again
from tests.procurement.scoring import tenders
from tests.procurement.scoring.recompute.records import (
    Path,
    at,
    awarded_together,
    changed,
    made,
    outcome,
    places,
    rebound,
)

SEEDS = ("together", 0, 1, 2, 3, 4, 5, 7, 10, 13, 16, 22)
TEXTS = {"rule"}  # articles: what the kept head, and the first engine, protect


@cache
def base(seed: int | str) -> dict:
    return awarded_together() if seed == "together" else made(tenders.any_tender(int(seed)))


def seen(data: dict) -> bool:
    try:
        return recompute.differences(data) != []
    except recompute.Unreadable:
        return True


def others(value: object) -> list[object]:
    """Return other values of the same type, as a forger would write them."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1]
    if not isinstance(value, str):
        return ["x"] if value is None else []
    return [str(int(value) + 1)] if value.isdecimal() else [f"{value}x"]


def informs(data: dict, path: Path) -> bool:
    """Say whether a place lies in a line that decides nothing."""
    for end in range(len(path), 0, -1):
        inside = at(data, path[:end])
        if isinstance(inside, dict) and "code" in inside and "bid" not in inside:
            return not again(inside["code"])
    return False


@pytest.mark.parametrize("seed", SEEDS)
def test_no_number_or_word_of_an_outcome_can_be_changed_but_articles_and_what_informs(seed):
    data, unseen = base(seed), []
    for path in places(outcome(data)):
        for new in others(at(outcome(data), path)):
            inside = ("sections", 4, "content", *path)
            if not seen(rebound(changed(data, inside, new))):
                unseen.append(path)

    assert [
        path for path in unseen if path[-1] not in TEXTS and not informs(outcome(data), path)
    ] == []


@pytest.mark.parametrize("seed", SEEDS)
def test_no_line_can_be_left_out_doubled_or_moved_to_another_bid(seed):
    data, unseen = base(seed), []
    lots = [("lots", number) for number in range(len(outcome(data)["lots"]))]
    for place in [(), *lots]:
        for part in ("lines", "warnings", "ranking", "excluded"):
            several = at(outcome(data), place).get(part, [])
            for number, one in enumerate(several):
                rest = several[:number] + several[number + 1 :]
                if part in ("lines", "warnings") and not again(one["code"]):
                    continue
                for new in (rest, [*several, one]):
                    path = ("sections", 4, "content", *place, part)
                    if not seen(rebound(changed(data, path, new))):
                        unseen.append((*place, part, number, one))

    assert unseen == []


def decisions(told: dict) -> list:
    """Return what is decided: status, winner, amount, order and who was set aside."""
    return [
        (
            lot["lot"], lot["status"], lot.get("winner"), lot.get("amount"),
            sorted((one["rank"], one["bid"], one["key"]) for one in lot.get("ranking", [])),
            sorted((one["bid"], one["code"]) for one in lot.get("excluded", [])),
        )
        for lot in told["lots"]
    ]  # fmt: skip


def decides(data: dict) -> list | None:
    """Return what the first engine decides by a record's file; nothing when it refuses it."""
    tender, dossier = (data["sections"][number]["content"] for number in (0, 1))
    file_ = {"format": "tajhiz.evaluation/1", "tender": tender.get("tender"), "dossier": dossier}
    try:
        file = reading.checked(file_)
        return decisions(outcome(record.of(file, evaluate(file))))
    except ScoringError:
        return None


@pytest.mark.parametrize("seed", SEEDS)
def test_no_value_that_came_in_can_be_changed_where_it_decides(seed):
    data = base(seed)
    told, unseen = decisions(outcome(data)), Counter()
    for section in (0, 1):
        for path in places(data["sections"][section]["content"]):
            inside = ("sections", section, "content", *path)
            value = at(data, inside)
            for new in [*others(value), ...]:
                forged = rebound(changed(data, inside, new))
                if not seen(forged) and decides(forged) != told:
                    unseen[".".join(str(one) for one in path)] += 1

    assert unseen == {}


def test_what_informs_is_known_by_its_code():
    assert {"value.total", "statute.mean", "allocation.total", "value.new"} & INFORMING == set()
    assert [again(one) for one in ("allocation.next", "allocation.awarded", "a.b")] == [
        False, True, True,
    ]  # fmt: skip
