"""The attribute definitions that ship with this version."""

import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from catalog.tables import AttributeDefinition
from portal import database

FILE = Path(__file__).parent.parent / "attributes.toml"
LANGUAGES = ("fr", "ar", "en")


@cache
def definitions() -> dict[str, dict[str, Any]]:
    """Return what the file says of each attribute, by key."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


async def sync_attribute_definitions() -> None:
    """Bring the definitions in the database up to date with the file; safe to run again.

    One that left the file stays: devices may still state it.
    """
    columns = [
        AttributeDefinition.label_fr,
        AttributeDefinition.label_ar,
        AttributeDefinition.label_en,
        AttributeDefinition.unit,
        AttributeDefinition.emdn_scope,
        AttributeDefinition.choices,
        AttributeDefinition.position,
    ]
    async with database.transaction():
        await AttributeDefinition.insert(
            *(_row(place, key) for place, key in enumerate(definitions()))
        ).on_conflict(target=AttributeDefinition.key, action="DO UPDATE", values=columns)


def _row(position: int, key: str) -> AttributeDefinition:
    one = definitions()[key]
    labels = dict(zip(LANGUAGES, one["labels"], strict=True))
    choices = {
        choice: dict(zip(LANGUAGES, texts, strict=True))
        for choice, texts in one.get("choices", {}).items()
    }
    return AttributeDefinition(
        key=key,
        **{f"label_{language}": text for language, text in labels.items()},
        kind=one.get("kind", "number"),
        unit=one.get("unit", ""),
        emdn_scope=one.get("scope", ""),
        choices=json.dumps(choices),
        is_facet=True,
        position=position,
    )
