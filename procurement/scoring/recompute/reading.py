"""A file from anywhere: what cannot be a record is refused in one line, before it costs time."""

import json
import re
from collections.abc import Iterator
from typing import Any

MOST_BYTES = 500_000_000
MOST_VALUES = 20_000_000
DEEPEST = 300
LONGEST = 60
"""Characters of a number; the engine writes and reads none that are longer."""

_HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Controls, ends of lines, changes of direction, halves of characters: what is shown would lie."""


class Unreadable(ValueError):
    """A file is no record that can be computed again: where, and why, in one line."""

    def __init__(self, place: str, why: str) -> None:
        super().__init__(f"{place}: {why}")


def decoded(content: bytes) -> Any:
    """Parse JSON in UTF-8 strictly: no float, no key twice, no number without an end.

    Raises:
        Unreadable: it is something else, or too large.
    """
    if len(content) > MOST_BYTES:
        raise Unreadable("$", f"it has more than {MOST_BYTES} bytes")
    try:
        return json.loads(
            content.decode("utf-8"),
            parse_int=_whole,
            parse_float=_broken,
            parse_constant=_broken,
            object_pairs_hook=_once,
        )
    except Unreadable:
        raise
    except (ValueError, RecursionError) as error:
        raise Unreadable("$", str(error)) from error


def sound(data: Any) -> None:
    """Look at every value, without recursion: only texts, integers, yes or no, nothing.

    Raises:
        Unreadable: another type, a hidden character, too long a number, too deep or too much.
    """
    waiting: list[tuple[Any, Any, int]] = [(data, None, 0)]
    left = MOST_VALUES
    while waiting:
        value, place, depth = waiting.pop()
        left -= 1
        if depth > DEEPEST or left < 0:
            raise Unreadable(_written(place), "it is too deep, or too much")
        if type(value) in (dict, list):
            waiting += ((part, (place, name), depth + 1) for name, part in _parts(value, place))
        elif why := _wrong(value):
            raise Unreadable(_written(place), why)


def _parts(value: Any, place: Any) -> Iterator[tuple[Any, Any]]:
    if type(value) is list:
        yield from enumerate(value)
        return
    for name, part in value.items():
        if type(name) is not str or _HIDDEN.search(name):
            raise Unreadable(_written(place), "a name in it is no text, or has a hidden character")
        yield name, part


def _wrong(value: Any) -> str:
    if type(value) is str:
        hidden = _HIDDEN.search(value)
        return f"it has the hidden character U+{ord(hidden[0]):04X}" if hidden else ""
    if type(value) is int:
        return "" if value.bit_length() <= 200 else "the number is too long"
    known = value is None or type(value) is bool
    return "" if known else f"a {type(value).__name__} is no text, no integer, not yes or no"


def _written(place: Any) -> str:
    parts: list[str] = []
    while place is not None:
        place, name = place
        parts.append(str(name)[:LONGEST])
    return ".".join(("$", *reversed(parts)))[-200:]


def _whole(text: str) -> int:
    if len(text) > LONGEST:
        raise Unreadable("$", f"a number of {len(text)} digits: {text[:LONGEST]}…")
    return int(text)


def _broken(text: str) -> Any:
    raise Unreadable("$", f"the number {text[:LONGEST]} is not exact")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unreadable("$", "a name is there twice in one object")
    return found
