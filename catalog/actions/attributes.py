"""The attribute definitions that ship with this version."""

import json
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from catalog.rules.attributes import mistakes
from catalog.tables import AttributeDefinition
from portal import database

FILE = Path(__file__).parent.parent / "attributes.toml"
LANGUAGES = ("fr", "ar", "en")


@cache
def definitions() -> dict[str, dict[str, Any]]:
    """Return what the file says of each attribute, by key."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


class WrongDefinition(ValueError):
    """The file says something that no attribute can be."""


async def sync_attribute_definitions() -> None:
    """Bring the definitions in the database up to date with the file; safe to run again.

    One that left the file stays: devices may still state it.

    Raises:
        WrongDefinition: see :func:`keep_definitions`.
    """
    await keep_definitions(definitions())


async def keep_definitions(given: Mapping[str, Mapping[str, Any]]) -> None:
    """Write attribute definitions, in their order, all of them or none.

    Raises:
        WrongDefinition: one of them is not right; nothing was written.
    """
    for key, one in given.items():
        if found := mistakes(key, one):
            raise WrongDefinition(f"{FILE.name}, [{key}]: {'; '.join(found)}.")
    columns = [
        AttributeDefinition.label_fr,
        AttributeDefinition.label_ar,
        AttributeDefinition.label_en,
        AttributeDefinition.unit,
        AttributeDefinition.emdn_scope,
        AttributeDefinition.minimum,
        AttributeDefinition.maximum,
        AttributeDefinition.choices,
        AttributeDefinition.position,
    ]
    async with database.transaction():
        await AttributeDefinition.insert(
            *(_row(place, key, one) for place, (key, one) in enumerate(given.items()))
        ).on_conflict(target=AttributeDefinition.key, action="DO UPDATE", values=columns)


def _row(position: int, key: str, one: Mapping[str, Any]) -> AttributeDefinition:
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
        minimum=one.get("minimum"),
        maximum=one.get("maximum"),
        choices=json.dumps(choices),
        is_facet=True,
        position=position,
    )
