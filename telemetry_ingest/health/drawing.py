"""The charts of the last hour, made on the server, each with its table."""

from collections.abc import Sequence

from markupsafe import Markup

from portal.web.charts import Series, line_chart
from portal.web.i18n import CASABLANCA, number
from portal.web.i18n import gettext as _
from telemetry_ingest.health.trends import Stretch


def charts(past: Sequence[Stretch]) -> list[Markup]:
    """Return what came and was stored a second, and how late it was."""
    labels = [one.start.astimezone(CASABLANCA).strftime("%H:%M") for one in past]
    return [
        line_chart(
            _("Messages a second"),
            labels,
            [
                Series(_("Came"), tuple(one.came for one in past)),
                Series(_("Stored"), tuple(one.stored for one in past)),
            ],
            write=_short,
            description=_("Two lines that lie on each other mean that nothing is left waiting."),
        ),
        line_chart(
            _("Longest wait, in seconds"),
            labels,
            [Series(_("Longest wait, in seconds"), tuple(one.late_s for one in past))],
            write=_short,
            description=_("How long the oldest message had waited that was not stored yet."),
        ),
    ]


def _short(value: float) -> str:
    return number(round(value, 2 if value < 10 else 0 if value >= 100 else 1))
