"""Names that the facets of a result need from the database: nomenclature, regions, attributes."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from catalog.queries.records import first_said
from portal import database

KEPT_FOR_S = 300.0

Names = tuple[str, str, str]  # French, Arabic, English


@dataclass(frozen=True)
class Attribute:
    """A numeric attribute as a facet: its name and its unit."""

    names: Names
    unit: str


@dataclass
class _Known:
    """Names change a few times a year: a process asks again every five minutes."""

    since: float = float("-inf")
    terms: dict[str, Names] = field(default_factory=dict)
    regions: dict[str, Names] = field(default_factory=dict)
    attributes: dict[str, Attribute] = field(default_factory=dict)


_known = _Known()


async def _refreshed() -> _Known:
    global _known
    if time.monotonic() - _known.since > KEPT_FOR_S:
        regions = await database.fetch("SELECT code, name_fr, name_ar FROM region")
        _known = _Known(
            since=time.monotonic(),
            regions={r["code"]: (r["name_fr"], r["name_ar"], r["name_fr"]) for r in regions},
        )
    return _known


async def term_names(codes: Iterable[str]) -> Mapping[str, Names]:
    """Return the names of codes of the nomenclature."""
    known = await _refreshed()
    missing = [code for code in codes if code not in known.terms]
    if missing:
        rows = await database.fetch(
            "SELECT code, name_fr, name_ar, name_en FROM emdn_term WHERE code = ANY($1::text[])",
            missing,
        )
        known.terms |= {r["code"]: (r["name_fr"], r["name_ar"], r["name_en"]) for r in rows}
    return known.terms


async def region_names() -> Mapping[str, Names]:
    """Return the names of the regions by their code."""
    return (await _refreshed()).regions


async def attributes(keys: Iterable[str]) -> Mapping[str, Attribute]:
    """Return what is known of these attributes."""
    known = await _refreshed()
    missing = [key for key in keys if key not in known.attributes]
    if missing:
        rows = await database.fetch(
            "SELECT key, label_fr, label_ar, label_en, unit FROM attribute_definition"
            " WHERE key = ANY($1::text[])",
            missing,
        )
        known.attributes |= {
            r["key"]: Attribute((r["label_fr"], r["label_ar"], r["label_en"]), r["unit"])
            for r in rows
        }
    return known.attributes


def in_words(names: Names | None, code: str) -> str:
    """Return a name in the language of the reader, or the code when it has none."""
    return (first_said(*names) if names else "") or code
