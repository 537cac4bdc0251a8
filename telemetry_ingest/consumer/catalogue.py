"""What is known of the devices, read again every few seconds and before anything is refused."""

import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from telemetry_ingest import protocol
from telemetry_ingest.consumer import statements
from telemetry_ingest.consumer.checking import Known, micros
from telemetry_ingest.protocol import ProtocolRefused
from telemetry_ingest.states import PilotState

log = logging.getLogger(__name__)

Fetch = Callable[..., Awaitable[list[Any]]]
FRESH_S = 5.0


class Catalogue:
    """The devices of all pilots, or of one; several tasks may ask it."""

    def __init__(self, *, fresh_s: float = FRESH_S, pilot: UUID | None = None) -> None:
        self._fresh_s = fresh_s
        self._pilot = pilot
        self._devices: dict[UUID, Known] = {}
        self._codes: dict[str, frozenset[int]] = {}
        self._read_s = float("-inf")
        self.read_us = -1  # the database's clock is not asked: ours, a little earlier

    def get(self, device: UUID) -> Known | None:
        """Return what is known of a device."""
        return self._devices.get(device)

    @property
    def stale(self) -> bool:
        """Say whether it is time to read again."""
        return time.monotonic() - self._read_s > self._fresh_s

    async def read(self, fetch: Fetch) -> None:
        """Read all devices; protocols only once each, for they do not change."""
        begun_s, begun_us = time.monotonic(), time.time_ns() // 1000
        rows = await fetch(statements.DEVICES, self._pilot)
        unread = sorted({row["protocol_digest"] for row in rows} - self._codes.keys())
        if unread:
            for row in await fetch(statements.PROTOCOLS, unread):
                self._codes[row["protocol_digest"]] = codes_of(row["protocol"])
        self._devices = {row["id"]: self._known(row) for row in rows}
        self._read_s, self.read_us = begun_s, begun_us

    def _known(self, row: Any) -> Known:
        return Known(
            id=row["id"],
            number=row["number"],
            state=PilotState(row["state"]),
            codes=self._codes.get(row["protocol_digest"], frozenset()),
            starts_us=micros(row["starts_at"]),
            closed_us=micros(row["closed_at"]) if row["closed_at"] else None,
        )


def codes_of(content: str) -> frozenset[int]:
    """Return the metrics a protocol allows; none when it cannot be read."""
    try:
        return protocol.read(content).codes
    except ProtocolRefused:
        log.exception("A protocol in the database cannot be read.")
        return frozenset()
