"""Where simulated devices get their credentials: a file, or the demonstration's running pilot."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from portal import database
from portal.permissions import SYSTEM
from portal.settings import get_settings
from portal.web.i18n import gettext as _
from portal.web.i18n import language
from telemetry_ingest.actions.devices import Issued, Unit, enrol, rotate
from telemetry_ingest.broker.tokens import credentials
from telemetry_ingest.errors import TooManyDevices
from telemetry_ingest.queries.pilots import pilot
from telemetry_ingest.simulate.delivering import Credentials
from telemetry_ingest.states import PilotState

# Only what is marked fictional: a simulation must never mix with a real pilot.
PILOT = """
    SELECT pilot.id, pilot.state FROM pilot
    JOIN organisation host ON host.id = pilot.host JOIN organisation owner ON owner.id = pilot.owner
    WHERE host.fictional AND owner.fictional
    ORDER BY pilot.state <> 'running', pilot.state <> 'agreed', pilot.number LIMIT 1
"""
KNOWN = "SELECT id, token_number FROM pilot_device WHERE pilot = $1 AND serial = $2"


# A connection that began within a second of the renewal is taken for one with the old token.
SETTLED_S = 1.2


@dataclass(frozen=True)
class Fleet:
    """Devices that may send, and the metrics that their protocol lists; none when it is unknown."""

    credentials: Sequence[Credentials]
    metrics: frozenset[str] = frozenset()


class NothingToSimulate(Exception):
    """There is no pilot to send to, or no credentials."""


async def enrolled(count: int) -> Fleet:
    """Enrol so many devices in the demonstration's pilot; those of last time get a new token.

    Raises:
        NothingToSimulate: no fictional pilot runs, or it has no room for so many.
    """
    rows = await database.fetch(PILOT)
    if not rows:
        raise NothingToSimulate(
            _(
                "There is no pilot of fictional organisations. « make run » brings one; or give "
                "the credentials of devices that you enrolled: --credentials FILE."
            )
        )
    if rows[0]["state"] != PilotState.RUNNING:
        raise NothingToSimulate(
            _(
                "No pilot of fictional organisations runs. Start one on its page, %(page)s, or "
                "give the credentials of devices that you enrolled: --credentials FILE.",
                page=f"{get_settings().base_url}/{language.get()}/pilots/{rows[0]['id']}",
            )
        )
    one = await pilot(UUID(int=rows[0]["id"].int))
    assert one is not None
    try:
        found = [await _one(one.id, f"SIM-{number + 1:04}") for number in range(count)]
    except TooManyDevices as error:
        raise NothingToSimulate(error.text()) from None
    await asyncio.sleep(SETTLED_S)
    return Fleet(found, frozenset(each.metric for each in one.protocol.watched))


async def _one(pilot_id: UUID, serial: str) -> Credentials:
    known = await database.fetch(KNOWN, pilot_id, serial)
    if known:
        number = known[0]["token_number"]
        issued: Issued = await rotate(known[0]["id"], token_number=number, actor=SYSTEM)
    else:
        issued = await enrol(pilot_id, Unit(serial, firmware="simulated"), actor=SYSTEM)
    return Credentials(issued.device_id.hex, issued.token)


def read(path: Path) -> Fleet:
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
            raise NothingToSimulate(
                _(
                    "%(file)s, line %(line)s: write <device>.<token>, as enrolled.",
                    file=path, line=number,
                )
            )  # fmt: skip
        found.append(Credentials(device, token))
    if not found:
        raise NothingToSimulate(_("%(file)s holds no credentials.", file=path))
    return Fleet(found)
