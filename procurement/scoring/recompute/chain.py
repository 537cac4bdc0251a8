"""The chain of a record: each section bound to the one before it by SHA-256."""

import hashlib
import json
from typing import Any

from .reading import Unreadable
from .shape import fields, listed, text

Json = dict[str, Any]
FORMAT = "tajhiz.record/1"
SECTIONS = ["tender", "dossier", "engine", "randomness", "outcome"]


def sections(record: Any) -> Json:
    """Return the sections by name.

    Raises:
        Unreadable: it is no record.
    """
    one = fields({"name": text, "content": lambda value, place: None, "link": text})
    fields({"format": text, "sections": listed(one), "head": text})(record, "$")
    if record["format"] != FORMAT:
        raise Unreadable("$.format", f"it is not {FORMAT}")
    if [one["name"] for one in record["sections"]] != SECTIONS:
        raise Unreadable("$.sections", f"they are not {', '.join(SECTIONS)}")
    return {part["name"]: part["content"] for part in record["sections"]}


def links(record: Json) -> list[str]:
    """Return which links do not hold."""
    found: list[str] = []
    head = "0" * 64
    for part in record["sections"]:
        head = sha256(f"{head}\n{part['name']}\n{canonical(part['content'])}")
        found += unequal(f"link of {part['name']}", head, part["link"])
    return found + unequal("head", head, record["head"])


def unequal(place: str, mine: object, theirs: object) -> list[str]:
    """Say what differs at one place."""
    return [] if mine == theirs else [f"{place}: {mine}, the record says {theirs}"]


def sha256(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def canonical(thing: object) -> str:
    """Write JSON with sorted keys and no spaces."""
    return json.dumps(thing, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
