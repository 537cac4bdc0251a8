"""A pack re-computes from itself and its readings; whatever is changed is found."""

import copy
import json

import pytest
from click.testing import CliRunner

from telemetry_ingest.cli import evidence
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


@pytest.mark.parametrize(
    ("place", "where"),
    [
        (0, "SN-1, MDC_PULS_OXIM_SAT_O2, 2026-03-01"),
        (700, "SN-1, MDC_PULS_OXIM_SAT_O2, 2026-03-05"),
        (1439, "SN-1, MDC_PULS_OXIM_SAT_O2, 2026-03-10"),
        (2879, "REF-1, MDC_PULS_OXIM_SAT_O2, 2026-03-10"),
    ],
)
def test_any_changed_reading_is_found_with_its_day(pack, place, where):
    given = lines()
    start, _comma, _value = given[place].rpartition(b",")
    given[place] = start + b",97.123"
    found = check(pack, given)

    assert found[0] == Finding("readings", where)
    assert Finding("readings", "readings.root") in found
    days = [one for one in found if one.what == "readings" and one.where.count(",") == 2]
    assert len(days) == 1


def test_a_reading_left_out_moved_or_doubled_is_found(pack):
    given = lines()

    without = check(pack, given[:-1])
    assert without[0] == Finding("readings", "REF-1, MDC_PULS_OXIM_SAT_O2, 2026-03-10")
    assert Finding("readings", "readings.count") in without
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
    (["readings", "days", 3, 4], "0" * 64),
    (["readings", "days"], [["x"]]),
    (["readings", "days"], None),
    (["devices", 0, "ledger", 0, "stored"], [[0, 1441]]),
    (["devices", 0, "alarms"], []),
    (["devices", 0, "refused"], []),
    (["devices", 1, "serial"], "REF-2"),
    (["pilot", "title"], "Another"),
    (["figures", 0, "metrics", 0, "agreement", "plot", "cells", 0, 2], 1),
    (["engine", "versions", "python"], "2.7"),
]
# What a pack states and nothing can be computed from again: only the signature speaks for it.
STATED = {("devices", 0, "refused"), ("devices", 1, "serial"), ("pilot", "title"),
          ("engine", "versions", "python")}  # fmt: skip
COMPUTED = [one for one in FORGED if tuple(one[0]) not in STATED]


@pytest.mark.parametrize(("place", "value"), FORGED)
def test_a_changed_statement_breaks_the_chain(pack, place, value):
    assert Finding("chain", place[0]) in check(changed(pack, place, value))


@pytest.mark.parametrize(("place", "value"), COMPUTED)
def test_a_forger_who_signs_anew_is_found_by_computing_again(pack, place, value):
    forged = changed(pack, place, value, resign=True)

    found = {one.what for one in check(forged, lines())}

    assert found & {"figures", "readings", "protocol"}
    assert not found & {"chain", "signature"}


@pytest.mark.parametrize("place", sorted(STATED, key=str))
def test_what_is_only_stated_stands_under_the_key(pack, place):
    forged = changed(pack, list(place), "x" if place[-1] != "refused" else [], resign=True)

    found = check(forged, lines(), signing.public_key(KEY))

    assert {one.what for one in found} == {"key"}


def test_one_changed_byte_anywhere_is_refused(pack):
    """Every third of a thousand places: another byte, one more, one less."""
    content = pack.written()
    step = len(content) // 333
    for place in range(0, len(content), step):
        one = content[place : place + 1]
        other = b"1" if one != b"1" else b"2"
        for changed_to in (other, bytes([content[place] ^ 0x20]), one + b" ", b""):
            forged = content[:place] + changed_to + content[place + 1 :]
            if forged == content:
                continue
            try:
                found = check(loaded(forged))
            except NotAPack:
                continue
            assert found, (place, content[place - 20 : place + 20])


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        (b'"sections":', b'"sections": ', "space"),
        (b"Oxym\xc3\xa8tre", b"Oxym\\u00e8tre", "escape"),
        (b'{"format"', b'\n{"format"', "line"),
    ],
)
def test_another_way_of_writing_the_same_is_refused_with_its_byte(pack, before, after, place):
    content = pack.written()
    assert before in content
    forged = content.replace(before, after, 1)
    with pytest.raises(NotAPack) as refused:
        loaded(forged)
    found = refused.value.place
    assert found is not None
    assert forged[:found] == content[:found]
    assert forged[found : found + 1] != content[found : found + 1]


def test_figures_without_their_parts_are_found_and_not_tripped_over(pack):
    for value in ([], [{}], [None], {}, "x"):
        assert check(changed(pack, ["figures"], value, resign=True), lines())


def test_another_form_is_said_first_by_the_command(pack, tmp_path):
    figures = json.loads(json.dumps(pack.sections["figures"]))
    for one in figures:
        del one["lost"]
    path = tmp_path / "pack.json"
    path.write_bytes(changed(pack, ["figures"], figures, resign=True).written())
    done = CliRunner().invoke(evidence, ["verify", str(path), "--language", "en"])

    assert done.exit_code == 2
    assert done.output.startswith("This evidence has a form that this version does not know")
    assert done.output.count("\n") == 1


def test_who_signed_is_left_to_compare_without_a_key(pack, tmp_path):
    path = tmp_path / "pack.json"
    path.write_bytes(pack.written())
    public, run = signing.public_key(KEY), CliRunner()
    without = run.invoke(evidence, ["verify", str(path), "--language", "en"])
    given = run.invoke(evidence, ["verify", str(path), "--language", "en", "--key", public])

    assert (without.exit_code, given.exit_code) == (0, 0)
    last = without.output.splitlines()[-1]
    assert last.startswith("Who signed was not checked: compare this key")
    assert last.endswith(f"/evidence/key, or verify with --key: {public}")
    assert given.output == without.output.removesuffix(f"{last}\n")


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


def test_a_signature_is_written_in_one_way(pack):
    for value in (
        {**pack.data["signature"], "more": ""},
        {**pack.data["signature"], "public_key": pack.data["signature"]["public_key"].upper()},
        {**pack.data["signature"], "signature": pack.data["signature"]["signature"] + " "},
        ["algorithm", "public_key", "signature"],
        None,
    ):
        assert check(Pack({**pack.data, "signature": value})) == [Finding("signature")]


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
