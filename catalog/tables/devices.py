"""Devices: the model, its variants and packagings, attributes, documents, photos and moves."""

import os
import time
import uuid

from piccolo.columns import (
    UUID,
    Array,
    BigInt,
    BigSerial,
    Boolean,
    Char,
    Date,
    DoublePrecision,
    ForeignKey,
    Integer,
    OnDelete,
    SmallInt,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.columns.defaults import TimestamptzNow
from piccolo.columns.defaults.uuid import UUID4
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from catalog.states import (
    Agency,
    DeviceState,
    DocumentKind,
    Maturity,
    Origin,
    OriginLevel,
    Registration,
    RiskClass,
    Source,
    Tax,
)
from catalog.tables.nomenclature import one_of


def new_id() -> uuid.UUID:
    """Return a version 7 UUID: it grows with time, so that bulk inserts stay at one index page."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | (0x7 << 76)
    return uuid.UUID(int=value & ~(0x3 << 62) | (0x2 << 62))


class DeviceModel(Table, tablename="device_model"):
    """One device as its maker knows it; what is sold are its variants.

    ``organisation_id`` is the supplier on this portal, empty for a reference device read from a
    foreign register. ``manufacturer_name`` is set only when the maker is somebody else.
    ``number`` is the short public number in addresses.
    """

    id = UUID(primary_key=True, default=UUID4())
    number = BigSerial(unique=True)
    organisation_id = UUID(default=None, null=True, index=True)
    manufacturer_name = Varchar(length=300, default="")

    name_fr = Varchar(length=300, default="")
    name_ar = Varchar(length=300, default="")
    name_en = Varchar(length=300, default="")
    summary_fr = Text(default="")
    summary_ar = Text(default="")
    summary_en = Text(default="")
    purpose_fr = Text(default="")
    purpose_ar = Text(default="")
    purpose_en = Text(default="")
    brand = Varchar(length=300, default="")
    reference = Varchar(length=200, default="")

    emdn_code = Varchar(length=20, default="", index=True)
    emdn_known = Boolean(default=False)
    gmdn_term = Text(default="")
    risk_class = Varchar(length=8, default=RiskClass.UNKNOWN, choices=RiskClass)
    basic_udi = Varchar(length=25, default="")

    # Three-valued: empty is « not said », which is not « no ».
    is_sterile = Boolean(default=None, null=True)
    is_single_use = Boolean(default=None, null=True)
    is_implantable = Boolean(default=None, null=True)
    is_active = Boolean(default=None, null=True)
    is_measuring = Boolean(default=None, null=True)
    is_software = Boolean(default=None, null=True)
    contains_latex = Boolean(default=None, null=True)
    needs_maintenance = Boolean(default=None, null=True)

    origin = Varchar(length=8, default=Origin.UNKNOWN, choices=Origin)
    origin_level = Varchar(length=10, default=OriginLevel.NONE, choices=OriginLevel)
    country = Char(length=2, default="")
    maturity = Varchar(length=12, default=Maturity.UNKNOWN, choices=Maturity)

    registration = Varchar(length=12, default=Registration.UNKNOWN, choices=Registration)
    registration_number = Varchar(length=80, default="")
    registration_issued_on = Date(default=None, null=True)
    registration_expires_on = Date(default=None, null=True)
    exhibition_authorisation = Varchar(length=120, default="")
    instruction_languages = Array(base_column=Varchar(length=3), default=list)

    price_min_centimes = BigInt(default=None, null=True)
    price_max_centimes = BigInt(default=None, null=True)
    currency = Char(length=3, default="MAD")
    price_tax = Varchar(length=8, default=Tax.EXCLUDED, choices=Tax)

    state = Varchar(length=10, default=DeviceState.DRAFT, choices=DeviceState)
    state_reason = Text(default="")
    is_reference = Boolean(default=False)
    source = Varchar(length=10, default=Source.OWN, choices=Source)
    source_key = Varchar(length=120, default=None, null=True)

    version = Integer(default=1)
    created_at = Timestamptz(default=TimestamptzNow())
    updated_at = Timestamptz(default=TimestamptzNow())
    submitted_at = Timestamptz(default=None, null=True)
    published_at = Timestamptz(default=None, null=True)

    one_per_source = Unique([source, source_key])
    state_known = Check(one_of("state", DeviceState))
    class_known = Check(one_of("risk_class", RiskClass))
    origin_known = Check(one_of("origin", Origin))
    origin_level_known = Check(one_of("origin_level", OriginLevel))
    maturity_known = Check(one_of("maturity", Maturity))
    registration_known = Check(one_of("registration", Registration))
    tax_known = Check(one_of("price_tax", Tax))


class DeviceVariant(Table, tablename="device_variant"):
    """One thing that can be ordered.

    ``udi_di`` is the device identifier alone, normalised (a GTIN has 14 digits); the production
    identifier of one item is never stored here.
    """

    id = UUID(primary_key=True, default=UUID4())
    device = ForeignKey(DeviceModel, on_delete=OnDelete.cascade, null=False, index=True)
    position = SmallInt(default=0)
    name = Varchar(length=300, default="")
    reference = Varchar(length=200, default="")
    udi_di = Varchar(length=50, default=None, null=True, index=True)
    agency = Varchar(length=6, default=Agency.NONE, choices=Agency)
    sizes = Text(default="")
    quantity = Integer(default=1)

    udi_once_per_device = Unique([device, udi_di])
    agency_known = Check(one_of("agency", Agency))
    quantity_positive = Check("quantity > 0")


class Packaging(Table, tablename="packaging"):
    """A box of a variant: level 1 holds ``contains`` items, level 2 holds that many of level 1."""

    id = UUID(primary_key=True, default=UUID4())
    variant = ForeignKey(DeviceVariant, on_delete=OnDelete.cascade, null=False, index=True)
    level = SmallInt(default=1)
    name = Varchar(length=120, default="")
    contains = Integer(default=1)
    udi_di = Varchar(length=50, default=None, null=True, index=True)
    agency = Varchar(length=6, default=Agency.NONE, choices=Agency)

    pack_agency_known = Check(one_of("agency", Agency))
    contains_positive = Check("contains > 0")


class DeviceAttribute(Table, tablename="device_attribute"):
    """The value of one attribute; a number is kept in the unit of its definition.

    ``typed`` is what the person wrote, with the unit they chose.
    """

    id = UUID(primary_key=True, default=UUID4())
    device = ForeignKey(DeviceModel, on_delete=OnDelete.cascade, null=False)
    key = Varchar(length=60, default=None, null=False)
    number = DoublePrecision(default=None, null=True)
    text = Text(default="")
    flag = Boolean(default=None, null=True)
    typed = Varchar(length=120, default="")

    one_of_each = Unique([device, key])


class DeviceDocument(Table, tablename="device_document"):
    """A file about a device; a private one is seen by the supplier and the verifiers."""

    id = UUID(primary_key=True, default=UUID4())
    device = ForeignKey(DeviceModel, on_delete=OnDelete.cascade, null=False, index=True)
    document_id = UUID(default=None, null=False)
    kind = Varchar(length=16, default=DocumentKind.OTHER, choices=DocumentKind)
    title = Varchar(length=200, default="")
    language = Varchar(length=3, default="")
    is_public = Boolean(default=True)
    created_at = Timestamptz(default=TimestamptzNow())

    document_kind_known = Check(one_of("kind", DocumentKind))


class DevicePhoto(Table, tablename="device_photo"):
    """A picture of a device; the first one by position stands for it in lists."""

    id = UUID(primary_key=True, default=UUID4())
    device = ForeignKey(DeviceModel, on_delete=OnDelete.cascade, null=False, index=True)
    document_id = UUID(default=None, null=False)
    alt_fr = Varchar(length=200, default="")
    alt_ar = Varchar(length=200, default="")
    alt_en = Varchar(length=200, default="")
    position = SmallInt(default=0)


class DeviceMove(Table, tablename="device_move"):
    """One step in the life of a device record, with the reason its supplier reads."""

    id = UUID(primary_key=True, default=UUID4())
    device = ForeignKey(DeviceModel, on_delete=OnDelete.cascade, null=False, index=True)
    move = Varchar(length=10, default=None, null=False)
    source = Varchar(length=10, default=None, null=False)
    target = Varchar(length=10, default=None, null=False)
    reason = Text(default="")
    actor_name = Varchar(length=200, default="")
    moved_at = Timestamptz(default=TimestamptzNow())
