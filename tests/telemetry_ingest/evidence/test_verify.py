"""A pack re-computes from itself and its readings; whatever is changed is found."""

import copy
import json

import pytest

from telemetry_ingest.evidence import sealed, signing
from telemetry_ingest.evidence.pack import Pack
from telemetry_ingest.evidence.verify import Finding, NotAPack, check, loaded
from tests.telemetry_ingest.evidence.packs import KEY, a_pack, lines


@pytest.fixture(scope="module")
def pack() -> Pack:
    return a_pack()


def changed(pack: Pack, place: list, value, *, resign: bool = False) -> Pack:
    """Return the pack with one place changed; ``resign``: chained and signed again by a forger."""
    data = json.loads(pack.written())
    inner = {one["name"]: one["content"] for one in data["sections"]}
    target = inner
    for step in place[:-1]:
        target = target[step]
    target[place[-1]] = value
    if resign:
        data["sections"], data["head"] = sealed.chained(inner)
        data["signature"] = signing.signature(bytes(32), data["head"])
    else:
        for one in data["sections"]:
            one["content"] = inner[one["name"]]
    return Pack(data)


def test_it_holds_and_is_the_same_again(pack):
    assert a_pack().written() == pack.written()
    again = loaded(pack.written())
    assert check(again, lines()) == []
    assert check(again, key=signing.public_key(KEY)) == []


def test_another_key_than_expected(pack):
    assert [one.what for one in check(pack, key="00" * 32)] == ["key"]


@pytest.mark.parametrize("place", [0, 700, 1439, 2879])
def test_any_changed_reading_is_found(pack, place):
    given = lines()
    start, _comma, _value = given[place].rpartition(b",")
    given[place] = start + b",97.123"

    assert Finding("readings", "readings.root") in check(pack, given)


def test_a_reading_left_out_moved_or_doubled_is_found(pack):
    given = lines()

    assert Finding("readings", "readings.count") in check(pack, given[:-1])
    assert check(pack, [given[1], given[0], *given[2:]]) == [Finding("readings", "3")]
    assert check(pack, [given[0], *given]) == [Finding("readings", "3")]
    assert check(pack, [b"nothing"]) == [Finding("readings", "2")]
    assert check(pack, [given[0].replace(b"1,", b"01,", 1)]) == [Finding("readings", "2")]


FORGED = [
    (["figures", 0, "availability", "of_known"], "1"),
    (["figures", 0, "failures", "failures"], 0),
    (["figures", 0, "metrics", 0, "implausible"], 7),
    (["figures", 0, "metrics", 0, "agreement", "repeated", "bias"], "0"),
    (["figures", 0, "days", 1, 3], 0),
    (["judgements", "overall"], "met"),
    (["judgements", "all", 2, "outcome"], "met"),
    (["devices", 0, "status"], []),
    (["devices", 0, "clock", 4, 1], 9_000_000),
    (["window", "end"], 1_772_400_000_000_000),
    (["protocol", "digest"], "0" * 64),
    (["readings", "root"], "0" * 64),
]


@pytest.mark.parametrize(("place", "value"), FORGED)
def test_a_changed_statement_breaks_the_chain(pack, place, value):
    assert Finding("chain", place[0]) in check(changed(pack, place, value))


@pytest.mark.parametrize(("place", "value"), FORGED)
def test_a_forger_who_signs_anew_is_found_by_computing_again(pack, place, value):
    forged = changed(pack, place, value, resign=True)

    found = {one.what for one in check(forged, lines())}

    assert found & {"figures", "readings", "protocol"}
    assert not found & {"chain", "signature"}


def test_figures_without_their_parts_are_found_and_not_tripped_over(pack):
    for value in ([], [{}], [None], {}, "x"):
        assert check(changed(pack, ["figures"], value, resign=True), lines())


def test_a_changed_protocol_is_found(pack):
    content = pack.sections["protocol"]["content"].replace('"limit":"0.5"', '"limit":"0.1"')
    forged = changed(pack, ["protocol", "content"], content, resign=True)

    assert Finding("protocol") in check(forged)


@pytest.mark.parametrize(
    ("name", "value"), [("signature", "00" * 64), ("public_key", "11" * 32), ("algorithm", "none")]
)
def test_a_changed_signature_is_found(pack, name, value):
    data = copy.deepcopy(pack.data)
    data["signature"][name] = value

    assert check(Pack(data)) == [Finding("signature")]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[]",
        b"\xff",
        b'{"format": 1.5}',
        b'{"a":1,"a":2}',
        json.dumps({"format": "x"}).encode(),
    ],
)
def test_what_is_no_pack(content):
    with pytest.raises(NotAPack):
        loaded(content)


def test_a_pack_with_another_section_or_a_float_is_none(pack):
    data = copy.deepcopy(pack.data)
    data["sections"].append({"name": "more", "content": {}, "digest": "0" * 64})
    with pytest.raises(NotAPack):
        loaded(json.dumps(data).encode())
    with pytest.raises(NotAPack):
        loaded(pack.written().replace(b'"number":1', b'"number":1.0', 1))
