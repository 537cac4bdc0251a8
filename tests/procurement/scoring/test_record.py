"""A record is complete, the same every time, and no part of it can be changed unseen."""

import copy
import hashlib
import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import pytest

from procurement.scoring import reading, recompute, record
from procurement.scoring.canonical import seal
from procurement.scoring.errors import Malformed, RecordBroken
from tests.procurement.scoring import tenders
from tests.sources import imported

AT = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
FOLDER = Path(recompute.__file__).parent
SEEDS = (0, 1, 4, 7, 10, 13)


def made(seed: int = 0) -> dict:
    """Return a record as it is read back."""
    file = reading.checked(tenders.any_tender(seed))
    return json.loads(record.written(record.make(file, AT)))


def rechained(data: dict) -> dict:
    """Return a record whose links were computed anew by whoever changed it."""
    return record.chained({one["name"]: one["content"] for one in data["sections"]})


def test_a_record_says_all_that_a_replay_needs():
    data = made()
    parts = record.contents(data)
    file = reading.checked(tenders.any_tender(0))

    assert list(parts) == ["tender", "dossier", "engine", "randomness", "outcome"]
    assert parts["tender"]["seal"] == seal(file.tender)
    assert parts["engine"] == {
        "name": "statutory",
        "rules": "MA-2-22-431/2023-09",
        "evaluated_at": "2026-03-10T09:30:00+00:00",
        "versions": {
            "tajhiz": version("tajhiz"),
            "python": ".".join(map(str, sys.version_info[:3])),
            "numpy": version("numpy"),
            "scipy": version("scipy"),
        },
    }
    assert parts["randomness"]["stream"] == "EMC-1"
    assert parts["outcome"]["lots"][0]["lines"] != []


@pytest.mark.parametrize("seed", SEEDS)
def test_the_same_file_gives_the_same_bytes_and_comes_back_out_of_its_record(seed):
    file = reading.checked(tenders.any_tender(seed))
    data = record.make(file, AT)

    again = record.read(record.written(data))

    assert (again.tender, again.dossier) == (file.tender, file.dossier)
    assert record.written(record.make(again, AT)) == record.written(data)


def test_the_links_are_what_the_format_says():
    data, head = made(), "0" * 64
    for one in data["sections"]:
        text = json.dumps(one["content"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        head = hashlib.sha256(f"{head}\n{one['name']}\n{text}".encode()).hexdigest()
        assert one["link"] == head
    assert data["head"] == head


def seen(data: object) -> bool:
    """Say whether the second evaluator tells a change, or that it is no record any more."""
    try:
        return recompute.differences(data) != []
    except recompute.Unreadable:
        return True


def leaves(value, path=()):
    if isinstance(value, dict):
        for key, part in value.items():
            yield from leaves(part, (*path, key))
    elif isinstance(value, list):
        for place, part in enumerate(value):
            yield from leaves(part, (*path, place))
    else:
        yield path, value


@pytest.mark.parametrize("seed", SEEDS)
def test_no_value_of_a_record_can_be_changed_unseen(seed):
    data = made(seed)
    for path, value in list(leaves(data)):
        changed = copy.deepcopy(data)
        place = changed
        for part in path[:-1]:
            place = place[part]
        place[path[-1]] = "x" if value != "x" else "y"

        assert seen(changed), path
        with pytest.raises((RecordBroken, Malformed)):
            record.file_of(changed) if record.is_record(changed) else record.read(
                json.dumps(changed)
            )


def order_of(lot):
    return next(one["values"] for one in lot["lines"] if one["code"] == "statute.order")


@pytest.mark.parametrize(
    "change",
    [
        lambda lot: lot.update(winner="B9-L1"),
        lambda lot: lot.update(amount=1),
        lambda lot: lot.update(status="unsuccessful"),
        lambda lot: lot["ranking"][0].update(key="1"),
        lambda lot: lot["ranking"][0].update(rank=2),
        lambda lot: lot["ranking"].pop(),
        lambda lot: lot.update(excluded=[{"bid": "B0-L1", "code": "statute.gate"}]),
        lambda lot: lot["lines"].clear(),
        lambda lot: order_of(lot).update(below=order_of(lot)["below"] + 1),
    ],
)
def test_a_forged_outcome_with_links_made_anew_does_not_re_compute(change):
    data = next(
        one
        for one in map(made, range(0, 200, 2))
        if one["sections"][-1]["content"]["lots"][0]["status"] == "awarded"
        and any(
            line["code"] == "statute.mean"
            for line in one["sections"][-1]["content"]["lots"][0]["lines"]
        )
    )
    forged = copy.deepcopy(data)
    change(forged["sections"][-1]["content"]["lots"][0])
    forged = rechained(forged)

    assert recompute.differences(data) == []
    assert recompute.differences(forged) != []


def test_a_tender_changed_after_its_publication_does_not_re_compute():
    data = made()
    data["sections"][0]["content"]["tender"]["title"] = "another"

    found = recompute.differences(rechained(data))

    assert [one.split(":")[0] for one in found] == ["seal"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda data: data.pop("head"), "sections"),
        (lambda data: data["sections"].pop(), "sections"),
        (lambda data: data["sections"].reverse(), "sections"),
        (lambda data: data.update(head="0" * 64), "head"),
        (lambda data: data["sections"][1].update(link="0" * 64), "dossier"),
    ],
)
def test_a_broken_chain_is_refused_with_its_place(change, field):
    data = made()
    change(data)

    with pytest.raises(RecordBroken) as error:
        record.file_of(data)

    assert error.value.field == field


@pytest.mark.parametrize("data", [None, [], {}, "x", {"format": "tajhiz.record/2"}])
def test_what_is_no_record_is_said_to_be_none(data):
    with pytest.raises(recompute.Unreadable):
        recompute.differences(data)


def test_the_second_evaluator_stands_alone():
    own = "procurement.scoring.recompute"
    names = {one for path in FOLDER.glob("*.py") for one in imported(path)}
    others = {one.split(".")[0] for one in names if one != own and not one.startswith(f"{own}.")}

    assert others <= sys.stdlib_module_names
    assert {path.stem for path in FOLDER.glob("*.py")} & sys.stdlib_module_names == set()


def test_an_auditor_runs_the_second_evaluator_with_nothing_installed(tmp_path):
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    data = made()
    good.write_bytes(record.written(data))
    data["sections"][-1]["content"]["lots"][0]["status"] = "not_proven"
    bad.write_bytes(record.written(rechained(data)))
    empty = tmp_path / "auditor"
    shutil.copytree(FOLDER, empty / "recompute", ignore=shutil.ignore_patterns("__pycache__"))
    for trap in ("json", "fractions", "chain"):  # what lies beside the folder is not looked at
        (empty / f"{trap}.py").write_text("raise SystemExit(9)")

    def run(*asked: object) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-S", *map(str, asked)],
            cwd=empty, capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    assert run("-I", "recompute", good) == (0, f"{good}: holds\n")
    for trap in ("json", "fractions"):
        (empty / f"{trap}.py").unlink()
    assert run("-m", "recompute", good) == (0, f"{good}: holds\n")
    code, said = run("-I", "recompute", bad)
    assert code == 1
    assert "not_proven" in said
