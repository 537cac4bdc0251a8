"""Proving single readings of a pack without showing the others: RFC 6962 audit paths. Pure.

A proof is a JSON document: the head of the pack, and for each reading its line, its place and the
digests that lead from it to the pack's root. Whoever has the pack and the proof needs nothing else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

import msgspec
from msgspec import Struct

from telemetry_ingest.evidence.merkle import leaf, path_in, proven
from telemetry_ingest.evidence.pack import Pack

FORMAT = "tajhiz.inclusion/1"


class NotAProof(ValueError):
    """The file is no proof."""


class NotThere(ValueError):
    """The readings hold no such line; ``args[0]`` is it."""


class OtherReadings(ValueError):
    """The readings are not those of the pack."""


class Included(Struct, frozen=True, forbid_unknown_fields=True):
    """One reading: its line, its place among all, and the way to the root."""

    line: str
    place: int
    path: tuple[str, ...]


class Proof(Struct, frozen=True, forbid_unknown_fields=True):
    """That some readings are among those of a pack."""

    format: str
    head: str
    readings: tuple[Included, ...]

    def written(self) -> bytes:
        """Return the file."""
        return msgspec.json.format(msgspec.json.encode(self), indent=1) + b"\n"


def prove(pack: Pack, lines: Iterable[bytes], wanted: Collection[str]) -> Proof:
    """Prove that the wanted lines are among the readings of a pack.

    Args:
        pack: what was signed.
        lines: all lines of its readings, in turn.
        wanted: lines, or their beginning up to a comma: ``device,metric,at,boot,seq``.

    Raises:
        NotThere: one is not among them.
        OtherReadings: the lines are not those of the pack.
    """
    leaves: list[bytes] = []
    found: dict[str, tuple[int, str]] = {}
    for place, text in enumerate(lines):
        leaves.append(leaf(text))
        line = text.decode()
        for name in {line, line.rpartition(",")[0]} & set(wanted):
            found[name] = place, line
    for name in wanted:
        if name not in found:
            raise NotThere(name)
    proof = Proof(
        FORMAT,
        pack.head,
        tuple(
            Included(line, place, tuple(path_in(leaves, place)))
            for place, line in (found[name] for name in wanted)
        ),
    )
    if wrong(pack, proof):
        raise OtherReadings
    return proof


def loaded(content: bytes) -> Proof:
    """Read a proof.

    Raises:
        NotAProof: it is none.
    """
    try:
        proof = msgspec.json.decode(content, type=Proof)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NotAProof from error
    if proof.format != FORMAT or not proof.readings:
        raise NotAProof
    return proof


def wrong(pack: Pack, proof: Proof) -> list[str]:
    """Return the lines that are not proven to be among the readings of a pack."""
    readings = pack.sections["readings"]
    return [
        one.line
        for one in proof.readings
        if proof.head != pack.head or not _holds(one, readings["count"], readings["root"])
    ]


def _holds(one: Included, count: int, root: str) -> bool:
    try:
        return proven(one.line.encode(), one.place, count, one.path, root)
    except ValueError:  # a digest that is no hexadecimal number
        return False
