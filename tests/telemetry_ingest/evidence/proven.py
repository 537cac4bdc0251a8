"""A closed pilot whose tables hold the readings of ``packs``."""

from portal import database
from telemetry_ingest.evidence.observed import moment
from telemetry_ingest.protocol import digest, written
from telemetry_ingest.states import PilotState
from tests.telemetry_ingest.evidence.packs import agreed, rows, some_units
from tests.telemetry_ingest.pilots import make_pilot, make_unit, two_sides


async def proven_pilot(state=PilotState.CLOSED):
    """Return the sides and a pilot whose tables hold the readings of ``packs.rows``."""
    sides, terms = await two_sides(), agreed()
    row = await make_pilot(
        sides,
        state,
        protocol={},
        starts_at=terms.starts_at,
        ends_at=terms.ends_at,
    )
    await database.fetch(
        "UPDATE pilot SET protocol = $2, protocol_digest = $3 WHERE id = $1",
        row.id, written(terms).decode(), digest(terms),
    )  # fmt: skip
    await make_unit(row, "SN-1")
    await make_unit(row, "REF-1", is_reference=True)
    numbers = [
        one["number"]
        for one in await database.fetch("SELECT number FROM pilot_device ORDER BY number")
    ]
    await fill(numbers)
    return sides, row


async def fill(numbers) -> None:
    for day in {moment(one[2]).date() for one in rows()}:
        await database.fetch("SELECT telemetry_day($1)", day)
    for device, code, at, boot, seq, value in rows():
        await database.fetch(
            "INSERT INTO reading VALUES ($1, $2, $3, $4, $5, $6)",
            numbers[device - 1], code, moment(at), boot, seq, value,
        )  # fmt: skip
    for place, (at, state) in enumerate(some_units()[0].status):
        await database.fetch(
            "INSERT INTO device_status VALUES ($1, $2, 1, $3, $4)",
            numbers[0], moment(at), place, state,
        )  # fmt: skip
    await database.fetch(
        "INSERT INTO device_ledger VALUES ($1, 1, 1, '{[0,1440)}', now(), now(), now())", numbers[0]
    )
