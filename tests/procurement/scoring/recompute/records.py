"""Records of random tenders, and how to change one and bind it anew."""

import copy
import json
from collections.abc import Iterator
from typing import Any

from procurement.scoring import reading, record
from procurement.scoring.canonical import digest
from procurement.scoring.errors import ScoringError
from tests.procurement.scoring import tenders

Path = tuple[Any, ...]


def made(data: dict) -> dict:
    """Return the record of a tender's file, as it is read back."""
    return json.loads(record.written(record.make(reading.checked(data))))


def awarded_together() -> dict:
    """Return a record of lots awarded together, one of them by an offer for several."""
    for seed in range(1_000):
        try:
            data = made(tenders.together(seed))
        except ScoringError:
            continue
        codes = {line["code"] for lot in outcome(data)["lots"] for line in lot["lines"]}
        if codes >= {"allocation.awarded", "allocation.package"}:
            return data
    raise AssertionError("no such tender")


def outcome(data: dict) -> dict:
    return data["sections"][-1]["content"]


def rebound(data: dict) -> dict:
    """Return a record whose seal and links were made anew by whoever changed it."""
    data = copy.deepcopy(data)
    tender = data["sections"][0]["content"]
    if isinstance(tender, dict) and "tender" in tender:
        tender["seal"] = digest(tender["tender"])
    return record.chained({one["name"]: one["content"] for one in data["sections"]})


def places(value: Any, path: Path = ()) -> Iterator[Path]:
    """Yield every place of a value, whole branches and leaves."""
    if not isinstance(value, (dict, list)):
        return
    for name, part in value.items() if isinstance(value, dict) else enumerate(value):
        yield (*path, name)
        yield from places(part, (*path, name))


def at(value: Any, path: Path) -> Any:
    for part in path:
        value = value[part]
    return value


def changed(data: dict, path: Path, new: Any) -> dict:
    """Return a copy with another value at one place; ``...`` takes the place away."""
    copied = copy.deepcopy(data)
    inside = at(copied, path[:-1])
    if new is ...:
        del inside[path[-1]]
    else:
        inside[path[-1]] = new
    return copied
