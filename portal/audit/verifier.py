"""The audit chain: how a record is written down and hashed, and how a copy is verified.

This file needs nothing but Python's standard library, so that anybody can take it along:
``python verifier.py FILE [--head DIGEST]``. The rules are in words in ``docs/audit.md``.
"""

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

GENESIS = "0" * 64  # what the first record names as the digest before it
FIELDS = frozenset({"actor", "at", "details", "event", "organisation", "subject"})
LINE_FIELDS = frozenset({"seq", "previous", "content", "digest", "record"})
DIGEST = re.compile(r"[0-9a-f]{64}\Z")


@dataclass(frozen=True)
class Broken:
    """The first thing that is wrong with a copy, and in which line of the file (from 1)."""

    line: int
    seq: int | None
    why: str

    def __str__(self) -> str:
        record = "" if self.seq is None else f" (record {self.seq})"
        return f"line {self.line}{record}: {self.why}"


@dataclass(frozen=True)
class Intact:
    """A copy in which everything is right: its length, its last digest, how many are closed."""

    count: int
    head: str
    closed: int = 0  # records of others: their digests are there, what they say is not


def canonical(value: Any) -> bytes:
    """Write JSON in its one canonical form, RFC 8785 (strings, integers, booleans, null only)."""
    text = json.dumps(_sorted(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode()


def _sorted(value: Any) -> Any:
    if isinstance(value, Mapping):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return {key: _sorted(value[key]) for key in keys}
    if isinstance(value, (list, tuple)):
        return [_sorted(item) for item in value]
    if isinstance(value, float):
        raise ValueError("A number with a fraction has no single way to be written down.")
    return value


def content_digest(record: Mapping[str, Any]) -> str:
    """Return the SHA-256 of what a record says."""
    return hashlib.sha256(canonical(record)).hexdigest()


def link_digest(seq: int, previous: str, content: str) -> str:
    """Return the digest of a record in its place: after ``previous``, at number ``seq``."""
    return hashlib.sha256(f"{seq}:{previous}:{content}".encode()).hexdigest()


def verify(lines: Iterable[bytes], *, head: str | None = None) -> Intact | Broken:
    """Re-compute every digest of an export and return the first fault, or what was found.

    Args:
        lines: the export: one JSON object a line, in the order of ``seq``, from the first one.
        head: a digest known to be in the chain, as published; without it a cut-off end passes.
    """
    previous, seq, number, closed = GENESIS, 0, 0, 0
    found = head in {None, GENESIS}
    for number, line in enumerate(lines, start=1):
        read = _read(line)
        if isinstance(read, str):
            return Broken(number, None, read)
        why = _fault(read, seq + 1, previous)
        if why:
            return Broken(number, _number(read["seq"]), why)
        seq, previous = read["seq"], read["digest"]
        closed += read["record"] is None
        found = found or previous == head
    if not found:
        return Broken(number + 1, None, _missing_end(seq, previous, head))
    return Intact(seq, previous, closed)


def _missing_end(seq: int, last: str, head: str | None) -> str:
    return (
        f"the file ends after record {seq} with the digest {last}, and the known digest {head} is "
        "not in it: its end is missing, or the whole chain was written anew"
    )


def _read(line: bytes) -> dict[str, Any] | str:
    try:
        read = json.loads(line, object_pairs_hook=_once, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        return f"this is not a line of an audit export ({error})"
    if not isinstance(read, dict) or set(read) != LINE_FIELDS:
        return f"this is not a line of an audit export (it needs {', '.join(sorted(LINE_FIELDS))})"
    record = read["record"]
    if record is not None and (not isinstance(record, dict) or set(record) != FIELDS):
        return f"the record needs exactly {', '.join(sorted(FIELDS))}"
    return read


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse an object that says the same key twice: two readers could read it differently."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is given twice")
    return found


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) else None


def _fault(line: Mapping[str, Any], seq: int, previous: str) -> str:
    """Return what is wrong with one line, or nothing."""
    if type(line["seq"]) is not int or line["seq"] != seq:
        return f"number {seq} should stand here: a record was taken out, put in or moved"
    for name in ("previous", "content", "digest"):
        if not isinstance(line[name], str) or not DIGEST.match(line[name]):
            return f"“{name}” is not a SHA-256 digest"
    if line["previous"] != previous:
        return "it does not follow the record before it: a record was replaced"
    why = _content_fault(line)
    if why:
        return why
    digest = link_digest(seq, previous, line["content"])
    if line["digest"] != digest:
        return "its digest should be " + digest
    return ""


def _content_fault(line: Mapping[str, Any]) -> str:
    if line["record"] is None:
        return ""
    try:
        content = content_digest(line["record"])
    except ValueError as error:
        return f"the record cannot be written down in one way ({error})"
    if line["content"] != content:
        return "what the record says was changed: its content digest should be " + content
    return ""


def file_lines(path: str) -> Iterator[bytes]:
    """Yield the lines of a file; ``-`` is the standard input."""
    if path == "-":
        yield from sys.stdin.buffer
        return
    with open(path, "rb") as file:
        yield from file


def report(outcome: Intact | Broken) -> tuple[str, int]:
    """Return what to print and the exit code: 0 intact, 1 broken."""
    if isinstance(outcome, Broken):
        return f"BROKEN at {outcome}", 1
    closed = f" ({outcome.closed} of them closed)" if outcome.closed else ""
    return f"INTACT: {outcome.count} records{closed}, head {outcome.head}", 0


def main(arguments: list[str] | None = None) -> int:
    """Verify the file named on the command line."""
    parser = argparse.ArgumentParser(description="Verify an audit export offline.")
    parser.add_argument("file", help="the export (NDJSON), or - for the standard input")
    parser.add_argument("--head", help="a published digest; the file must contain it")
    options = parser.parse_args(arguments)
    try:
        text, code = report(verify(file_lines(options.file), head=options.head))
    except OSError as error:
        text, code = f"The file cannot be read: {error}", 2
    print(text)
    return code


if __name__ == "__main__":
    sys.exit(main())
