"""Which device an identifier stands for."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from catalog.queries.devices import LINE, DeviceLine, line
from catalog.queries.visible import READABLE
from catalog.rules.identifiers import hibc_forms
from catalog.rules.udi import UdiDi
from catalog.states import Agency
from portal import database


@dataclass(frozen=True)
class Match:
    """A public device with the variant, and the packaging if any, that the identifier names."""

    device: DeviceLine
    variant_id: UUID
    variant_name: str
    pack_name: str
    pack_contains: int | None


# Two places for the one or two forms of an identifier, and no array: of an array PostgreSQL expects
# ten, plans anew for every question, and that takes five times what the answer takes.
FOUND = """
WITH found AS (
  SELECT v.device, v.id AS variant_id, v.name AS variant_name, '' AS pack_name,
         NULL::int AS pack_contains
  FROM device_variant v WHERE v.udi_di IN ($1, $2)
  UNION ALL
  SELECT v.device, v.id, v.name, p.name, p.contains
  FROM packaging p JOIN device_variant v ON v.id = p.variant WHERE p.udi_di IN ($1, $2)
)
"""


async def devices_with(di: UdiDi, *, limit: int = 10) -> list[Match]:
    """Return the public devices with this UDI-DI, those of suppliers here before references."""
    forms = hibc_forms(di.value) if di.agency is Agency.HIBCC else (di.value,)
    rows = await database.fetch(
        FOUND
        + LINE.replace("SELECT ", "SELECT f.variant_id, f.variant_name, f.pack_name,"
                       " f.pack_contains, ", 1)
        .replace("FROM device_model d", "FROM found f JOIN device_model d ON d.id = f.device")
        + f"WHERE {READABLE} ORDER BY d.is_reference, d.number LIMIT $3",
        forms[0],
        forms[-1],
        limit,
    )  # fmt: skip
    return [_match(row) for row in rows]


def _match(row: Any) -> Match:
    values = dict(row)
    found = {
        name: values.pop(name)
        for name in ("variant_id", "variant_name", "pack_name", "pack_contains")
    }
    return Match(line(values), **found)
