"""What a reader of the trail may ask for, as it stands in the address."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from pydantic import BaseModel, Field

from portal.audit.queries import Sought
from portal.web.i18n import CASABLANCA


class TrailForm(BaseModel):
    """The filters, and from which record the page starts."""

    event: str = Field(default="", max_length=80)
    organisation: UUID | None = None
    kind: str = Field(default="", max_length=40)
    subject: str = Field(default="", max_length=80)
    actor: str = Field(default="", max_length=36)
    since: date | None = None
    until: date | None = None
    before: int | None = Field(default=None, ge=0, lt=2**62)
    after: int | None = Field(default=None, ge=0, lt=2**62)

    def sought(self, readable: tuple[UUID, ...] | None) -> Sought:
        """Return the part of the trail that is asked for and may be read."""
        wanted = readable
        if self.organisation is not None:
            may = readable is None or self.organisation in readable
            wanted = (self.organisation,) if may else ()
        return Sought(
            organisations=wanted,
            event=self.event,
            subject_kind=self.kind,
            subject_id=self.subject,
            actor=self.actor,
            since=_midnight(self.since) if self.since else None,
            until=_midnight(self.until + timedelta(days=1)) if self.until else None,
        )


def _midnight(day: date) -> datetime:
    """Return when a day begins in Casablanca."""
    return datetime.combine(day, time(), CASABLANCA).astimezone(UTC)
