"""Why a file cannot be read, in sentences that can be translated: JSON and msgspec speak English.

A reason is its English text, so that logs and tests read it; ``message`` and ``values`` are what a
page or the command line translates. A value may be a reason itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from json import JSONDecodeError
from typing import Any

from procurement.scoring.marking import lazy


class Reason(str):
    """A sentence without its full stop: a key of the translations with the values of its places."""

    __slots__ = ("message", "values")
    message: str
    values: dict[str, object]

    def __new__(cls, message: str, **values: object) -> Reason:
        """Make a reason; its text is the English one."""
        found = super().__new__(cls, message % values if values else message)
        found.message, found.values = message, values
        return found

    def told(self, translate: Callable[[str], str]) -> str:
        """Return the sentence in another language."""
        values = {
            name: value.told(translate) if isinstance(value, Reason) else value
            for name, value in self.values.items()
        }
        return translate(self.message) % values if values else translate(self.message)


_TYPES = {
    "str": lazy("a text between double quotes"),
    "int": lazy("a whole number"),
    "array": lazy("a list between « [ » and « ] »"),
    "object": lazy("an object between « { » and « } »"),
    "bool": lazy("« true » or « false »"),
    "null": lazy("« null »"),
    "date": lazy("a day such as « 2026-03-31 »"),
}
_EITHER = lazy("%(first)s or %(second)s")
_JSON = {
    "Expecting value": lazy("a value is missing"),
    "Expecting property name enclosed in double quotes": lazy(
        "a name between double quotes is missing"
    ),
    "Expecting ':' delimiter": lazy("« : » is missing"),
    "Expecting ',' delimiter": lazy("« , » is missing"),
    "Illegal trailing comma before end of object": lazy("a « , » stands before « } »"),
    "Illegal trailing comma before end of array": lazy("a « , » stands before « ] »"),
    "Extra data": lazy("the text goes on after the end of the object"),
    "Unterminated string starting at": lazy("a text is not closed by a double quote"),
    "Invalid control character at": lazy("a text holds an end of line or another control"),
    "Invalid \\escape": lazy("a text holds a backslash that JSON does not know"),
    "Invalid \\uXXXX escape": lazy("a text holds a backslash that JSON does not know"),
    "Invalid \\uXXXX": lazy("a text holds a backslash that JSON does not know"),
}
_BOM = "Unexpected UTF-8 BOM"
_FORMAT: tuple[tuple[str, str], ...] = (
    (r"Object missing required field `(?P<name>.*)`", lazy("the field « %(name)s » is missing")),
    (
        r"Object contains unknown field `(?P<name>.*)`",
        lazy("the field « %(name)s » does not belong to the format"),
    ),
    (
        r"Expected `(?P<wanted>[a-z |]+)`, got `(?P<found>[a-z |]+)`",
        lazy("%(wanted)s is expected, not %(found)s"),
    ),
    (
        r"Expected `(?:int|float)` >= (?P<least>\S+)",
        lazy("the number is too small: the least is %(least)s"),
    ),
    (
        r"Expected `(?:int|float)` <= (?P<most>\S+)",
        lazy("the number is too large: the most is %(most)s"),
    ),
    (
        r"Expected `\w+` of length >= (?P<least>\d+)",
        lazy("it is too short: its least length is %(least)s"),
    ),
    (
        r"Expected `\w+` of length <= (?P<most>\d+)",
        lazy("it is too long: its greatest length is %(most)s"),
    ),
    (
        r"Expected `str` matching regex .*",
        lazy("a SHA-256 is expected: 64 digits from 0 to 9 and from a to f"),
    ),
    (
        r"Invalid (?:enum )?value '(?P<text>.*)'",
        lazy("« %(text)s » is none of the values that the format knows"),
    ),
    (r"Invalid RFC3339 encoded date", lazy("a day is written as « 2026-03-31 »")),
    (
        r"write an exact number as text, not (?P<text>.*)",
        lazy("an exact number is written as text, such as « 0.25 » or « 1/4 », not %(text)s"),
    ),
    (
        r"not an exact number: '(?P<text>.*)'",
        lazy("« %(text)s » is no exact number such as « 12 », « 0.25 » or « 1/4 »"),
    ),
    (r"beyond (?P<most>\d+)", lazy("the number is too large: the most is %(most)s")),
)
_PATTERNS = [(re.compile(pattern, re.DOTALL), message) for pattern, message in _FORMAT]


def not_json(error: Exception) -> Reason:
    """Say why a text is not JSON, and where if that is known."""
    if isinstance(error, RecursionError):
        return Reason(lazy("it is nested too deeply"))
    if isinstance(error, UnicodeError):
        return Reason(lazy("it is not text in UTF-8"))
    if not isinstance(error, JSONDecodeError):
        return Reason(lazy("it is not JSON"))
    if error.msg.startswith(_BOM):
        return Reason(lazy("it begins with a byte order mark: save it as UTF-8 without one"))
    return Reason(
        lazy("it is not JSON in line %(line)s, column %(column)s: %(what)s"),
        line=error.lineno,
        column=error.colno,
        what=Reason(_JSON.get(error.msg, lazy("a character does not belong there"))),
    )


def not_of_the_format(text: str) -> Reason:
    """Say what msgspec found, in our words; what it never says to a file stays as it is."""
    for pattern, message in _PATTERNS:
        if found := pattern.fullmatch(text):
            return Reason(message, **_values(found.groupdict()))
    return Reason(lazy("it is not what the format says (%(text)s)"), text=text)


def _values(found: dict[str, str]) -> dict[str, Any]:
    return {
        name: _typed(value) if name in {"wanted", "found"} else value
        for name, value in found.items()
    }


def _typed(text: str) -> Reason:
    """Name a type, or one of several: « int | null »."""
    first, _, rest = text.partition(" | ")
    named = Reason(_TYPES.get(first, first))
    return Reason(_EITHER, first=named, second=_typed(rest)) if rest else named
