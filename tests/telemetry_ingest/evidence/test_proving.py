"""Some readings of a pack, proven without the others; whatever is changed is noticed."""

import json

import msgspec
import pytest
from click.testing import CliRunner

from telemetry_ingest.cli import evidence
from telemetry_ingest.evidence.proving import (
    NotAProof,
    NotThere,
    OtherReadings,
    loaded,
    prove,
    wrong,
)
from telemetry_ingest.evidence.readings import HEADER
from tests.telemetry_ingest.evidence.packs import a_pack, lines, rows
from tests.telemetry_ingest.evidence.test_verify import changed as other


@pytest.fixture(scope="module")
def pack():
    return a_pack()


def key_of(text: bytes) -> str:
    return text.decode().rpartition(",")[0]


@pytest.mark.parametrize("place", [0, 1, 30, 1439, len(rows()) - 1])
def test_a_reading_is_proven_by_its_line_or_by_what_names_it(pack, place):
    line = lines()[place]
    for wanted in (line.decode(), key_of(line)):
        proof = prove(pack, lines(), [wanted])
        assert (proof.readings[0].line, proof.readings[0].place) == (line.decode(), place)
        assert wrong(pack, loaded(proof.written())) == []


def test_whatever_is_changed_is_noticed(pack):
    line = lines()[7]
    proof = prove(pack, lines(), [key_of(line)])
    one = proof.readings[0]
    turned = ("0" * 64, *one.path[1:])
    for changed in (
        {"line": key_of(line) + ",99"}, {"place": 8}, {"path": one.path[:-1]}, {"path": turned},
        {"path": ("no digest", *one.path[1:])}, {"place": -1},
    ):  # fmt: skip
        forged = msgspec.structs.replace(proof, readings=(msgspec.structs.replace(one, **changed),))
        assert len(wrong(pack, forged)) == 1, changed
    assert len(wrong(pack, msgspec.structs.replace(proof, head="0" * 64))) == 1


def test_what_cannot_be_proven(pack):
    with pytest.raises(NotThere):
        prove(pack, lines(), ["1,1,1,1,1"])
    with pytest.raises(OtherReadings):
        prove(pack, lines()[:-1], [key_of(lines()[0])])
    for content in (b"", b"{}", b"\xff", b'{"format":"x","head":"","readings":[]}'):
        with pytest.raises(NotAProof):
            loaded(content)


def test_the_commands(pack, tmp_path):
    (tmp_path / "pack.json").write_bytes(pack.written())
    (tmp_path / "readings.csv").write_bytes(b"\n".join([HEADER, *lines()]) + b"\n")
    names = [str(tmp_path / name) for name in ("pack.json", "readings.csv", "proof.json")]
    run, english = CliRunner(), ["--language", "en"]
    line = lines()[5]

    made = run.invoke(evidence, ["prove", *names[:2], key_of(line), *english])
    assert made.exit_code == 0, made.output
    (tmp_path / "proof.json").write_text(made.output)
    good = run.invoke(evidence, ["check", names[0], names[2], *english])
    assert (good.exit_code, good.output.splitlines()[0]) == (0, line.decode())
    (tmp_path / "proof.json").write_text(made.output.replace(line.decode(), f"{key_of(line)},1"))
    assert run.invoke(evidence, ["check", names[0], names[2]]).exit_code == 1
    assert run.invoke(evidence, ["check", names[0], names[1]]).exit_code == 2
    assert run.invoke(evidence, ["prove", *names[:2], "1,2,3,4,5"]).exit_code == 2
    assert run.invoke(evidence, ["check", names[0], names[2], "--key", "00"]).exit_code == 1


def test_what_cannot_be_checked_ends_with_2(pack, tmp_path):
    """1 would say that it was checked and does not hold."""
    figures = json.loads(json.dumps(pack.sections["figures"]))
    for one in figures:
        del one["lost"]
    (tmp_path / "proof.json").write_bytes(prove(pack, lines(), [key_of(lines()[0])]).written())
    (tmp_path / "other.json").write_bytes(other(pack, ["figures"], figures, resign=True).written())
    (tmp_path / "spaced.json").write_bytes(pack.written().replace(b",", b", ", 1))
    said = {
        "other.json": "This evidence has a form that this version does not know",
        "spaced.json": "This pack was changed at byte",
    }

    for name, begins in said.items():
        names = [str(tmp_path / one) for one in (name, "proof.json")]
        found = CliRunner().invoke(evidence, ["check", *names, "--language", "en"])
        assert (found.exit_code, found.output.startswith(begins)) == (2, True), found.output
