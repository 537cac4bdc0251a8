"""Every class of refusal: a file that the command line refuses with it, said in three languages.

A new class without an example fails here. What no tender's file can reach is asked of the part that
raises it, and said by the same function that the command line speaks with.
"""

import hashlib
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from procurement.cli import evaluate
from procurement.evaluation import refusals, words
from procurement.scoring import engine, errors, reading, record
from procurement.scoring.allocation.allocation import Allocation
from procurement.scoring.errors import ScoringError
from procurement.scoring.matrix import ScoreMatrix
from procurement.scoring.robustness.emc1 import shape_of
from procurement.scoring.shadow.ahp import compared
from procurement.scoring.shadow.vikor import vikor
from procurement.scoring.statute.words import centimes_of, in_words
from procurement.scoring.value.formulas import BY_NAME, marked

Json = dict[str, Any]
LANGUAGES = ("fr", "ar", "en")
SECRET = "a secret that is long enough to be one (fictional)"
COMMITTED = hashlib.sha256(SECRET.encode()).hexdigest()


def statutory(method: Json | None = None, **tender: Any) -> Json:
    kind = {"kind": "reference_price", "category": "supplies", "preference": {"applies": True}}
    return file(method or kind, **tender)


def file(
    method: Json, *, bid: Json | None = None, dossier: Json | None = None, **tender: Any
) -> Json:
    lots = [{"id": "L", "estimate": 1000}]
    bids = [{"id": name, "bidder": name, "lots": ["L"], "price": 900} for name in "AB"]
    bids[0] |= bid or {}
    return {
        "format": "tajhiz.evaluation/1",
        "tender": {"id": "T", "opened_on": "2026-03-10", "method": method, "lots": lots, **tender},
        "dossier": {"bidders": [{"id": "A"}, {"id": "B"}], "bids": bids, **(dossier or {})},
    }


def value(*criteria: Json, method: Json | None = None, **rest: Any) -> Json:
    return file({"kind": "value_for_money", "criteria": [*criteria], **(method or {})}, **rest)


def criterion(kind: str, **more: Any) -> Json:
    own = {name: more.pop(name) for name in ("id", "weight", "minimum", "worth") if name in more}
    return {"id": "c", "weight": 10_000, **own, "kind": {"kind": kind, **more}}


def price(formula: str = "low_over_price", **more: Any) -> Json:
    return criterion("price", id="price", formula=formula, **more)


DAYS = criterion("absolute", best="1", worst="100", unit="day")
LONGER = {"kind": "studies", "price_weight": "0.9", "threshold": "70"}
STUDIES = {"kind": "studies", "price_weight": "0.2", "threshold": "70"}
COSTS = [criterion("life_cycle_cost", id=name, weight=5_000, rate="0", years=1, flows=[],
                   formula="low_over_price") for name in "pq"]  # fmt: skip
PILOT = criterion(
    "evidence", metric="uptime", level="0.05", steps=[{"at": "90", "points": "40"}],
    min_exposure={"value": "24", "unit": "month"}, min_coverage="0.8", too_little="error",
)  # fmt: skip
WEAK = [
    {
        "bid": bid, "criterion": "c", "metric": "uptime", "level": "0.05", "pack": "0" * 64,
        "lower_bound": {"value": "95", "unit": "percent"}, "coverage": "1",
        "exposure": {"value": "1", "unit": "month"},
    }
    for bid in "AB"
]  # fmt: skip


def broken_record() -> Json:
    made = json.loads(record.written(record.make(reading.checked(statutory()))))
    made["head"] = "0" * 64
    return made


FILES: dict[type[ScoringError], Json] = {
    errors.Malformed: {"format": "tajhiz.evaluation/1"},
    errors.FloatRefused: statutory(bid={"price": 1.5}),
    errors.HiddenCharacter: statutory(title="a\u202eb"),
    errors.DuplicateName: statutory(lots=[{"id": "L", "estimate": 1}, {"id": "L", "estimate": 1}]),
    errors.UnknownReference: statutory(bid={"bidder": "Z"}),
    errors.SealBroken: {**statutory(), "seal": "0" * 64},
    errors.UnitMismatch: value(
        DAYS, dossier={"bids": [{
            "id": "A", "bidder": "A", "lots": ["L"], "price": 1,
            "answers": {"c": {"value": "1", "unit": "month"}},
        }]},
    ),
    errors.WeightSumError: value({**price(), "weight": 1}),
    errors.UnknownFormula: value(price("magic")),
    errors.RefusedFormula: value(price("belleville")),
    errors.UnknownRuleVersion: statutory(opened_on="1999-01-01"),
    errors.ZeroPriceError: value(price(), bid={"price": 0}),
    errors.MissingMark: value(criterion("judged")),
    errors.MissingAnswer: value(DAYS),
    errors.MarkOutOfScale: statutory(STUDIES, bid={"technical": "101"}),
    errors.EvidenceTooWeak: value(PILOT, dossier={"evidence": WEAK}),
    errors.TieUnresolved: statutory(
        dossier={"rejections": [{"lot": "L", "bid": "A", "reason": "none (fictional)"}]}
    ),
    errors.DrawMismatch: statutory(draw_commitment=COMMITTED, dossier={"seed": "another seed"}),
    errors.InfeasibleAllocation: value(
        price(), method={"objective": "money"}, allocation="together", limits={"capacity": {
            "A": 1, "B": 1}},
    ),
    errors.RecordBroken: broken_record(),
    errors.OutsideTheLaw: statutory(LONGER),
    errors.MissingEstimate: statutory(lots=[{"id": "L"}]),
    errors.MissingReason: statutory({
        "kind": "reference_price", "category": "supplies", "preference": {"applies": False,
                                                                           "reason": " "}}),
    errors.NotForThisMethod: statutory(allocation="together"),
    errors.RejectionOutOfTurn: statutory(
        bid={"price": 800}, dossier={"rejections": [{"lot": "L", "bid": "A", "reason": "none"}]}
    ),
    errors.DrawNotCommitted: statutory(dossier={"seed": SECRET}),
    errors.BadParameter: value({**DAYS, "minimum": "101"}),
    errors.WrongParameters: value(price("world_bank", parameters={"best": "1"})),
    errors.CountedTwice: value(*COSTS, method={"objective": "money"}),
}  # fmt: skip


def wide() -> ScoreMatrix:
    return ScoreMatrix(("a",), ("c",), np.array([[2**40]]), (10_000,), np.array([0]))


# Asked outside an evaluation: amounts in words, weights by AHP, shadow methods, robustness, drafts.
ASKED: dict[type[ScoringError], Callable[[], object]] = {
    errors.UnknownWord: lambda: centimes_of("trois cens dirhams"),
    errors.UnclearWords: lambda: centimes_of("trois"),
    errors.AmountTooLarge: lambda: in_words(-1),
    errors.PrecisionExceeded: lambda: shape_of(wide()),
    errors.NoAdmissibleBid: lambda: marked(BY_NAME["low_over_price"], {}, [], str),
    errors.ComparisonMissing: lambda: compared(("a", "b"), {}),
    errors.NotComparable: lambda: vikor([[1.0], [2.0]], [1.0], ["max"], v=2.0),
    errors.NotProvenOptimal: lambda: Allocation(
        status="not_proven", offers=None, total=None, bound=5, paid=None, groups=(),
    ).award(),
}  # fmt: skip


def every(kind: type[ScoringError]) -> list[type[ScoringError]]:
    return [one for below in kind.__subclasses__() for one in (below, *every(below))]


def test_every_class_of_refusal_has_one_example():
    named = [*FILES, *ASKED]

    assert set(named) == {one for one in every(ScoringError) if one.__module__ == errors.__name__}
    assert len(named) == len(set(named))


def of_file(given: Json) -> ScoringError:
    with pytest.raises(ScoringError) as caught:
        data = reading.decoded(json.dumps(given).encode())
        file = record.file_of(data) if record.is_record(data) else reading.checked(data)
        engine.evaluate(file)
    return caught.value


@pytest.mark.parametrize("kind", FILES, ids=lambda one: one.__name__)
def test_the_command_line_refuses_in_three_languages(kind, tmp_path):
    path = tmp_path / "file.json"
    path.write_text(json.dumps(FILES[kind]), encoding="utf-8")
    assert type(of_file(FILES[kind])) is kind

    answers = [CliRunner().invoke(evaluate, [str(path), "--language", one]) for one in LANGUAGES]

    assert [one.exit_code for one in answers] == [2, 2, 2]
    said = [plain(one.output) for one in answers]
    assert said == [told(of_file(FILES[kind]), one) for one in LANGUAGES]
    assert [text.count("\n") for text in said] == [0, 0, 0]
    assert len(set(said)) == 3


@pytest.mark.parametrize("kind", ASKED, ids=lambda one: one.__name__)
def test_what_is_asked_beside_a_file_is_refused_in_three_languages(kind):
    with pytest.raises(ScoringError) as caught:
        ASKED[kind]()

    assert type(caught.value) is kind
    assert len({told(caught.value, one) for one in LANGUAGES}) == 3


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", FILES, ids=lambda one: one.__name__)
def test_what_a_job_keeps_of_a_refusal_says_the_same_later_in_any_language(kind, language):
    error = of_file(FILES[kind])
    kept = json.loads(json.dumps(error.kept()))

    with words.speaking(language):
        assert plain(refusals.told(kept)) == told(error, language)


@pytest.mark.parametrize(
    ("language", "found", "wanted"), [("fr", "mois", "jours"), ("ar", "شهر", "يوم")]
)
def test_units_of_a_refusal_are_in_words(language, found, wanted):
    said = told(of_file(FILES[errors.UnitMismatch]), language)

    assert (f"« {found} »" in said, f"« {wanted} »" in said, "month" in said) == (True, True, False)


def told(error: ScoringError, language: str) -> str:
    with words.speaking(language):
        return plain(refusals.refusal(error))


def plain(text: str) -> str:
    """Return it with ordinary spaces, as a terminal gets it."""
    return text.replace("\u202f", " ").replace("\u00a0", " ").strip()
