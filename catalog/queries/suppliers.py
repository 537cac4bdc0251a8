"""Suppliers: their public presentation and what they offer."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from catalog.errors import SupplierNotFound
from catalog.queries.devices import LINE, DeviceLine, line
from catalog.queries.records import first_said
from catalog.queries.visible import LISTED
from portal import database
from portal.accounts.naming import in_language


@dataclass(frozen=True)
class Profile:
    """What an organisation tells about itself."""

    organisation_id: UUID
    about_fr: str = ""
    about_ar: str = ""
    about_en: str = ""
    contact_email: str = ""
    founded_year: int | None = None
    employees_band: str = ""
    iso_13485: str = ""
    export_countries: tuple[str, ...] = ()
    is_exporter: bool | None = None
    logo_document_id: UUID | None = None
    version: int = 0

    @property
    def about(self) -> str:
        """Return the presentation in the language of the reader."""
        return first_said(self.about_fr, self.about_ar, self.about_en)


@dataclass(frozen=True)
class SupplierPage:
    """A supplier as everybody may see it."""

    id: UUID
    kind: str
    other_kinds: tuple[str, ...]
    name_fr: str
    name_ar: str
    name_en: str
    ice: str | None
    address: str
    website: str
    phone: str
    description: str
    state: str
    fictional: bool
    region: str | None
    province: str | None
    region_fr: str
    region_ar: str
    province_fr: str
    province_ar: str
    profile: Profile
    published: int = 0
    moroccan: int = 0
    devices: tuple[DeviceLine, ...] = field(default=())

    @property
    def organisation_id(self) -> UUID:
        """Return the id, as permissions ask for it."""
        return self.id

    @property
    def name(self) -> str:
        """Return the name in the language of the reader."""
        return first_said(self.name_fr, self.name_ar, self.name_en)

    @property
    def about(self) -> str:
        """Return the presentation, or the description kept with the account."""
        return self.profile.about or self.description

    @property
    def region_name(self) -> str:
        """Return the region in the language of the reader."""
        return in_language(self.region_fr, self.region_ar)

    @property
    def province_name(self) -> str:
        """Return the province in the language of the reader."""
        return in_language(self.province_fr, self.province_ar)


PROFILE = (
    "about_fr, about_ar, about_en, contact_email, founded_year, employees_band, iso_13485,"
    " export_countries, is_exporter, logo_document_id, version"
)
SUPPLIER = f"""
SELECT o.id, o.kind, o.other_kinds, o.name_fr, o.name_ar, o.name_en, o.ice, o.address, o.website,
  o.phone, o.description, o.state, o.fictional, o.region, o.province,
  coalesce(r.name_fr, '') AS region_fr, coalesce(r.name_ar, '') AS region_ar,
  coalesce(p.name_fr, '') AS province_fr, coalesce(p.name_ar, '') AS province_ar,
  (SELECT count(*) FROM device_model d WHERE d.organisation_id = o.id AND {LISTED})
    AS published,
  (SELECT count(*) FROM device_model d WHERE d.organisation_id = o.id AND {LISTED}
     AND d.origin = 'morocco') AS moroccan,
  s.organisation_id AS profiled, {PROFILE}
FROM organisation o
LEFT JOIN supplier_profile s ON s.organisation_id = o.id
LEFT JOIN region r ON r.code = o.region LEFT JOIN province p ON p.code = o.province
WHERE o.id = $1
"""  # noqa: S608 — the names of our own columns


async def supplier(organisation_id: UUID, *, devices: int = 100) -> SupplierPage:
    """Return a supplier with its published devices.

    Raises:
        SupplierNotFound: there is no such organisation, or it is no supplier.
    """
    rows = await database.fetch(SUPPLIER, organisation_id)
    if not rows:
        raise SupplierNotFound
    lines = await database.fetch(
        LINE + f"WHERE d.organisation_id = $1 AND {LISTED}"
        " ORDER BY d.published_at DESC NULLS LAST, d.number LIMIT $2",
        organisation_id,
        devices,
    )
    return _page(rows[0], tuple(line(row) for row in lines))


def _page(row: Any, devices: tuple[DeviceLine, ...]) -> SupplierPage:
    values = dict(row)
    told = {name.strip(): values.pop(name.strip()) for name in PROFILE.split(",")}
    if values.pop("profiled") is None:
        profile = Profile(values["id"])
    else:
        told["export_countries"] = tuple(told["export_countries"])
        profile = Profile(values["id"], **told)
    values["other_kinds"] = tuple(values["other_kinds"])
    return SupplierPage(**values, profile=profile, devices=devices)
