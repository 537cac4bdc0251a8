"""What the simulation says while it runs and in the end, in the present language. Pure."""

from portal.web.i18n import gettext as _
from portal.web.i18n import number
from telemetry_ingest.simulate.delivering import Tally
from telemetry_ingest.states import Topic


def progress(tally: Tally) -> str:
    """Return one line about how it goes."""
    line = _(
        "acknowledged: %(messages)s messages, %(readings)s readings · second copies: %(again)s · "
        "refused: %(refused)s · troubles: %(troubles)s",
        messages=number(tally.total),
        readings=number(tally.readings),
        again=number(tally.again),
        refused=number(tally.refused),
        troubles=number(tally.troubles),
    )
    return f"{line} ({trouble(tally)})" if tally.last else line


def trouble(tally: Tally) -> str:
    """Return what went wrong last."""
    return _(tally.last.message, **tally.last.values) if tally.last else ""


def summary(tally: Tally) -> list[str]:
    """Return what was sent and what became of it."""
    lines = [
        _(
            "Acknowledged: %(readings)s readings in %(messages)s messages",
            readings=number(tally.readings),
            messages=number(tally.messages[Topic.READINGS]),
        ),
        _("Conditions: %(count)s", count=number(tally.messages[Topic.STATUS])),
        _("Beginnings and ends of alarms: %(count)s", count=number(tally.messages[Topic.ALARMS])),
        _("Second copies, which are stored once: %(count)s", count=number(tally.again)),
        _("Readings left out on purpose: %(count)s", count=number(tally.lost)),
        _("Lines broken on purpose: %(count)s", count=number(tally.breaks)),
        _("Refused for good: %(count)s", count=number(tally.refused)),
        _("Troubles: %(count)s", count=number(tally.troubles))
        + (f" ({trouble(tally)})" if tally.last else ""),
    ]
    return [
        *lines,
        _(
            "Acknowledged is what the broker keeps; what does not fit the protocol is counted with "
            "its reason on the pilot's page."
        ),
    ]
