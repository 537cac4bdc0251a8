"""A file from anywhere: what cannot be a record is refused in one line, before it costs time."""

import json
import re
from collections import Counter
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


class _Twice(dict[str, Any]):
    """An object in which a name stands twice, kept until its place is known."""

    twice: str


def decoded(content: bytes) -> Any:
    """Parse JSON in UTF-8 strictly: no float, no key twice, no number without an end.

    Raises:
        Unreadable: it is something else, or too large.
    """
    if len(content) > MOST_BYTES:
        raise Unreadable("$", f"it has more than {MOST_BYTES} bytes")
    try:
        data = json.loads(
            _text(content),
            parse_int=_whole,
            parse_float=_broken,
            parse_constant=_broken,
            object_pairs_hook=_once,
        )
    except Unreadable:
        raise
    except (ValueError, RecursionError) as error:
        raise Unreadable("$", str(error)) from error
    _each_once(data)
    return data


def _text(content: bytes) -> str:
    """Return what UTF-8 says; no text of JSON holds a zero byte, every one in UTF-16 does."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable("$", "it is not text in UTF-8") from error
    if "\0" in text:
        raise Unreadable("$", "it is not text in UTF-8")
    if text.startswith("\ufeff"):
        raise Unreadable("$", "it begins with a byte order mark: save it as UTF-8 without one")
    return text


def _each_once(data: Any) -> None:
    """Say where a name stands twice in one object, without recursion."""
    waiting: list[tuple[Any, Any]] = [(data, None)]
    while waiting:
        value, place = waiting.pop()
        if type(value) in (dict, list, _Twice):
            waiting += ((part, (place, name)) for name, part in _parts(value, place))
        if type(value) is _Twice:
            raise Unreadable(_written((place, value.twice)), "this name is there twice")


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
    if len(found) == len(pairs):
        return found
    marked = _Twice(found)
    marked.twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
    return marked
