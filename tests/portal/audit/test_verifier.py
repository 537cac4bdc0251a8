import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.audit import verifier
from portal.audit.verifier import (
    GENESIS,
    Broken,
    Intact,
    canonical,
    content_digest,
    link_digest,
    verify,
)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
records = st.fixed_dictionaries(
    {
        "actor": texts,
        "at": st.just("2026-07-01T12:00:00.000000Z"),
        "details": st.dictionaries(texts, values, max_size=3),
        "event": texts,
        "organisation": st.none() | texts,
        "subject": st.fixed_dictionaries({"id": texts, "kind": texts}),
    }
)


def chain(said: list[dict]) -> list[dict]:
    lines, previous = [], GENESIS
    for seq, record in enumerate(said, start=1):
        content = content_digest(record)
        digest = link_digest(seq, previous, content)
        lines.append(
            {
                "seq": seq,
                "previous": previous,
                "content": content,
                "digest": digest,
                "record": record,
            }
        )
        previous = digest
    return lines


def record(number: int) -> dict:
    return {
        "actor": "stranger",
        "at": "2026-07-01T12:00:00.000000Z",
        "details": {"number": number},
        "event": "a.done",
        "organisation": None,
        "subject": {"id": str(number), "kind": "a"},
    }


def written(lines: list[dict]) -> list[bytes]:
    return [json.dumps(line).encode() for line in lines]


# Fixed values: a change of the format would make every export ever taken unverifiable.
def test_the_form_of_a_record_never_changes():
    assert canonical({"é": [1, None, True], "a": 'x"\n\u0007'}) == (
        '{"a":"x\\"\\n\\u0007","é":[1,null,true]}'.encode()
    )
    assert content_digest(record(1)) == (
        "83d2ea799c9de535dd10f7eb53031df4aeae8fca1ed95e221a2ba987e5713edb"
    )
    assert link_digest(1, GENESIS, "a" * 64) == (
        "b763dcfb3e6f564aa05d357a677116a462ea970cd3babbcc9fc230cd96de1fd5"
    )


def test_keys_are_ordered_as_rfc_8785_says():
    assert canonical({"\ufb33": 1, "𐀀": 2, "a": 3}) == '{"a":3,"𐀀":2,"\ufb33":1}'.encode()


@given(st.lists(records, max_size=6))
def test_every_chain_verifies(said):
    lines = chain(said)
    head = lines[-1]["digest"] if lines else GENESIS

    assert verify(written(lines), head=head) == Intact(len(said), head)


@given(st.lists(records, min_size=1, max_size=5), st.data())
def test_a_change_of_any_field_is_found_in_its_line(said, data):
    lines = chain(said)
    place = data.draw(st.integers(0, len(lines) - 1))
    name = data.draw(st.sampled_from(["seq", "previous", "content", "digest", *said[0]]))
    target = lines[place] if name in lines[place] else lines[place]["record"]
    other = data.draw(values.filter(lambda value: canonical(value) != canonical(target[name])))
    lines[place] = {**lines[place], "record": dict(lines[place]["record"])}
    (lines[place] if name in lines[place] else lines[place]["record"])[name] = other

    outcome = verify(written(lines))

    assert isinstance(outcome, Broken)
    assert outcome.line == place + 1


def test_a_record_taken_out_is_found():
    lines = chain([record(n) for n in range(5)])
    del lines[2]

    outcome = verify(written(lines))

    assert isinstance(outcome, Broken)
    assert (outcome.line, outcome.seq) == (3, 4)


def test_a_cut_off_end_is_found_with_the_known_head_only():
    lines = chain([record(n) for n in range(5)])

    assert verify(written(lines[:3])) == Intact(3, lines[2]["digest"])
    outcome = verify(written(lines[:3]), head=lines[-1]["digest"])
    assert isinstance(outcome, Broken)
    assert outcome.line == 4


def test_a_chain_written_anew_is_found_with_the_known_head():
    head = chain([record(n) for n in range(5)])[-1]["digest"]

    outcome = verify(written(chain([record(n + 1) for n in range(5)])), head=head)

    assert isinstance(outcome, Broken)


def test_closed_records_of_others_keep_the_chain_whole():
    lines = chain([record(n) for n in range(4)])
    for line in lines[1:3]:
        line["record"] = None

    assert verify(written(lines)) == Intact(4, lines[-1]["digest"], closed=2)
    lines[1]["content"] = "0" * 64
    assert isinstance(verify(written(lines)), Broken)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"[]",
        b"{}",
        b'{"seq":1}',
        b"\xff",
        b"[" * 100_000,
        b'{"seq":1,"seq":1,"previous":"","content":"","digest":"","record":{}}',
        b'{"seq":NaN,"previous":"","content":"","digest":"","record":{}}',
    ],
)
def test_what_is_no_export_is_said_to_be_none(line):
    outcome = verify([line])

    assert isinstance(outcome, Broken)
    assert outcome.line == 1


def test_the_verifier_runs_alone_on_the_standard_library(tmp_path: Path):
    lines = written(chain([record(n) for n in range(3)]))
    copy = tmp_path / "verifier.py"
    copy.write_bytes(Path(verifier.__file__).read_bytes())
    (tmp_path / "good").write_bytes(b"\n".join(lines))
    (tmp_path / "bad").write_bytes(b"\n".join([lines[0], lines[2]]))

    def run(*arguments: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-I", "-S", copy, *arguments], capture_output=True, text=True
        )
        return done.returncode, done.stdout

    assert run(str(tmp_path / "good"))[0] == 0
    assert run(str(tmp_path / "bad"))[0] == 1
    assert run(str(tmp_path / "bad"))[1].startswith("BROKEN at line 2 (record 3): ")
    assert run(str(tmp_path / "none"))[0] == 2
