"""Telling the other side of a pilot what happened, by mail and in the portal."""

from enum import StrEnum
from uuid import UUID

from portal.accounts.queries.people import admins_of
from portal.notifications.actions import inform, notify
from portal.web.i18n import lazy
from telemetry_ingest.queries.pilots import PilotView


class Told(StrEnum):
    """What the other side of a pilot is told."""

    PROPOSED = "proposed"
    CHANGED = "changed"
    ONE_AGREED = "one_agreed"
    AGREED = "agreed"
    START = "start"
    CLOSE = "close"
    WITHDRAW = "withdraw"
    EVIDENCE = "evidence"
    REVOKED = "revoked"


MESSAGES = {
    Told.PROPOSED: lazy("A pilot is proposed to you: %(pilot)s"),
    Told.CHANGED: lazy("The protocol of a pilot was changed, agree again: %(pilot)s"),
    Told.ONE_AGREED: lazy("The other side has agreed to a pilot: %(pilot)s"),
    Told.AGREED: lazy("Both sides have agreed to a pilot: %(pilot)s"),
    Told.START: lazy("A pilot has started: %(pilot)s"),
    Told.CLOSE: lazy("A pilot was closed: %(pilot)s"),
    Told.WITHDRAW: lazy("A pilot was withdrawn: %(pilot)s"),
    Told.EVIDENCE: lazy("The evidence of a pilot was made: %(pilot)s"),
    Told.REVOKED: lazy("The token of a device was revoked: %(pilot)s"),
}


async def tell(one: PilotView, what: Told, *, by: UUID, reason: str = "") -> None:
    """Tell those who look after the side of a pilot that did not do it itself."""
    title = one.protocol.title
    for target in await admins_of(one.other_side(by)):
        await inform(
            target.id,
            MESSAGES[what],
            route="pilots.one",
            path_values={"pilot_id": one.id},
            pilot=title,
        )
        await notify(
            target.email,
            template="pilots/mail/pilot",
            language=target.language,
            what=what.value,
            pilot=title,
            site=one.site,
            reason=reason,
            path=f"pilots/{one.id}",
        )
