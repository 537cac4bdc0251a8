"""Small checks of one value each, and how to put them together."""

import re
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

from .reading import LONGEST, Unreadable

Check = Callable[[Any, str], None]
MOST = 10**18
MOST_ENTRIES = 200_000

_EXACT = re.compile(r"-?[0-9]+(\.[0-9]+|/[1-9][0-9]*)?", re.ASCII)
_DIGEST = re.compile(r"[0-9a-f]{64}")


def text(value: Any, place: str) -> None:
    """Check a text."""
    if type(value) is not str:
        raise Unreadable(place, "it is not a text")


def named(value: Any, place: str) -> None:
    """Check a name of 1 to 200 characters."""
    if type(value) is not str or not 1 <= len(value) <= 200:
        raise Unreadable(place, "it is not a name of 1 to 200 characters")


def day(value: Any, place: str) -> None:
    """Check a day, as 2026-03-10."""
    text(value, place)
    try:
        date.fromisoformat(value)
    except ValueError as error:
        raise Unreadable(place, "it is not a day") from error


def digest(value: Any, place: str) -> None:
    """Check a SHA-256 in lower-case hexadecimal."""
    if type(value) is not str or not _DIGEST.fullmatch(value):
        raise Unreadable(place, "it is not a SHA-256")


def yes_or_no(value: Any, place: str) -> None:
    """Check a truth value."""
    if type(value) is not bool:
        raise Unreadable(place, "it is not true or false")


def whole(low: int = 0, high: int = MOST) -> Check:
    """Check an integer between two bounds."""

    def check(value: Any, place: str) -> None:
        if type(value) is not int or not low <= value <= high:
            raise Unreadable(place, f"it is not an integer from {low} to {high}")

    return check


def exact(low: int = -MOST, high: int = MOST) -> Check:
    """Check an exact number, « 12 », « 0.25 » or « 3/4 », between two bounds."""

    def check(value: Any, place: str) -> None:
        if type(value) is str and len(value) <= LONGEST and _EXACT.fullmatch(value):
            value = Fraction(value)
        if type(value) not in (int, Fraction) or not low <= value <= high:
            raise Unreadable(place, f"it is not an exact number from {low} to {high}")

    return check


share = exact(0, 1)


def among(*choices: str) -> Check:
    """Check one of some words."""

    def check(value: Any, place: str) -> None:
        if type(value) is not str or value not in choices:
            raise Unreadable(place, f"it is not one of {', '.join(choices)}")

    return check


def perhaps(check: Check) -> Check:
    """Check what may be nothing."""
    return lambda value, place: None if value is None else check(value, place)


def listed(check: Check, least: int = 0, most: int = MOST_ENTRIES) -> Check:
    """Check every entry of a list."""

    def every(value: Any, place: str) -> None:
        if type(value) is not list or not least <= len(value) <= most:
            raise Unreadable(place, f"it is not a list of {least} to {most} entries")
        for number, one in enumerate(value):
            check(one, f"{place}[{number}]")

    return every


def mapped(check: Check, most: int = MOST_ENTRIES) -> Check:
    """Check every value of an object whose names are free."""

    def every(value: Any, place: str) -> None:
        if type(value) is not dict or len(value) > most:
            raise Unreadable(place, f"it is not an object of at most {most} names")
        for name, one in value.items():
            check(one, f"{place}.{name[:LONGEST]}")

    return every


def fields(needed: dict[str, Check], more: dict[str, Check] | None = None) -> Check:
    """Check an object with these fields, some of which it needs, and no other."""
    known = needed | (more or {})

    def every(value: Any, place: str) -> None:
        if type(value) is not dict:
            raise Unreadable(place, "it is not an object")
        for name in needed.keys() - value.keys():
            raise Unreadable(place, f"it lacks {name}")
        for name, one in value.items():
            if name not in known:
                raise Unreadable(place, f"it has the field {name[:LONGEST]}, which is unknown")
            known[name](one, f"{place}.{name}")

    return every


def kinds(**checks: Check) -> Check:
    """Check an object by what its field « kind » says it is."""

    def every(value: Any, place: str) -> None:
        kind = value.get("kind") if type(value) is dict else None
        if type(kind) is not str or kind not in checks:
            raise Unreadable(place, f"its kind is not one of {', '.join(checks)}")
        checks[kind](value, place)

    return every
