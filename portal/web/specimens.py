"""The component page: every part pages are made of, with made-up values, in both directions."""

from datetime import UTC, datetime
from typing import Any

from litestar import Request, get
from litestar.response import Template

from portal.web import charts
from portal.web.families import DRAWINGS, FAMILIES
from portal.web.guards import public
from portal.web.i18n import direction
from portal.web.i18n import gettext as _
from portal.web.page import page

# Short names of the regions as this page needs them; the real list is in the accounts package.
REGIONS = {
    "01": "Tanger", "02": "Oriental", "03": "Fès", "04": "Rabat", "05": "Béni Mellal",
    "06": "Casablanca", "07": "Marrakech", "08": "Drâa", "09": "Souss", "10": "Guelmim",
    "11": "Laâyoune", "12": "Dakhla",
}  # fmt: skip


@get("/components", name="components", guards=[public])
async def components(request: Request[Any, Any, Any]) -> Template:
    """Show every component; the texts of this page are examples."""
    return page(
        request,
        "about/components.html",
        title=_("Components"),
        lead=_("Every part our pages are made of. Values on this page are made up."),
        breadcrumbs=[(_("Components"), "")],
        other_direction="ltr" if direction() == "rtl" else "rtl",
        moments=[datetime(2026, 2, 4, 9, 30, tzinfo=UTC), datetime(2026, 3, 2, 14, 0, tzinfo=UTC)],
        drawings={name: letter for letter, name in reversed(FAMILIES.items()) if name in DRAWINGS},
        bars=charts.bar_chart(
            _("Devices by class"), [("I", 24), ("IIa", 18), ("IIb", 11), ("III", 4)]
        ),
        lines=charts.line_chart(
            _("Devices registered by month"),
            ["01", "02", "03", "04", "05", "06"],
            [
                charts.Series(_("Registered"), (4, 9, 7, None, 14, 18)),
                charts.Series(_("Published"), (0, 3, 6, 8, 9, 15)),
            ],
        ),
        regions=charts.region_map(
            _("Makers by region"),
            {"06": 14, "04": 9, "01": 6, "03": 3, "07": 2, "09": 1, "02": 0},
            REGIONS,
        ),
    )
