"""One physical unit of a pilot, with what FHIR says of it: its pilot, its maker, its label."""

from dataclasses import dataclass
from uuid import UUID

from telemetry_ingest.metrics import metrics
from telemetry_ingest.protocol import Protocol, Watched
from telemetry_ingest.states import PilotState

SENDING = frozenset({PilotState.AGREED, PilotState.RUNNING})


@dataclass(frozen=True)
class Unit:
    """A device of a pilot; empty text is « not said »."""

    id: UUID
    number: int
    serial: str
    firmware: str
    is_reference: bool
    is_revoked: bool
    pilot_id: UUID
    pilot_number: int
    state: PilotState
    protocol: Protocol
    site: str
    owner_id: UUID
    host_id: UUID
    host_name: str
    device_name: str
    manufacturer: str
    model: str  # the maker's reference of the model or of the variant
    emdn_code: str
    variant_name: str = ""
    udi_di: str = ""
    agency: str = ""

    @property
    def organisation_id(self) -> UUID:
        """Return the side that runs the pilot, for what asks about one organisation."""
        return self.host_id

    @property
    def is_active(self) -> bool:
        """Say whether it may send, now or once its pilot has started."""
        return self.state in SENDING and not self.is_revoked

    @property
    def watched(self) -> list[Watched]:
        """Return its metrics in the order of their codes."""
        return sorted(self.protocol.watched, key=lambda one: metrics()[one.metric].code)
