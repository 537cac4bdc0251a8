"""What an organisation tells about itself on its supplier page."""

from dataclasses import dataclass
from uuid import UUID

from catalog.actions.editing import SUPPLIERS
from catalog.errors import DeviceChangedMeanwhile
from portal import database
from portal.audit.actions import record
from portal.permissions import Actor
from portal.search.dirty import mark_dirty


@dataclass(frozen=True)
class ProfileInput:
    """A presentation to be kept."""

    about_fr: str = ""
    about_ar: str = ""
    about_en: str = ""
    contact_email: str = ""
    founded_year: int | None = None
    employees_band: str = ""
    iso_13485: str = ""
    export_countries: tuple[str, ...] = ()
    is_exporter: bool | None = None


SAVE = """
INSERT INTO supplier_profile AS s (organisation_id, about_fr, about_ar, about_en, contact_email,
  founded_year, employees_band, iso_13485, export_countries, is_exporter, version, updated_at)
VALUES ($1, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, now())
ON CONFLICT (organisation_id) DO UPDATE SET about_fr = $3, about_ar = $4, about_en = $5,
  contact_email = $6, founded_year = $7, employees_band = $8, iso_13485 = $9,
  export_countries = $10, is_exporter = $11, version = s.version + 1, updated_at = now()
WHERE s.version = $2
RETURNING s.version
"""


async def save_profile(
    organisation_id: UUID, profile: ProfileInput, *, version: int, actor: Actor
) -> int:
    """Save a presentation and return its new edition; ``version`` is 0 for the first one.

    Raises:
        DeviceChangedMeanwhile: somebody else saved it after it was opened.
    """
    async with database.transaction():
        rows = await database.fetch(
            SAVE,
            organisation_id,
            version,
            profile.about_fr,
            profile.about_ar,
            profile.about_en,
            profile.contact_email,
            profile.founded_year,
            profile.employees_band,
            profile.iso_13485,
            list(profile.export_countries),
            profile.is_exporter,
        )
        if not rows:
            raise DeviceChangedMeanwhile
        await mark_dirty(SUPPLIERS, [organisation_id])
        await record(
            "supplier.presented",
            subject=("organisation", organisation_id),
            actor=actor,
            organisation_id=organisation_id,
            version=rows[0]["version"],
        )
    return int(rows[0]["version"])
