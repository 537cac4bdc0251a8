"""The language of ``$filter``: a text becomes a tree that says for what it holds. Pure.

A test with nothing on one side (a failed measurement has no result) holds for ``eq null`` and for
``ne`` only, as in OData 4. What a tree says of time is also known as a stretch, so that readings
are looked for on the index; the rest of the tree is asked of each of them.
"""

import operator as operators
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from telemetry_ingest.evidence.observed import micros

LAST = 4_102_444_800_000_000  # 2100: no device may say a later time
MOST_WORDS = 200
MOST_BRACKETS = 50  # each is read inside of the one before
MOST_TEXT = 4_000
WORDS = re.compile(
    r"\s*(?:(?P<bracket>[()])|(?:(?P<text>'(?:[^']|'')*')|(?P<time>\d{4}-\d\d-\d\dT[^\s()]+)"
    r"|(?P<number>-?\d{1,30}(?:\.\d{1,30})?(?:[eE][+-]?\d{1,3})?)|(?P<name>[A-Za-z][A-Za-z0-9_/]*))"
    r"(?=[\s()]|$))"
)
SEEN_FROM_THERE = {
    "eq": "eq", "ne": "ne", "gt": "lt", "ge": "le", "lt": "gt", "le": "ge",
}  # fmt: skip
OTHERWISE = {"eq": "ne", "ne": "eq", "gt": "le", "ge": "lt", "lt": "ge", "le": "gt"}
ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {
    "gt": operators.gt, "ge": operators.ge, "lt": operators.lt, "le": operators.le,
}  # fmt: skip
Sort = Literal["number", "text", "key", "time", "any"]
Value = str | float | bool | None
Span = tuple[int, int]  # µs since 1970, the end not included
EVER: Span = (0, LAST)
NEVER: Span = (0, 0)


class NotACondition(ValueError):
    """A text is no condition on these entities."""


@dataclass(frozen=True)
class Test:
    """A property compared with a value."""

    path: str
    operator: str
    value: Value


@dataclass(frozen=True)
class Negated:
    """What holds when something does not."""

    part: "Condition"


@dataclass(frozen=True)
class Joined:
    """Parts of which all hold, or any."""

    parts: tuple["Condition", ...]
    every: bool


Condition = Test | Negated | Joined


def read(text: str, sorts: Mapping[str, Sort]) -> Condition:
    """Read a condition on properties of these sorts.

    Raises:
        NotACondition: it cannot be read, or compares what cannot be compared.
    """
    words = list(_words(text))
    if words.count(("bracket", "(")) > MOST_BRACKETS:
        raise NotACondition
    reader = _Reader(words, sorts)
    found = reader.joined("or")
    if reader.place != len(words):
        raise NotACondition
    return found


def holds(condition: Condition, value_of: Callable[[str], Value]) -> bool:
    """Say whether a condition holds for something whose properties are known."""
    if isinstance(condition, Test):
        return compared(condition.operator, value_of(condition.path), condition.value)
    if isinstance(condition, Negated):
        return not holds(condition.part, value_of)
    return (all if condition.every else any)(holds(one, value_of) for one in condition.parts)


def compared(operator: str, one: Value, other: Value) -> bool:
    """Compare two values; those of different kinds are not equal and have no order."""
    same = _kind(one) == _kind(other)
    if operator in {"eq", "ne"}:
        return (same and one == other) == (operator == "eq")
    return same and one is not None and ORDERS[operator](one, other)


def reach(condition: Condition | None, time_of: Callable[[Test], Span | None]) -> Span:
    """Return the stretch outside of which a condition never holds.

    Args:
        condition: the condition, if there is one.
        time_of: what a single test says of time, if it does.
    """
    return EVER if condition is None else _reach(condition, time_of, negated=False)


def is_stretch(condition: Condition | None) -> bool:
    """Say whether a condition holds in all of its stretch: nothing else has to be asked."""
    if isinstance(condition, Joined):
        return condition.every and all(map(is_stretch, condition.parts))
    if isinstance(condition, Test):
        is_time = condition.path in {"phenomenonTime", "resultTime"}
        return is_time and condition.operator != "ne" and condition.value is not None
    return condition is None


def span_of(operator: str, at: int) -> Span:
    """Return when a moment compares so with another one."""
    start = {"eq": at, "ge": at, "gt": at + 1}.get(operator, 0)
    end = {"eq": at + 1, "le": at + 1, "lt": at}.get(operator, LAST)
    return max(0, start), min(LAST, end)


def _reach(condition: Condition, time_of: Callable[[Test], Span | None], *, negated: bool) -> Span:
    if isinstance(condition, Negated):
        return _reach(condition.part, time_of, negated=not negated)
    if isinstance(condition, Test):
        operator = OTHERWISE[condition.operator] if negated else condition.operator
        return time_of(Test(condition.path, operator, condition.value)) or EVER
    parts = [_reach(one, time_of, negated=negated) for one in condition.parts]
    if condition.every != negated:
        return max(one[0] for one in parts), min(one[1] for one in parts)
    parts = [one for one in parts if one[0] < one[1]]
    return (min(one[0] for one in parts), max(one[1] for one in parts)) if parts else NEVER


def _kind(value: Value) -> str:
    if isinstance(value, bool) or value is None:
        return str(type(value))
    return "text" if isinstance(value, str) else "number"


def _words(text: str) -> Iterator[tuple[str, str]]:
    """Yield the words of a condition with their sort."""
    place, count = 0, 0
    text = text.rstrip()
    while place < len(text):
        found = WORDS.match(text, place) if len(text) <= MOST_TEXT else None
        count += 1
        if found is None or count > MOST_WORDS:
            raise NotACondition
        place = found.end()
        sort = found.lastgroup or ""
        yield sort, found[sort]


class _Reader:
    """Reads words from left to right; « or » binds loosest, « not » tightest."""

    def __init__(self, words: list[tuple[str, str]], sorts: Mapping[str, Sort]) -> None:
        self.words = words
        self.sorts = sorts
        self.place = 0

    def _next(self) -> tuple[str, str]:
        self.place += 1
        return self.words[self.place - 1] if self.place <= len(self.words) else ("", "")

    def _comes(self, word: tuple[str, str]) -> bool:
        there = self.words[self.place : self.place + 1] == [word]
        self.place += there
        return there

    def joined(self, word: str) -> Condition:
        parts = [self._joined_or_one(word)]
        while self._comes(("name", word)):
            parts.append(self._joined_or_one(word))
        return parts[0] if len(parts) == 1 else Joined(tuple(parts), every=word == "and")

    def _joined_or_one(self, word: str) -> Condition:
        return self.joined("and") if word == "or" else self._one()

    def _one(self) -> Condition:
        if self._comes(("name", "not")):
            return Negated(self._one())
        if self._comes(("bracket", "(")):
            found = self.joined("or")
            if not self._comes(("bracket", ")")):
                raise NotACondition
            return found
        return self._test()

    def _test(self) -> Test:
        one, operator, other = self._next(), self._next()[1], self._next()
        if operator not in SEEN_FROM_THERE:
            raise NotACondition
        if one[0] != "name" or one[1] in CONSTANTS:  # « 5 lt result »
            one, other, operator = other, one, SEEN_FROM_THERE[operator]
        head, slash, _rest = one[1].partition("/")
        sort = self.sorts.get(head + slash)
        if one[0] != "name" or sort is None:
            raise NotACondition
        return Test(one[1], operator, _value(other, sort, operator))


CONSTANTS: Mapping[str, Value] = {"true": True, "false": False, "null": None}
MEANT: Mapping[str, set[str]] = {
    "number": {"number"}, "text": {"text"}, "key": {"text"}, "time": {"time"},
    "any": {"number", "text"},
}  # fmt: skip


def _value(word: tuple[str, str], sort: Sort, operator: str) -> Value:
    """Return the value a property of a sort may be compared with."""
    kind, text = word
    if kind == "name" and text in CONSTANTS and operator in {"eq", "ne"}:
        if text == "null" or sort == "any":
            return CONSTANTS[text]
    elif kind in MEANT[sort] and (sort != "key" or operator in {"eq", "ne"}):
        return READ[kind](text)
    raise NotACondition


def _number(written: str) -> float:
    return int(written) if written.lstrip("-").isdecimal() else float(written)


def _text(written: str) -> str:
    return written[1:-1].replace("''", "'")


def _moment(text: str) -> int:
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is None:
            raise NotACondition
        return max(-1, min(LAST, micros(at)))
    except (ValueError, OverflowError):
        raise NotACondition from None


READ: Mapping[str, Callable[[str], Value]] = {"number": _number, "text": _text, "time": _moment}
