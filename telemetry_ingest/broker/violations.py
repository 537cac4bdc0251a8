"""Counting what devices tried and may not, from the broker's log.

A publish to a forbidden subject is acknowledged and thrown away: the device believes that it was
stored. The broker says it nowhere but in its log, so we read that, and the pilot's page shows it.
"""

import asyncio
import logging
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from nats.aio.client import Client

from telemetry_ingest.actions.violations import count_violations, reading_from
from telemetry_ingest.broker.disconnecting import connections

log = logging.getLogger(__name__)

EVERY_S = 2.0
MOST_AT_ONCE = 1 << 20
LOGS = "nats*.log"
# What a client calls itself is quoted by the broker, so that it cannot write lines of its own.
_VIOLATION = re.compile(
    r"\[\d+\] \S+ \S+ \[ERR\] \S+ - mid:(?P<connection>\d+)"
    r' - "(?P<client>(?:[^"\\]|\\.)*)" - (?P<what>Publish|Subscription) Violation - Subject "'
)
_DEVICE = re.compile("[0-9a-f]{32}")
FIELDS = {"Publish": "publish", "Subscription": "subscribe"}


@dataclass(frozen=True)
class Violation:
    """Somebody tried what they may not; ``client`` is what the session calls itself."""

    connection: int
    client: str
    field: str

    @property
    def device(self) -> UUID | None:
        """Return the device, if the name of the session says it."""
        found = _DEVICE.match(self.client)
        return UUID(hex=found[0]) if found else None


def violation(line: str) -> Violation | None:
    """Read a line of the log."""
    found = _VIOLATION.match(line)
    if found is None:
        return None
    return Violation(int(found["connection"]), found["client"], FIELDS[found["what"]])


async def keep_counting(system: Client, folder: Path) -> None:
    """Count for ever."""
    while True:
        try:
            while await count_once(system, folder):
                pass
        except Exception:  # the database is away: what the log says stays there
            log.exception("The broker's log could not be counted.")
        await asyncio.sleep(EVERY_S)


async def count_once(system: Client, folder: Path) -> bool:
    """Count a portion of each log and say whether there is more; once only, whoever else does."""
    return any([await _count(system, file) for file in sorted(folder.glob(LOGS))])


async def _count(system: Client, file: Path) -> bool:
    async with reading_from(str(file.absolute())) as place:
        if place is None:  # another process is at it
            return False
        content, place.inode, place.read_to = await asyncio.to_thread(
            _portion, file, place.inode, place.read_to
        )
        found = Counter[tuple[UUID, str]]()
        for line in content.decode(errors="replace").splitlines():
            one = violation(line)
            device = await _device_of(system, one) if one else None
            if one and device:
                found[device, one.field] += 1
        await count_violations(found)
    return len(content) >= MOST_AT_ONCE // 2


def _portion(file: Path, inode: int, read_to: int) -> tuple[bytes, int, int]:
    """Return whole lines and where we are then; a renamed log is finished first."""
    present = file.stat()
    source = file if present.st_ino == inode else _renamed(file, inode, read_to)
    if source is None or (present.st_ino == inode and present.st_size < read_to):
        source, inode, read_to = file, present.st_ino, 0
    with source.open("rb") as opened:
        opened.seek(read_to)
        content = opened.read(MOST_AT_ONCE)
    whole = content[: content.rfind(b"\n") + 1]
    if not whole and len(content) == MOST_AT_ONCE:  # no line of the broker's is that long
        whole = content
    return whole, inode, read_to + len(whole)


def _renamed(file: Path, inode: int, read_to: int) -> Path | None:
    """Return the older log we were reading, if there is more in it."""
    for older in file.parent.glob(f"{file.name}.*"):
        at = older.stat()
        if at.st_ino == inode and at.st_size > read_to:
            return older
    return None


async def _device_of(system: Client, one: Violation) -> UUID | None:
    if one.device is not None:
        return one.device
    wish = {"cid": one.connection, "auth": True, "state": 2}  # also those that have ended
    for each in await connections(system, wish):
        user = str(each.get("authorized_user", ""))
        if each.get("mqtt_client") == one.client and _DEVICE.fullmatch(user):
            return UUID(hex=user)
    return None
