"""A tender's file: JSON in, typed values out; binary floats and unknown fields stay outside."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Literal

import msgspec
from msgspec import Struct

from procurement.scoring.canonical import seal
from procurement.scoring.errors import (
    DuplicateName,
    FloatRefused,
    HiddenCharacter,
    Malformed,
    SealBroken,
)
from procurement.scoring.marking import lazy
from procurement.scoring.offers import Dossier
from procurement.scoring.quantities import LONGEST, MOST, Digest, exact
from procurement.scoring.reasons import Reason, not_json, not_of_the_format
from procurement.scoring.tender import Tender

_HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Controls, ends of lines, changes of direction, halves of characters: what is shown would lie."""


class EvaluationFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `tajhiz evaluate` reads: the tender, its seal, and all that came in."""

    format: Literal["tajhiz.evaluation/1"]
    tender: Tender
    seal: Digest | None = None
    dossier: Dossier


class _Float(str):
    """The text of a number with a point or an exponent, kept until its place is known."""


class _Long(str):
    """The text of a whole number that is too long to be one, kept until its place is known."""


class _Twice(dict[str, Any]):
    """An object in which a key stands twice, kept until its place is known."""

    twice: str


def read(text: str | bytes) -> EvaluationFile:
    """Read a tender's file and check its seal.

    Raises:
        Malformed: it is not JSON, or not of the format.
        FloatRefused: a number is a binary float.
        DuplicateName: one object has a key twice.
        HiddenCharacter: a text has a character that is not seen and changes what is.
        SealBroken: the tender is not the sealed one.
    """
    return checked(decoded(text))


def decoded(text: str | bytes) -> Any:
    """Parse JSON in UTF-8 strictly: no float, no NaN, no key twice, no hidden character."""
    try:
        data = json.loads(
            utf8(text) if isinstance(text, bytes) else text,
            parse_int=_whole,
            parse_float=_Float,
            parse_constant=_Float,
            object_pairs_hook=_once,
        )
    except (ValueError, RecursionError) as error:
        raise Malformed("$", why=not_json(error)) from error
    for field, value in _places(data, "$"):
        if isinstance(value, _Twice):
            raise DuplicateName(f"{field}.{value.twice}", name=value.twice)
        if isinstance(value, _Float):
            raise FloatRefused(field, text=str(value)[:LONGEST])
        if isinstance(value, _Long):
            digits = f"{value[:LONGEST]}…"
            why = Reason(lazy("a number is too long to be one: %(digits)s"), digits=digits)
            raise Malformed(field, why=why)
        if isinstance(value, str) and (hidden := _HIDDEN.search(value)):
            raise HiddenCharacter(field, code=f"U+{ord(hidden[0]):04X}")
    return data


def checked(data: Any) -> EvaluationFile:
    """Turn parsed JSON into typed values and check the seal."""
    try:
        file = msgspec.convert(data, EvaluationFile, dec_hook=_exactly)
    except msgspec.ValidationError as error:
        why, _, field = str(error).partition(" - at ")
        raise Malformed(field.strip("`") or "$", why=not_of_the_format(why)) from error
    if file.seal is not None and seal(file.tender) != file.seal:
        raise SealBroken("seal", seal=file.seal, found=seal(file.tender))
    return file


def utf8(content: bytes) -> str:
    """Read bytes as UTF-8; json would guess UTF-16 and UTF-32, which the second evaluator refuses.

    Raises:
        UnicodeError: they are not; no text of JSON holds a zero byte, every one in UTF-16 does.
    """
    if b"\0" in content:
        raise UnicodeError("not UTF-8")
    return content.decode("utf-8")


def _whole(text: str) -> int | _Long:
    return int(text) if len(text) <= LONGEST else _Long(text)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    marked = _Twice(found)
    marked.twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
    return marked


def _places(value: Any, field: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        yield from ((field, name) for name in value)
        yield field, value
        for name, part in value.items():
            yield from _places(part, f"{field}.{name}")
    elif isinstance(value, list):
        for place, part in enumerate(value):
            yield from _places(part, f"{field}[{place}]")
    else:
        yield field, value


def _exactly(wanted: type, value: object) -> Fraction:
    if wanted is not Fraction or isinstance(value, bool) or not isinstance(value, (str, int)):
        raise ValueError(f"write an exact number as text, not {value!r}")
    if isinstance(value, str):
        return exact(value)
    if abs(value) > MOST:
        raise ValueError(f"beyond {MOST}")
    return Fraction(value)
