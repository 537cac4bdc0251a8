"""The complete record of an evaluation: what went in, what came out, chained by SHA-256.

A record is ``{"format", "sections": [{"name", "content", "link"}…], "head"}``. Each link is the
SHA-256 of the previous link (64 zeros before the first), a line feed, the section's name, a line
feed and the section's canonical JSON; the head is the last link. ``recompute`` reads it alone.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.metadata import version
from typing import Any

from procurement.scoring import reading
from procurement.scoring.canonical import builtins, canonical, seal
from procurement.scoring.engine import evaluate
from procurement.scoring.errors import Malformed, RecordBroken
from procurement.scoring.marking import lazy
from procurement.scoring.outcome import Outcome
from procurement.scoring.reading import EvaluationFile
from procurement.scoring.reasons import Reason

FORMAT = "tajhiz.record/1"
STREAM = "EMC-1"
START = "0" * 64
SECTIONS = ("tender", "dossier", "engine", "randomness", "outcome")


def make(file: EvaluationFile, evaluated_at: datetime | None = None) -> dict[str, Any]:
    """Evaluate a file and return its record; equal inputs and versions give equal bytes.

    Raises:
        ScoringError: as ``engine.evaluate``.
    """
    return of(file, evaluate(file), evaluated_at)


def of(
    file: EvaluationFile, outcome: Outcome, evaluated_at: datetime | None = None
) -> dict[str, Any]:
    """Return the record of an evaluation that was made, at a time that the caller names."""
    return chained(
        {
            "tender": {"tender": builtins(file.tender), "seal": seal(file.tender)},
            "dossier": builtins(file.dossier),
            "engine": _engine(outcome, evaluated_at),
            "randomness": {
                "draw_commitment": file.tender.draw_commitment,
                "draw_seed": file.dossier.seed,
                "stream": STREAM,
            },
            "outcome": builtins(outcome),
        }
    )


def chained(sections: Mapping[str, Any]) -> dict[str, Any]:
    """Link the sections, each to the one before it."""
    head, links = START, []
    for name, content in sections.items():
        head = link(head, name, content)
        links.append({"name": name, "content": content, "link": head})
    return {"format": FORMAT, "sections": links, "head": head}


def link(previous: str, name: str, content: Any) -> str:
    """Return the link of one section: the SHA-256 of what came before, its name and itself."""
    return hashlib.sha256(
        b"\n".join((previous.encode(), name.encode(), canonical(content)))
    ).hexdigest()


def written(record: Mapping[str, Any]) -> bytes:
    """Write a record as canonical JSON with a line feed at its end."""
    return canonical(record) + b"\n"


def is_record(data: object) -> bool:
    """Say whether parsed JSON is a record, and no tender's file."""
    return isinstance(data, dict) and data.get("format") == FORMAT


def contents(data: Any) -> dict[str, Any]:
    """Check the chain of a record and return its sections by name.

    Raises:
        RecordBroken: it has other sections, or a link does not hold.
    """
    try:
        sections = [(one["name"], one["content"], one["link"]) for one in data["sections"]]
        head = data["head"]
    except (KeyError, TypeError) as error:
        raise RecordBroken("sections", why=lazy("it is not a record")) from error
    if [name for name, _, _ in sections] != list(SECTIONS):
        why = Reason(lazy("they are not %(names)s"), names=", ".join(SECTIONS))
        raise RecordBroken("sections", why=why)
    previous = START
    for name, content, found in sections:
        previous = link(previous, name, content)
        if found != previous:
            raise RecordBroken(name, why=_other(found, previous))
    if head != previous:
        raise RecordBroken("head", why=_other(head, previous))
    return {name: content for name, content, _ in sections}


def _other(found: object, computed: str) -> Reason:
    return Reason(lazy("it is %(found)s, not %(computed)s"), found=found, computed=computed)


def rewritten(data: Any, outcome: Outcome) -> list[str]:
    """Return where a record tells another outcome, line by line, than this version computes.

    The second evaluator knows the decisions and the main numbers; this compares every sentence.

    Raises:
        RecordBroken: the chain does not hold, or the record does not name the version it is of.
    """
    sections = contents(data)
    try:
        made = sections["engine"]["versions"]["tajhiz"]
    except (KeyError, TypeError) as error:
        raise RecordBroken("engine", why=lazy("it is not a record")) from error
    mine = _places(json.loads(canonical(outcome)), "outcome")
    told = _places(sections["outcome"], "outcome")
    by = "" if made == _version("tajhiz") else f" (made by Tajhiz {made})"
    return [
        f"{place}: {mine.get(place)}, the record says {told.get(place)}{by}"
        for place in sorted(mine.keys() | told.keys())
        if mine.get(place) != told.get(place)
    ]


def _places(value: Any, place: str) -> dict[str, str]:
    """Return every text and number of a section by its place, as JSON."""
    if not isinstance(value, (dict, list)) or not value:
        return {place: json.dumps(value, ensure_ascii=False)}
    parts = value.items() if isinstance(value, dict) else enumerate(value)
    return {at: one for name, part in parts for at, one in _places(part, f"{place}.{name}").items()}


def file_of(data: Any) -> EvaluationFile:
    """Return the tender's file that a record holds, with its seal checked.

    Raises:
        RecordBroken: the chain does not hold.
        ScoringError: the file in it cannot be read.
    """
    sections = contents(data)
    tender = sections["tender"]
    if not isinstance(tender, dict):
        raise Malformed("tender", why=lazy("it is not an object"))
    return reading.checked(
        {
            "format": "tajhiz.evaluation/1",
            "tender": tender.get("tender"),
            "seal": tender.get("seal"),
            "dossier": sections["dossier"],
        }
    )


def read(text: str | bytes) -> EvaluationFile:
    """Read a tender's file, or the one a record holds.

    Raises:
        ScoringError: it is neither, or does not hold.
    """
    data = reading.decoded(text)
    return file_of(data) if is_record(data) else reading.checked(data)


def _engine(outcome: Outcome, evaluated_at: datetime | None) -> dict[str, Any]:
    return {
        "name": outcome.engine,
        "rules": outcome.rules,
        "evaluated_at": evaluated_at.isoformat() if evaluated_at else None,
        "versions": {
            "tajhiz": _version("tajhiz"),
            "python": platform.python_version(),
            "numpy": _version("numpy"),
            "scipy": _version("scipy"),
        },
    }


@cache
def _version(name: str) -> str:
    """Return the version of what is installed; looking it up takes longer than an evaluation."""
    return version(name)
