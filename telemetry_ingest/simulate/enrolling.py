"""Where simulated devices get their credentials: a file, or the demonstration's running pilot."""

from pathlib import Path
from uuid import UUID

from portal import database
from portal.permissions import SYSTEM
from telemetry_ingest.actions.devices import Issued, Unit, enrol, rotate
from telemetry_ingest.broker.tokens import credentials
from telemetry_ingest.simulate.delivering import Credentials

# Only what is marked fictional: a simulation must never mix with a real pilot.
PILOT = """
    SELECT pilot.id FROM pilot
    JOIN organisation host ON host.id = pilot.host JOIN organisation owner ON owner.id = pilot.owner
    WHERE pilot.state = 'running' AND host.fictional AND owner.fictional
    ORDER BY pilot.number LIMIT 1
"""
KNOWN = "SELECT id, token_number FROM pilot_device WHERE pilot = $1 AND serial = $2"


class NothingToSimulate(Exception):
    """There is no pilot to send to, or no credentials."""


async def enrolled(count: int) -> list[Credentials]:
    """Enrol so many devices in the demonstration's pilot; those of last time get a new token.

    Raises:
        NothingToSimulate: no fictional pilot runs.
    """
    rows = await database.fetch(PILOT)
    if not rows:
        raise NothingToSimulate(
            "No pilot of fictional organisations runs. Start one in the portal (« make run » "
            "brings one), or give a file of credentials: --credentials FILE."
        )
    return [await _one(rows[0]["id"], f"SIM-{number + 1:04}") for number in range(count)]


async def _one(pilot_id: UUID, serial: str) -> Credentials:
    known = await database.fetch(KNOWN, pilot_id, serial)
    if known:
        number = known[0]["token_number"]
        issued: Issued = await rotate(known[0]["id"], token_number=number, actor=SYSTEM)
    else:
        issued = await enrol(pilot_id, Unit(serial, firmware="simulated"), actor=SYSTEM)
    return Credentials(issued.device_id.hex, issued.token)


def read(path: Path) -> list[Credentials]:
    """Read credentials from a file, one ``device.token`` a line.

    Raises:
        NothingToSimulate: a line is none, or there is no line.
    """
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        device, _dot, token = line.strip().partition(".")
        if credentials(device, token) is None:
            raise NothingToSimulate(f"{path}, line {number}: write <device>.<token>, as enrolled.")
        found.append(Credentials(device, token))
    if not found:
        raise NothingToSimulate(f"{path} holds no credentials.")
    return found
