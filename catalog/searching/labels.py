"""The words for facets and their values, in the language of the reader."""

from portal.web.i18n import lazy

FACETS = {
    "origin": lazy("Made in"),
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
VALUES: dict[str, dict[str, str]] = {
    "origin": {
        "morocco": lazy("Morocco"),
        "morocco/declared": lazy("Declared by the maker"),
        "morocco/documented": lazy("With documents"),
        "morocco/verified": lazy("Verified"),
        "foreign": lazy("Another country"),
        "unknown": lazy("Not said"),
    },
    "class": {
        "none": lazy("Not a medical device"),
        "unknown": lazy("Not said"),
    },
    "registration": {
        "unknown": lazy("Not said"),
        "none": lazy("Not registered"),
        "in_progress": lazy("In progress"),
        "registered": lazy("Registered"),
        "expired": lazy("Expired"),
    },
    "maturity": {
        "prototype": lazy("Prototype"),
        "pilot": lazy("Pilot series"),
        "small_series": lazy("Small series"),
        "series": lazy("Series production"),
        "unknown": lazy("Not said"),
    },
    "languages": {
        "fr": lazy("French"),
        "ar": lazy("Arabic"),
        "en": lazy("English"),
        "es": lazy("Spanish"),
    },
    "kind": {
        "manufacturer": lazy("Manufacturer"),
        "distributor": lazy("Distributor or importer"),
        "subcontractor": lazy("Subcontractor"),
        "partner": lazy("Partner"),
    },
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
