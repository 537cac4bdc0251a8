"""FHIR's search by date: a prefix and a moment of any precision, as a stretch of time. Pure."""

import re
from datetime import UTC, datetime, timedelta, tzinfo

WRITTEN = re.compile(
    r"(?P<prefix>[a-z]{2})?(?P<year>\d{4})(-(?P<month>\d\d)(-(?P<day>\d\d)"
    r"(T(?P<hour>\d\d):(?P<minute>\d\d)(:(?P<second>\d\d)(\.(?P<part>\d{1,6}))?)?"
    r"(?P<zone>Z|[+ -]\d\d:\d\d)?)?)?)?",
    re.ASCII,
)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
EVER = (0, 253_402_214_400_000_000)  # until the last day of 9999

Span = tuple[int, int]  # µs since 1970, the end not included


class NotADate(ValueError):
    """A text is no date of FHIR, or has a prefix that is not supported."""


def span(text: str, zone: tzinfo) -> Span:
    """Return the stretch of time a value of ``date`` asks for; ``zone`` holds where it has none.

    Raises:
        NotADate: it cannot be read.
    """
    found = WRITTEN.fullmatch(text)
    if found is None:
        raise NotADate(text)
    try:
        start, end = _meant(found.groupdict(), zone)
    except (ValueError, OverflowError):
        raise NotADate(text) from None
    spans = {
        None: (start, end),
        "eq": (start, end),
        "ge": (start, EVER[1]),
        "gt": (end, EVER[1]),
        "sa": (end, EVER[1]),
        "le": (EVER[0], end),
        "lt": (EVER[0], start),
        "eb": (EVER[0], start),
    }
    if found["prefix"] not in spans:
        raise NotADate(text)
    first, last = spans[found["prefix"]]
    return max(first, EVER[0]), min(last, EVER[1])


def both(one: Span, other: Span) -> Span:
    """Return what two stretches have in common; it may be empty."""
    return max(one[0], other[0]), min(one[1], other[1])


def _meant(said: dict[str, str | None], zone: tzinfo) -> Span:
    """Return the first moment that is meant, and the one after the last."""
    names = ("year", "month", "day", "hour", "minute", "second")
    numbers = [int(said[name] or "0") for name in names if said[name] is not None]
    start = datetime(*[*numbers, 1, 1][: max(3, len(numbers))], tzinfo=_zone(said["zone"], zone))  # type: ignore[misc, arg-type]
    part = said["part"]
    if part is not None:
        start += timedelta(microseconds=int(part.ljust(6, "0")))
        return _micros(start), _micros(start) + 10 ** (6 - len(part))
    try:
        return _micros(start), _micros(_next(start, len(numbers)))
    except (ValueError, OverflowError):  # the last year of the calendar has no next one
        return _micros(start), EVER[1]


def _next(start: datetime, precision: int) -> datetime:
    """Return the beginning of the next year, month, day, minute or second."""
    if precision == 1:
        return start.replace(year=start.year + 1)
    if precision == 2:
        return (start + timedelta(days=31)).replace(day=1)
    if precision == 3:
        return start + timedelta(days=1)  # of the calendar, also where a day has 23 hours
    length = {5: timedelta(minutes=1), 6: timedelta(seconds=1)}[precision]
    return (start.astimezone(UTC) + length).astimezone(start.tzinfo)


def _zone(text: str | None, usual: tzinfo) -> tzinfo:
    if text is None:
        return usual
    # A « + » that was not escaped comes as a space.
    return datetime.strptime(text.replace(" ", "+"), "%z").tzinfo or UTC


def _micros(at: datetime) -> int:
    return (at.astimezone(UTC) - EPOCH) // MICROSECOND
