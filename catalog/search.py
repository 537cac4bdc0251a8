"""What devices and suppliers put into the search, and what they are narrowed by."""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from catalog.queries.lists import IS_SUPPLIER, SUPPLIER_KINDS
from catalog.queries.visible import LISTED
from catalog.rules.emdn import ancestors, is_node, path
from catalog.rules.identifiers import hibc_forms
from catalog.rules.names import handle
from catalog.rules.udi import NotAUdi, read_udi
from catalog.searching.labels import FACETS
from catalog.states import Agency
from portal import database
from portal.search.dirty import mark_dirty
from portal.search.index import Document, Facet, FacetKind, Index
from portal.search.synonyms import read

BATCH = 1_000
ATTRIBUTE = "attribute."
LANGUAGES = ("fr", "ar", "en")
SYNONYMS = read(Path(__file__).parent / "synonyms.txt")

# Of two equally good matches the higher comes first; the search page says so.
BOOST_MADE_IN_MOROCCO = 200
BOOST_ON_THIS_PORTAL = 150
BOOST_REFERENCE = 50

# Upper bounds in dirham of the price bands; what is above the last has the band "1000000-".
PRICE_BANDS = (1_000, 5_000, 20_000, 100_000, 500_000, 1_000_000)


DEVICES = f"""
SELECT d.id, d.number, d.name_fr, d.name_ar, d.name_en, d.summary_fr, d.summary_ar, d.summary_en,
  d.purpose_fr, d.purpose_ar, d.purpose_en, d.brand, d.reference, d.emdn_code, d.gmdn_term,
  d.risk_class, d.basic_udi, d.origin, d.origin_level, d.country, d.maturity, d.registration,
  d.registration_number, d.registration_expires_on, d.instruction_languages, d.price_min_centimes,
  d.price_max_centimes, d.currency, d.price_tax, d.is_reference, d.source, d.source_key,
  d.manufacturer_name, d.organisation_id,
  extract(epoch FROM coalesce(d.published_at, d.created_at)) AS published,
  coalesce(o.name_fr, '') AS supplier_fr, coalesce(o.name_ar, '') AS supplier_ar,
  coalesce(o.name_en, '') AS supplier_en, coalesce(o.fictional, false) AS fictional, o.region,
  concat_ws(' ', p.name_fr, r.name_fr) AS place_fr,
  concat_ws(' ', p.name_ar, r.name_ar) AS place_ar,
  d.registration IN ('registered', 'expired') AND EXISTS (SELECT 1 FROM device_document c
    WHERE c.device = d.id AND c.kind = 'registration' AND c.is_public) AS certificate
FROM device_model d LEFT JOIN organisation o ON o.id = d.organisation_id
LEFT JOIN region r ON r.code = o.region LEFT JOIN province p ON p.code = o.province
WHERE d.id = ANY($1::uuid[]) AND {LISTED}
"""  # noqa: S608 — our own condition
VARIANTS = """
SELECT device, name, reference, udi_di, agency FROM device_variant WHERE device = ANY($1::uuid[])
UNION ALL
SELECT v.device, p.name, '', p.udi_di, p.agency
FROM packaging p JOIN device_variant v ON v.id = p.variant WHERE v.device = ANY($1::uuid[])
"""
ATTRIBUTES = """
SELECT a.device, a.key, a.number, a.text FROM device_attribute a WHERE a.device = ANY($1::uuid[])
"""
PHOTOS = """
SELECT DISTINCT ON (device) device, document_id FROM device_photo
WHERE device = ANY($1::uuid[]) ORDER BY device, position, id
"""
TERMS = "SELECT code, name_fr, name_ar, name_en FROM emdn_term WHERE code = ANY($1::text[])"
SUPPLIERS = f"""
SELECT o.id, o.kind, o.other_kinds, o.name_fr, o.name_ar, o.name_en, o.ice, o.region,
  o.description, o.fictional, o.state, coalesce(r.name_fr, '') AS region_fr,
  coalesce(r.name_ar, '') AS region_ar, coalesce(p.name_fr, '') AS province_fr,
  coalesce(p.name_ar, '') AS province_ar, coalesce(s.about_fr, '') AS about_fr,
  coalesce(s.about_ar, '') AS about_ar, coalesce(s.about_en, '') AS about_en,
  coalesce(s.iso_13485, '') AS iso_13485, s.is_exporter, s.logo_document_id,
  count(d.id) AS devices, count(d.id) FILTER (WHERE d.origin = 'morocco') AS moroccan,
  array_remove(array_agg(DISTINCT left(d.emdn_code, 1)), '') AS categories
FROM organisation o
LEFT JOIN region r ON r.code = o.region LEFT JOIN province p ON p.code = o.province
LEFT JOIN supplier_profile s ON s.organisation_id = o.id
LEFT JOIN device_model d ON d.organisation_id = o.id AND {LISTED}
WHERE o.id = ANY($1::uuid[]) AND {IS_SUPPLIER}
GROUP BY o.id, r.code, p.code, s.organisation_id
"""  # noqa: S608 — our own condition


def price_band(centimes: int | None, currency: str) -> tuple[str, ...]:
    """Return the band "1000-5000" a price in dirham falls into; none without one."""
    if centimes is None or currency != "MAD":
        return ()
    low = 0
    for high in PRICE_BANDS:
        if centimes < high * 100:
            return (f"{low}-{high}",)
        low = high
    return (f"{low}-",)


def identifiers_in(words: str) -> tuple[str, ...]:
    """Return what was typed, and the device identifier in it when it is a scanned UDI."""
    try:
        di = read_udi(words).di
    except NotAUdi:
        return (words,)
    forms = hibc_forms(di.value) if di.agency is Agency.HIBCC else (di.value,)
    return (words, *forms)


def _grouped(rows: Iterable[Any], key: str = "device") -> dict[UUID, list[Any]]:
    groups: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        groups[row[key]].append(row)
    return groups


async def load_devices(ids: Sequence[UUID]) -> list[Document]:
    """Return the documents of those devices that are published."""
    wanted = list(ids)
    rows = await database.fetch(DEVICES, wanted)
    variants = _grouped(await database.fetch(VARIANTS, wanted))
    attributes = _grouped(await database.fetch(ATTRIBUTES, wanted))
    photos = {row["device"]: row["document_id"] for row in await database.fetch(PHOTOS, wanted)}
    codes = {one for row in rows for one in (*ancestors(row["emdn_code"]), row["emdn_code"])}
    terms = {row["code"]: row for row in await database.fetch(TERMS, sorted(codes))}
    return [
        _device(
            row,
            variants.get(row["id"], []),
            attributes.get(row["id"], []),
            terms,
            photos.get(row["id"]),
        )
        for row in rows
    ]


def _device(
    row: Any, variants: list[Any], attributes: list[Any], terms: dict[str, Any], photo: UUID | None
) -> Document:
    names = {code: row[f"name_{code}"] for code in LANGUAGES}
    if not any(names.values()):
        names = {"fr": row["reference"] or row["brand"]}
    return Document(
        id=row["id"],
        titles=names,
        texts=_device_texts(row, variants, attributes, terms),
        identifiers=_device_identifiers(row, variants),
        facets=_device_facets(row),
        numbers=_device_numbers(row, attributes),
        card=_device_card(row, names, terms.get(row["emdn_code"]), photo),
    )


def _device_texts(
    row: Any, variants: list[Any], attributes: list[Any], terms: dict[str, Any]
) -> dict[str, str]:
    line = [terms[one] for one in (*ancestors(row["emdn_code"]), row["emdn_code"]) if one in terms]
    texts = {
        code: " ".join(
            (
                row[f"summary_{code}"],
                row[f"purpose_{code}"],
                row[f"supplier_{code}"],
                *(term[f"name_{code}"] for term in line),
            )
        )
        for code in LANGUAGES
    }
    texts["fr"] += f" {row['place_fr']}"  # English writes the places as French does
    texts["ar"] += f" {row['place_ar']}"
    texts[""] = " ".join(
        (
            row["brand"],
            row["reference"],
            row["manufacturer_name"],
            row["gmdn_term"],
            row["emdn_code"],
            *(one["name"] for one in variants),
            *(one["text"] for one in attributes),
        )
    )
    return texts


def _device_identifiers(row: Any, variants: list[Any]) -> tuple[str, ...]:
    found = [row["reference"], row["basic_udi"], row["registration_number"]]
    for one in variants:
        found.append(one["reference"])
        if one["udi_di"]:
            hibcc = one["agency"] == Agency.HIBCC
            found.extend(hibc_forms(one["udi_di"]) if hibcc else (one["udi_di"],))
    return tuple(one for one in found if one)


def _device_facets(row: Any) -> dict[str, tuple[str, ...]]:
    level = row["origin_level"]
    origin = row["origin"] if level == "none" else f"{row['origin']}/{level}"
    maker = row["manufacturer_name"] or row["supplier_fr"]
    # A code of no known form is kept with the device; the tree shows its category alone.
    emdn = path(row["emdn_code"])
    return {
        "class": (row["risk_class"],),
        "emdn": (emdn,) if emdn else (),
        "maker": (maker,) if maker else (),
        "region": (row["region"],) if row["region"] else (),
        "origin": (origin,),
        "registration": (row["registration"],),
        "maturity": (row["maturity"],),
        "price": price_band(row["price_min_centimes"], row["currency"]),
        "languages": tuple(row["instruction_languages"]),
    }


def _device_numbers(row: Any, attributes: list[Any]) -> dict[str, float]:
    boost = BOOST_ON_THIS_PORTAL
    if row["is_reference"]:
        boost = BOOST_REFERENCE
    elif row["origin"] == "morocco":
        boost = BOOST_MADE_IN_MOROCCO
    numbers = {"boost": float(boost), "newest": float(row["published"])}
    price = row["price_min_centimes"]
    if price is not None and row["currency"] == "MAD":
        numbers["cost"] = price / 100
    for one in attributes:
        if one["number"] is not None:
            numbers[ATTRIBUTE + one["key"]] = float(one["number"])
    return numbers


def _device_card(
    row: Any, names: dict[str, str], term: Any | None, photo: UUID | None
) -> dict[str, Any]:
    return {
        "number": row["number"],
        "handle": handle(row["number"], row["name_fr"], row["name_en"], row["reference"]),
        "name": {code: name for code, name in names.items() if name},
        "summary": {
            code: row[f"summary_{code}"][:220] for code in LANGUAGES if row[f"summary_{code}"]
        },
        "maker": row["manufacturer_name"],
        "supplier": {
            code: row[f"supplier_{code}"] for code in LANGUAGES if row[f"supplier_{code}"]
        },
        "supplier_id": str(row["organisation_id"]) if row["organisation_id"] else None,
        "reference": row["reference"],
        "class": row["risk_class"],
        "emdn": row["emdn_code"],
        "emdn_name": {code: term[f"name_{code}"] for code in LANGUAGES if term[f"name_{code}"]}
        if term
        else {},
        "origin": row["origin"],
        "origin_level": row["origin_level"],
        "country": row["country"].strip(),
        "registration": row["registration"],
        "registration_expires_on": str(row["registration_expires_on"] or ""),
        "certificate": row["certificate"],
        "maturity": row["maturity"],
        "price_min": row["price_min_centimes"],
        "price_max": row["price_max_centimes"],
        "currency": row["currency"].strip(),
        "price_tax": row["price_tax"],
        "is_reference": row["is_reference"],
        "source": row["source"],
        "fictional": row["fictional"],
        "photo": str(photo) if photo else None,
    }


async def all_devices() -> AsyncIterator[Sequence[UUID]]:
    """Yield the ids of every published device."""
    statement = (
        f"SELECT d.id FROM device_model d WHERE {LISTED} AND d.id > $1"  # noqa: S608 — ours
        " ORDER BY d.id LIMIT $2"
    )
    async for batch in _batches(statement):
        yield batch


async def load_suppliers(ids: Sequence[UUID]) -> list[Document]:
    """Return the documents of those organisations that are verified suppliers."""
    rows = await database.fetch(SUPPLIERS, list(ids))
    return [_supplier(row) for row in rows]


def _supplier(row: Any) -> Document:
    names = {code: row[f"name_{code}"] for code in LANGUAGES}
    kinds = [one for one in (row["kind"], *row["other_kinds"]) if one in SUPPLIER_KINDS]
    return Document(
        id=row["id"],
        titles=names,
        texts={
            "fr": " ".join(
                (row["about_fr"], row["description"], row["province_fr"], row["region_fr"])
            ),
            "ar": f"{row['about_ar']} {row['province_ar']} {row['region_ar']}",
            "en": row["about_en"],  # English writes the places as French does: the same words
        },
        identifiers=tuple(one for one in (row["ice"], row["iso_13485"]) if one),
        facets={
            "kind": tuple(dict.fromkeys(kinds)),
            "region": (row["region"],) if row["region"] else (),
            "category": tuple(one for one in row["categories"] if one and is_node(one)),
        },
        numbers={"devices": float(row["devices"]), "boost": min(float(row["moroccan"]), 255.0)},
        card={
            "name": {code: name for code, name in names.items() if name},
            "kind": row["kind"],
            "region": {"fr": row["region_fr"], "ar": row["region_ar"]},
            "about": {
                code: row[f"about_{code}"][:220] for code in LANGUAGES if row[f"about_{code}"]
            },
            "devices": row["devices"],
            "moroccan": row["moroccan"],
            "fictional": row["fictional"],
            "logo": str(row["logo_document_id"]) if row["logo_document_id"] else None,
        },
    )


async def all_suppliers() -> AsyncIterator[Sequence[UUID]]:
    """Yield the ids of every verified organisation."""
    statement = (
        "SELECT id FROM organisation WHERE state = 'verified' AND id > $1 ORDER BY id LIMIT $2"
    )
    async for batch in _batches(statement):
        yield batch


async def _batches(statement: str) -> AsyncIterator[Sequence[UUID]]:
    last = UUID(int=0)
    while rows := await database.fetch(statement, last, BATCH):
        last = rows[-1]["id"]
        yield [UUID(int=row["id"].int) for row in rows]


async def organisation_changed(organisation_id: UUID) -> None:
    """Have an organisation and its devices indexed again, in the transaction that changed it."""
    await mark_dirty(SUPPLIER_INDEX.name, [organisation_id])
    rows = await database.fetch(
        "SELECT id FROM device_model WHERE organisation_id = $1", organisation_id
    )
    await mark_dirty(DEVICE_INDEX.name, [row["id"] for row in rows])


DEVICE_INDEX = Index(
    name="devices",
    load=load_devices,
    all_ids=all_devices,
    facets=(
        Facet("origin", FACETS["origin"], FacetKind.TREE),
        Facet("class", FACETS["class"]),
        Facet("emdn", FACETS["emdn"], FacetKind.TREE),
        Facet("registration", FACETS["registration"]),
        Facet("maker", FACETS["maker"]),
        Facet("region", FACETS["region"]),
        Facet("maturity", FACETS["maturity"]),
        Facet("price", FACETS["price"]),
        Facet("languages", FACETS["languages"]),
    ),
    sorts=("title", "newest", "cost"),
    identify=identifiers_in,
    boost="boost",
    open_numbers=ATTRIBUTE,
    synonyms=SYNONYMS,
)
SUPPLIER_INDEX = Index(
    name="suppliers",
    load=load_suppliers,
    all_ids=all_suppliers,
    facets=(
        Facet("kind", FACETS["kind"]),
        Facet("region", FACETS["region"]),
        Facet("category", FACETS["category"]),
    ),
    sorts=("title", "devices"),
    boost="boost",
    synonyms=SYNONYMS,
)
