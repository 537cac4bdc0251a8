"""Why a message is not stored. Pure."""

from telemetry_ingest.states import Refusal


class Refused(Exception):
    """A message is not stored; ``field`` names the place, never the value."""

    def __init__(self, reason: Refusal, field: str = "") -> None:
        super().__init__(reason, field)
        self.reason = reason
        self.field = field
