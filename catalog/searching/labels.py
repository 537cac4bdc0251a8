"""The words for facets and their values, in the language of the reader."""

from collections.abc import Mapping

from catalog.labels import CLASSES, LEVELS, MATURITIES, ORIGINS, REGISTRATIONS
from portal.accounts.naming import KINDS
from portal.web.i18n import lazy

FACETS = {
    "origin": lazy("Origin"),
    "class": lazy("Class"),
    "emdn": lazy("Nomenclature (EMDN)"),
    "registration": lazy("Registration in Morocco"),
    "maker": lazy("Maker"),
    "region": lazy("Region"),
    "maturity": lazy("Maturity"),
    "price": lazy("Indicative price (MAD)"),
    "languages": lazy("Instructions for use in"),
    "kind": lazy("Role"),
    "category": lazy("Field"),
}
VALUES: dict[str, Mapping[str, str]] = {
    "origin": ORIGINS | {f"morocco/{level}": text for level, text in LEVELS.items()},
    "class": CLASSES,
    "registration": REGISTRATIONS,
    "maturity": MATURITIES,
    "languages": {
        "fr": lazy("French"),
        "ar": lazy("Arabic"),
        "en": lazy("English"),
        "es": lazy("Spanish"),
    },
    "kind": KINDS,
}
SORTS = {
    "devices": (
        ("", lazy("Best match")),
        ("title", lazy("Name, A to Z")),
        ("-newest", lazy("Newest first")),
        ("cost", lazy("Cheapest first")),
        ("-cost", lazy("Most expensive first")),
    ),
    "suppliers": (
        ("", lazy("Best match")),
        ("title", lazy("Name, A to Z")),
        ("-devices", lazy("Most devices first")),
    ),
}
