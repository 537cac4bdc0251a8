"""The chain of a record: each section bound to the one before it by SHA-256."""

import hashlib
import json
from typing import Any

Json = dict[str, Any]
FORMAT = "tajhiz.record/1"
SECTIONS = ["tender", "dossier", "engine", "randomness", "outcome"]


def chain(record: Json) -> tuple[list[str], Json]:
    """Check each link: SHA-256 of the one before, the name and the canonical content."""
    if record["format"] != FORMAT:
        return [f"format: {record['format']} is not known"], {}
    if [one["name"] for one in record["sections"]] != SECTIONS:
        return [f"sections: they are not {', '.join(SECTIONS)}"], {}
    found, head = [], "0" * 64
    for one in record["sections"]:
        head = sha256(f"{head}\n{one['name']}\n{canonical(one['content'])}")
        found += unequal(f"link of {one['name']}", head, one["link"])
    found += unequal("head", head, record["head"])
    return found, {one["name"]: one["content"] for one in record["sections"]}


def unequal(place: str, mine: object, theirs: object) -> list[str]:
    """Say what differs at one place."""
    return [] if mine == theirs else [f"{place}: {mine}, the record says {theirs}"]


def sha256(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def canonical(thing: object) -> str:
    """Write JSON with sorted keys and no spaces."""
    return json.dumps(thing, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
