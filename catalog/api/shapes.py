"""What the API answers with, and how it is made of what the catalogue's queries answer."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from catalog.pages.facts import registration_proof
from catalog.pages.udi import Looked
from catalog.proofs import StandingJson, standing_json
from catalog.queries.devices import DeviceLine
from catalog.queries.nomenclature import Branch, Place
from catalog.queries.records import Device, Pack, Term, Variant
from catalog.queries.suppliers import SupplierPage
from catalog.rules.completeness import marketable
from portal.settings import LANGUAGES, get_settings

Words = dict[str, str]


@dataclass(frozen=True)
class TermJson:
    """A term of the nomenclature; a language without a name is left out."""

    code: str
    name: Words
    terminal: bool


@dataclass(frozen=True)
class SupplierLineJson:
    """The supplier of a device."""

    id: UUID
    name: Words
    kind: str
    region: str | None
    url: str


@dataclass(frozen=True)
class PackagingJson:
    """A packaging: level 1 contains items, level 2 packagings of level 1."""

    level: int
    name: str
    contains: int
    udi_di: str | None
    agency: str


@dataclass(frozen=True)
class VariantJson:
    """One thing that can be ordered."""

    id: UUID
    name: str
    reference: str
    udi_di: str | None
    agency: str
    sizes: str
    quantity: int
    packagings: list[PackagingJson]


@dataclass(frozen=True)
class AttributeJson:
    """A technical datum; ``unit`` is a UCUM code."""

    key: str
    label: Words
    value: float | bool | str | None
    unit: str


@dataclass(frozen=True)
class FileJson:
    """A public document or photo."""

    kind: str
    title: str
    language: str
    url: str


@dataclass(frozen=True)
class DeviceJson:
    """A public device. Empty text and null are « not said », never « no »."""

    id: UUID
    number: int
    url: Words
    state: str
    name: Words
    summary: Words
    purpose: Words
    brand: str
    reference: str
    manufacturer: str
    supplier: SupplierLineJson | None
    emdn_code: str
    emdn_known: bool
    emdn: TermJson | None
    gmdn_term: str
    risk_class: str
    basic_udi_di: str
    properties: dict[str, bool | None]
    origin: str
    origin_level: str
    country: str
    maturity: str
    registration: str
    registration_number: str
    registration_issued_on: date | None
    registration_expires_on: date | None
    registration_standing: StandingJson | None
    instruction_languages: list[str]
    may_be_marketed: bool
    price_min_centimes: int | None
    price_max_centimes: int | None
    currency: str
    price_tax: str
    is_reference: bool
    source: str
    source_key: str | None
    variants: list[VariantJson]
    attributes: list[AttributeJson]
    documents: list[FileJson]
    photos: list[FileJson]
    fictional: bool
    version: int
    updated_at: datetime


def said(**words: str) -> Words:
    """Return texts by language without the missing ones."""
    return {code: words[code] for code in LANGUAGES if words.get(code)}


def addresses(path: str) -> Words:
    """Return the address of a page in each language."""
    return {code: f"{get_settings().base_url}/{code}/{path}" for code in LANGUAGES}


def file_address(document_id: UUID) -> str:
    """Return where a document is read."""
    return f"{get_settings().base_url}/documents/{document_id}"


def term_json(term: Term) -> TermJson:
    """Return a term as JSON."""
    return TermJson(
        term.code, said(fr=term.name_fr, ar=term.name_ar, en=term.name_en), term.terminal
    )


def _pack(pack: Pack) -> PackagingJson:
    return PackagingJson(pack.level, pack.name, pack.contains, pack.udi_di, pack.agency)


def _variant(one: Variant) -> VariantJson:
    packs = [_pack(pack) for pack in one.packs]
    return VariantJson(
        one.id, one.name, one.reference, one.udi_di, one.agency, one.sizes, one.quantity, packs
    )


def _supplier(one: Device) -> SupplierLineJson | None:
    if one.supplier is None:
        return None
    told = one.supplier
    return SupplierLineJson(
        told.id,
        said(fr=told.name_fr, ar=told.name_ar, en=told.name_en),
        told.kind,
        told.region,
        f"{get_settings().base_url}/api/v1/suppliers/{told.id}",
    )


SAME = (
    "id", "number", "brand", "reference", "emdn_code", "emdn_known", "gmdn_term", "risk_class",
    "origin", "origin_level", "country", "maturity", "registration", "registration_number",
    "registration_issued_on", "registration_expires_on", "price_min_centimes",
    "price_max_centimes", "currency", "price_tax", "is_reference", "source", "source_key",
    "fictional", "version", "updated_at",
)  # fmt: skip


def device_json(one: Device, today: date) -> DeviceJson:
    """Return a device as JSON: the facts of its page, in every language at once."""
    same: dict[str, Any] = {name: getattr(one, name) for name in SAME}
    return DeviceJson(
        **same,
        url=addresses(f"devices/{one.handle}"),
        state=one.state.value,
        name=said(fr=one.name_fr, ar=one.name_ar, en=one.name_en),
        summary=said(fr=one.summary_fr, ar=one.summary_ar, en=one.summary_en),
        purpose=said(fr=one.purpose_fr, ar=one.purpose_ar, en=one.purpose_en),
        manufacturer=one.maker,
        supplier=_supplier(one),
        emdn=term_json(one.term) if one.term else None,
        basic_udi_di=one.basic_udi,
        properties=one.flags,
        instruction_languages=list(one.instruction_languages),
        registration_standing=standing_json(lambda: registration_proof(one, today)),
        may_be_marketed=not one.is_reference
        and marketable(one.registration, one.registration_expires_on, today),
        variants=[_variant(variant) for variant in one.variants],
        attributes=[
            AttributeJson(
                value.key,
                said(fr=value.label_fr, ar=value.label_ar, en=value.label_en),
                next((v for v in (value.number, value.flag) if v is not None), value.text or None),
                value.unit,
            )
            for value in one.attributes
        ],
        documents=[
            FileJson(file.kind, file.title, file.language, file_address(file.document_id))
            for file in one.documents
        ],
        photos=[FileJson("photo", p.alt, "", file_address(p.document_id)) for p in one.photos],
    )


@dataclass(frozen=True)
class DeviceLineJson:
    """A device in a list."""

    id: UUID
    number: int
    name: Words
    manufacturer: str
    reference: str
    emdn_code: str
    risk_class: str
    origin: str
    is_reference: bool
    url: str


def line_json(one: DeviceLine) -> DeviceLineJson:
    """Return a device of a list as JSON."""
    return DeviceLineJson(
        one.id,
        one.number,
        said(fr=one.name_fr, ar=one.name_ar, en=one.name_en),
        one.maker,
        one.reference,
        one.emdn_code,
        one.risk_class,
        one.origin,
        one.is_reference,
        f"{get_settings().base_url}/api/v1/devices/{one.number}",
    )


@dataclass(frozen=True)
class SupplierJson:
    """A verified organisation with what it offers."""

    id: UUID
    url: Words
    kind: str
    other_kinds: list[str]
    name: Words
    about: Words
    ice: str | None
    address: str
    region: str | None
    province: str | None
    website: str
    phone: str
    email: str
    founded_year: int | None
    employees_band: str
    iso_13485: str
    export_countries: list[str]
    logo: str | None
    published_devices: int
    made_in_morocco: int
    devices: list[DeviceLineJson]
    fictional: bool


def supplier_json(one: SupplierPage) -> SupplierJson:
    """Return a supplier as JSON."""
    told = one.profile
    about = said(fr=told.about_fr, ar=told.about_ar, en=told.about_en)
    return SupplierJson(
        id=one.id,
        url=addresses(f"suppliers/{one.id}"),
        kind=one.kind,
        other_kinds=list(one.other_kinds),
        name=said(fr=one.name_fr, ar=one.name_ar, en=one.name_en),
        about=about or said(fr=one.description),
        ice=one.ice,
        address=one.address,
        region=one.region,
        province=one.province,
        website=one.website,
        phone=one.phone,
        email=told.contact_email,
        founded_year=told.founded_year,
        employees_band=told.employees_band,
        iso_13485=told.iso_13485,
        export_countries=list(told.export_countries),
        logo=file_address(told.logo_document_id) if told.logo_document_id else None,
        published_devices=one.published,
        made_in_morocco=one.moroccan,
        devices=[line_json(device) for device in one.devices],
        fictional=one.fictional,
    )


@dataclass(frozen=True)
class UdiJson:
    """A UDI taken apart, and the devices of the catalogue it names.

    Dates stand beside what was written, and in which form: a day 00 is the end of the month.
    """

    udi: str
    readable: bool
    trouble: str
    agency: str | None
    di: str | None
    expected_check_digit: str
    lot: str
    serial: str
    donation: str
    expires_on: date | None
    expires_as_written: str
    expires_format: str
    made_on: date | None
    made_as_written: str
    made_format: str
    devices: list[DeviceLineJson]


@dataclass(frozen=True)
class BranchJson:
    """A term with how many public devices there are in it and below it."""

    term: TermJson
    devices: int
    made_in_morocco: int
    children: int


@dataclass(frozen=True)
class PlaceJson:
    """One place in the nomenclature; ``here`` is null at the top."""

    here: BranchJson | None
    above: list[TermJson]
    below: list[BranchJson]


def _branch(one: Branch) -> BranchJson:
    return BranchJson(term_json(one.term), one.devices, one.moroccan, one.children)


def udi_json(found: Looked) -> UdiJson:
    """Return a look-up as JSON."""
    parts: dict[str, Any] = {
        name: getattr(found.udi.pi, name) if found.udi else empty
        for name, empty in (
            ("lot", ""), ("serial", ""), ("donation", ""), ("expires_on", None),
            ("expires_as_written", ""), ("expires_format", ""), ("made_on", None),
            ("made_as_written", ""), ("made_format", ""),
        )
    }  # fmt: skip
    return UdiJson(
        udi=found.typed,
        readable=found.udi is not None,
        trouble=found.trouble,
        agency=found.udi.di.agency.value if found.udi else None,
        di=found.udi.di.value if found.udi else None,
        expected_check_digit=found.udi.expected_check if found.udi else "",
        devices=[line_json(match.device) for match in found.matches],
        **parts,
    )


def place_json(found: Place) -> PlaceJson:
    """Return a place in the nomenclature as JSON."""
    return PlaceJson(
        _branch(found.here) if found.here else None,
        [term_json(term) for term in found.above],
        [_branch(one) for one in found.below],
    )
