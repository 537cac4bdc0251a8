"""One device with everything it contains, in one statement; and what stands near it."""

from dataclasses import dataclass, fields, replace
from typing import Any
from uuid import UUID

import msgspec

from catalog.errors import DeviceNotFound, DeviceWithheld
from catalog.queries.records import (
    FLAGS,
    AttributeValue,
    Device,
    DocumentRow,
    Photo,
    Supplier,
    Term,
    Variant,
    first_said,
)
from catalog.queries.visible import HIDDEN_NOW, LISTED, READABLE, WITHHELD
from catalog.rules.completeness import Completeness, Facts, completeness
from catalog.rules.emdn import ancestors
from catalog.rules.names import handle
from catalog.states import DeviceState
from portal import database
from portal.accounts.queries.hidden import of_shown

NESTED = {"supplier", "term", "variants", "attributes", "documents", "photos"}
OWN = [one.name for one in fields(Device) if one.name not in NESTED]
COLUMNS = ", ".join(f"d.{name}" for name in OWN)

DEVICE = f"""
SELECT {COLUMNS},
  CASE WHEN o.id IS NULL THEN NULL ELSE jsonb_build_object(
    'id', o.id, 'name_fr', o.name_fr, 'name_ar', o.name_ar, 'name_en', o.name_en,
    'kind', o.kind, 'state', o.state, 'hidden', NOT {of_shown("o.id")},
    'fictional', o.fictional, 'region', o.region,
    'logo', (SELECT s.logo_document_id FROM supplier_profile s WHERE s.organisation_id = o.id),
    'region_fr', coalesce(r.name_fr, ''), 'region_ar', coalesce(r.name_ar, '')
  ) END AS supplier,
  CASE WHEN e.code IS NULL THEN NULL ELSE to_jsonb(e) END AS term,
  (SELECT jsonb_agg(jsonb_build_object(
      'id', v.id, 'name', v.name, 'reference', v.reference, 'udi_di', v.udi_di,
      'agency', v.agency, 'sizes', v.sizes, 'quantity', v.quantity, 'position', v.position,
      'packs', coalesce((SELECT jsonb_agg(jsonb_build_object(
          'id', p.id, 'level', p.level, 'name', p.name, 'contains', p.contains,
          'udi_di', p.udi_di, 'agency', p.agency) ORDER BY p.level, p.id)
        FROM packaging p WHERE p.variant = v.id), '[]'))
      ORDER BY v.position, v.id)
    FROM device_variant v WHERE v.device = d.id) AS variants,
  (SELECT jsonb_agg(jsonb_build_object(
      'key', a.key, 'label_fr', f.label_fr, 'label_ar', f.label_ar, 'label_en', f.label_en,
      'kind', f.kind, 'unit', f.unit, 'number', a.number, 'text', a.text, 'flag', a.flag,
      'typed', a.typed, 'choices', f.choices) ORDER BY f.position, a.key)
    FROM device_attribute a JOIN attribute_definition f ON f.key = a.key
    WHERE a.device = d.id) AS attributes,
  (SELECT jsonb_agg(jsonb_build_object(
      'id', c.id, 'document_id', c.document_id, 'kind', c.kind, 'title', c.title,
      'language', c.language, 'is_public', c.is_public) ORDER BY c.created_at, c.id)
    FROM device_document c WHERE c.device = d.id) AS documents,
  (SELECT jsonb_agg(jsonb_build_object(
      'id', h.id, 'document_id', h.document_id, 'alt_fr', h.alt_fr, 'alt_ar', h.alt_ar,
      'alt_en', h.alt_en) ORDER BY h.position, h.id)
    FROM device_photo h WHERE h.device = d.id) AS photos
FROM device_model d
LEFT JOIN organisation o ON o.id = d.organisation_id
LEFT JOIN region r ON r.code = o.region
LEFT JOIN emdn_term e ON e.code = d.emdn_code
"""  # noqa: S608 — the names of our own columns

VARIANTS = msgspec.json.Decoder(tuple[Variant, ...])
ATTRIBUTES = msgspec.json.Decoder(tuple[AttributeValue, ...])
DOCUMENTS = msgspec.json.Decoder(tuple[DocumentRow, ...])
PHOTOS = msgspec.json.Decoder(tuple[Photo, ...])
SUPPLIER = msgspec.json.Decoder(Supplier)
TERM = msgspec.json.Decoder(Term)


def _device(row: Any) -> Device:
    values = {name: row[name] for name in OWN}
    values["state"] = DeviceState(values["state"])
    values["country"] = values["country"].strip()
    values["instruction_languages"] = tuple(values["instruction_languages"])
    return Device(
        **values,
        supplier=SUPPLIER.decode(row["supplier"]) if row["supplier"] else None,
        term=TERM.decode(row["term"]) if row["term"] else None,
        variants=VARIANTS.decode(row["variants"] or "[]"),
        attributes=ATTRIBUTES.decode(row["attributes"] or "[]"),
        documents=DOCUMENTS.decode(row["documents"] or "[]"),
        photos=PHOTOS.decode(row["photos"] or "[]"),
    )


async def device(device_id: UUID) -> Device:
    """Return one device.

    Raises:
        DeviceNotFound: there is none with this id.
    """
    rows = await database.fetch(DEVICE + "WHERE d.id = $1", device_id)
    if not rows:
        raise DeviceNotFound
    return _device(rows[0])


async def device_at(number: int) -> Device:
    """Return the device with this public number.

    Raises:
        DeviceNotFound: there is none with this number.
    """
    rows = await database.fetch(DEVICE + "WHERE d.number = $1", number)
    if not rows:
        raise DeviceNotFound
    return _device(rows[0])


@dataclass(frozen=True)
class Edition:
    """Which edition of a public page is the present one; small enough to ask on every request."""

    number: int
    version: int
    is_public: bool
    is_withheld: bool
    hidden: str  # changes when an organisation is suspended or comes back: pages name others too


async def edition_of(number: int) -> Edition | None:
    """Return the present edition of a device, or ``None`` when there is no such device."""
    rows = await database.fetch(
        f"SELECT d.number, d.version, {READABLE} AS is_public, {WITHHELD} AS is_withheld,"  # noqa: S608 — our own conditions
        f" {HIDDEN_NOW} AS hidden FROM device_model d WHERE d.number = $1",
        number,
    )
    return Edition(**dict(rows[0])) if rows else None


async def public_edition(number: int) -> Edition:
    """Return the present edition of a device that everybody may see.

    Raises:
        DeviceNotFound: there is none with this number, or it is not public.
        DeviceWithheld: its organisation is suspended.
    """
    found = await edition_of(number)
    if found is not None and found.is_withheld:
        raise DeviceWithheld
    if found is None or not found.is_public:
        raise DeviceNotFound
    return found


async def number_of_id(device_id: UUID) -> int:
    """Return the public number of a device known by its id.

    Raises:
        DeviceNotFound: there is none with this id.
    """
    rows = await database.fetch("SELECT number FROM device_model WHERE id = $1", device_id)
    if not rows:
        raise DeviceNotFound
    return int(rows[0]["number"])


@dataclass(frozen=True)
class DeviceLine:
    """A device as a list shows it."""

    id: UUID
    number: int
    name_fr: str
    name_ar: str
    name_en: str
    brand: str
    reference: str
    emdn_code: str
    risk_class: str
    origin: str
    origin_level: str
    registration: str
    state: DeviceState
    is_reference: bool
    manufacturer_name: str
    supplier_fr: str = ""
    supplier_ar: str = ""
    photo: UUID | None = None

    @property
    def name(self) -> str:
        """Return the name in the language of the reader."""
        return first_said(self.name_fr, self.name_ar, self.name_en) or self.reference

    @property
    def maker(self) -> str:
        """Return who makes it."""
        return self.manufacturer_name or first_said(self.supplier_fr, self.supplier_ar, "")

    @property
    def handle(self) -> str:
        """Return its part of the address."""
        return handle(self.number, self.name_fr, self.name_en, self.reference)


LINE = """
SELECT d.id, d.number, d.name_fr, d.name_ar, d.name_en, d.brand, d.reference, d.emdn_code,
  d.risk_class, d.origin, d.origin_level, d.registration, d.state, d.is_reference,
  d.manufacturer_name, coalesce(o.name_fr, '') AS supplier_fr,
  coalesce(o.name_ar, '') AS supplier_ar,
  (SELECT h.document_id FROM device_photo h WHERE h.device = d.id
   ORDER BY h.position, h.id LIMIT 1) AS photo
FROM device_model d LEFT JOIN organisation o ON o.id = d.organisation_id
"""


def line(row: Any) -> DeviceLine:
    """Return a row of ``LINE`` as a value."""
    return DeviceLine(**{**dict(row), "state": DeviceState(row["state"])})


async def related(one: Device, *, limit: int = 4) -> list[DeviceLine]:
    """Return public devices of the same EMDN branch, the nearest code and Moroccan ones first."""
    places = [place for place in (*ancestors(one.emdn_code), one.emdn_code) if len(place) >= 3]
    if not places:
        return []
    rows = await database.fetch(
        LINE + "WHERE d.emdn_code ~>=~ $1 AND d.emdn_code ~<~ ($1 || '~')"
        f" AND {LISTED} AND d.id <> $2"
        " ORDER BY starts_with(d.emdn_code, $3) DESC, d.is_reference,"
        " d.origin <> 'morocco', d.number LIMIT $4",
        places[-2] if len(places) > 1 else places[-1],
        one.id,
        one.emdn_code,
        limit,
    )
    return [line(row) for row in rows]


def facts_of(one: Device, *, expected: int = 0) -> Facts:
    """Return what completeness is judged by; ``expected`` attributes are defined for its branch."""
    return Facts(
        names={"fr": one.name_fr, "ar": one.name_ar, "en": one.name_en},
        summaries={"fr": one.summary_fr, "ar": one.summary_ar, "en": one.summary_en},
        purposes={"fr": one.purpose_fr, "ar": one.purpose_ar, "en": one.purpose_en},
        brand=one.brand,
        reference=one.reference,
        emdn_code=one.emdn_code,
        emdn_known=one.emdn_known,
        emdn_terminal=one.term is None or one.term.terminal,
        risk_class=one.risk_class,
        flags_said=sum(value is not None for value in one.flags.values()),
        flags_total=len(FLAGS),
        variants=len(one.variants),
        variants_with_udi=sum(bool(variant.udi_di) for variant in one.variants),
        attributes=len(one.attributes),
        attributes_expected=expected,
        origin=one.origin,
        country=one.country,
        maturity=one.maturity,
        registration=one.registration,
        registration_number=one.registration_number,
        registration_expires_on=one.registration_expires_on,
        instruction_languages=one.instruction_languages,
        has_price=one.price_min_centimes is not None or one.price_max_centimes is not None,
        photos=len(one.photos),
        document_kinds=tuple(document.kind for document in one.documents),
    )


async def completeness_of(one: Device) -> Completeness:
    """Return how complete a record is, given what is asked of its branch of the nomenclature."""
    rows = await database.fetch(
        "SELECT count(*) AS n FROM attribute_definition WHERE starts_with($1, emdn_scope)",
        one.emdn_code,
    )
    return completeness(facts_of(one, expected=int(rows[0]["n"])))


def public_part(one: Device) -> Device:
    """Return a device without what only its supplier and the verifiers may see."""
    return replace(
        one,
        documents=tuple(document for document in one.documents if document.is_public),
        state_reason="",
    )
