"""What the records of the audit are about, in the catalogue: devices and imports, many at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from catalog.queries.records import first_said
from catalog.queries.visible import READABLE
from catalog.rules.names import handle
from catalog.states import DeviceState
from portal import database

DEVICES = f"""
SELECT d.id, d.number, d.name_fr, d.name_ar, d.name_en, d.reference, d.state, d.organisation_id,
  d.submitted_at, {READABLE} AS is_public
FROM device_model d WHERE d.id::text = ANY($1)
"""  # noqa: S608 — our own condition
IMPORTS = "SELECT id, file_name, organisation_id FROM import_run WHERE id::text = ANY($1)"


@dataclass(frozen=True)
class RecordedDevice:
    """A device as far as a record of the audit names it."""

    id: UUID
    organisation_id: UUID | None
    state: DeviceState
    submitted_at: datetime | None
    is_public: bool
    name: str
    handle: str


@dataclass(frozen=True)
class RecordedImport:
    """An import as far as a record of the audit names it."""

    id: UUID
    organisation_id: UUID | None
    file_name: str


async def recorded_devices(ids: Sequence[str]) -> list[RecordedDevice]:
    """Return the devices with these ids that there are."""
    return [_device(row) for row in await database.fetch(DEVICES, list(ids))]


async def recorded_imports(ids: Sequence[str]) -> list[RecordedImport]:
    """Return the imports with these ids that there are."""
    return [RecordedImport(**dict(row)) for row in await database.fetch(IMPORTS, list(ids))]


def _device(row: Any) -> RecordedDevice:
    return RecordedDevice(
        id=row["id"],
        organisation_id=row["organisation_id"],
        state=DeviceState(row["state"]),
        submitted_at=row["submitted_at"],
        is_public=row["is_public"],
        name=first_said(row["name_fr"], row["name_ar"], row["name_en"]) or row["reference"],
        handle=handle(row["number"], row["name_fr"], row["name_en"], row["reference"]),
    )
