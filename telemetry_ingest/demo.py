"""The demonstration's pilot: a fictional oximeter in a fictional hospital, agreed and running."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from catalog.demo.reading import demo_id, devices
from catalog.demo.rows import device_id
from portal import database
from portal.audit.actions import record
from portal.permissions import SYSTEM
from telemetry_ingest.protocol import Measure, Protocol, Threshold, Watched, digest, written
from telemetry_ingest.states import Move

PILOT = demo_id("pilot", "oximeter")
UNIT = demo_id("pilot_device", "oximeter-1")
REFERENCE = "TM-OX2"
LASTS = timedelta(days=60)

INSERT = """
INSERT INTO pilot (id, device, owner, host, site, state, protocol, protocol_digest, starts_at,
  ends_at, version, owner_agreed_at, host_agreed_at, created_at, started_at)
SELECT $1, d.id, d.organisation_id, h.id, $4, 'running', $5, $6, $7, $8, 4, $7, $7, $7, $7
FROM device_model d, organisation h WHERE d.id = $2 AND h.id = $3
ON CONFLICT DO NOTHING RETURNING owner, host
"""


def protocol(starts_at: datetime) -> Protocol:
    """Return what both fictional sides agreed to."""
    return Protocol(
        title="Oxymètre TM-OX2 en réanimation (fictif)",
        purpose="Savoir si l'oxymètre reste disponible et complet jour et nuit. Tout est fictif.",
        starts_at=starts_at,
        ends_at=starts_at + LASTS,
        watched=(
            Watched(metric="MDC_PULS_OXIM_SAT_O2", low=50, high=100, every_s=1),
            Watched(metric="MDC_PULS_OXIM_PULS_RATE", low=20, high=250, every_s=1),
        ),
        thresholds=(
            Threshold(measure=Measure.AVAILABILITY, limit="0.95"),
            Threshold(measure=Measure.COMPLETENESS, limit="0.9"),
        ),
    )


async def load_demo() -> None:
    """Load the pilot if it is not there; its device has no token until somebody gives it one."""
    starts_at = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    agreed = protocol(starts_at)
    shown = next(one for one in devices() if one.reference == REFERENCE)
    async with database.transaction():
        rows = await database.fetch(
            INSERT, PILOT, device_id(shown), demo_id("organisation", "orangers"), "Réanimation",
            written(agreed).decode(), digest(agreed), starts_at, agreed.ends_at,
        )  # fmt: skip
        if rows:
            await _with_its_life(rows[0]["owner"], rows[0]["host"], starts_at)


async def _with_its_life(owner: UUID, host: UUID, at: datetime) -> None:
    for place, (move, side) in enumerate(
        ((Move.AGREE, owner), (Move.AGREE, host), (Move.START, host))
    ):
        await database.fetch(
            "INSERT INTO pilot_move (id, pilot, move, reason, organisation_id, actor, at)"
            " VALUES ($1, $2, $3, '', $4, $5, $6)",
            demo_id("pilot_move", str(place)), PILOT, move.value, side, SYSTEM.label,
            at + timedelta(minutes=place),
        )  # fmt: skip
    await database.fetch(
        "INSERT INTO pilot_device (id, pilot, serial, firmware, is_reference, token_number,"
        " created_at) VALUES ($1, $2, 'DEMO-OX2-001', '1.0', false, 0, $3)",
        UNIT, PILOT, at,
    )  # fmt: skip
    await record(
        "pilot.proposed",
        subject=("pilot", PILOT),
        actor=SYSTEM,
        organisation_id=UUID(int=owner.int),
        fictional=True,
    )
