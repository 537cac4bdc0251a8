"""Looking a device up by its UDI, scanned or pasted."""

from dataclasses import dataclass
from typing import Annotated, Any

from litestar import Request, get
from litestar.params import QueryParameter
from litestar.response import Template

from catalog import labels
from catalog.pages.facts import coded, day
from catalog.queries.udi import Match, devices_with
from catalog.rules.udi import NotAUdi, Trouble, Udi, read_udi
from portal.web.guards import public
from portal.web.i18n import gettext as _
from portal.web.i18n import lazy
from portal.web.page import page

WHY: dict[str, str] = {
    Trouble.FORM: lazy(
        "This is not a UDI we can read. Scan the code again, or copy it with its brackets, such "
        "as (01)06111234567895(17)270101(10)LOT1. A bare GTIN of 8 to 14 digits works too."
    ),
    Trouble.NO_DEVICE: lazy(
        "This code has no device identifier, only the part about one item. On a GS1 label the "
        "device identifier follows (01); scan the other code of the label as well."
    ),
}


@dataclass(frozen=True)
class Looked:
    """What came of a look-up: a UDI taken apart and the devices it names, or why not."""

    typed: str
    udi: Udi | None = None
    matches: tuple[Match, ...] = ()
    trouble: str = ""


async def look_up(typed: str) -> Looked:
    """Read a code and find its devices; nothing typed is nothing asked."""
    try:
        udi = read_udi(typed)
    except NotAUdi as refused:
        return Looked(typed, trouble=refused.trouble)
    return Looked(typed, udi, tuple(await devices_with(udi.di)))


def item_rows(udi: Udi) -> list[tuple[str, str]]:
    """Return what the code says about one item, with dates as written beside them."""
    pi = udi.pi
    rows = [
        (_("Lot"), coded(pi.lot)),
        (_("Serial number"), coded(pi.serial)),
        (_("Expires on"), _dated(day(pi.expires_on), pi.expires_as_written)),
        (_("Made on"), _dated(day(pi.made_on), pi.made_as_written)),
        (_("Donation"), coded(pi.donation)),
    ]
    return [row for row in rows if row[1]]


def _dated(words: str, written: str) -> str:
    if not written:
        return ""
    return _("%(day)s (written %(written)s)", day=words or "?", written=written)


@get("/udi", name="catalog.udi", guards=[public])
async def udi_page(
    request: Request[Any, Any, Any],
    code: Annotated[str, QueryParameter(name="code", max_length=400)] = "",
) -> Template:
    """Show which device a code stands for, or say clearly why not."""
    found = await look_up(code)
    return page(
        request,
        "catalog/udi/show.html",
        part="catalog/udi/_answer.html",
        title=_("Look up a UDI"),
        lead=_("Scan or paste the code of a label: we say which device it is and what it tells."),
        breadcrumbs=[(_("Look up a UDI"), "")],
        looked=found,
        why=_(WHY.get(found.trouble, "")),
        items=item_rows(found.udi) if found.udi else [],
        labels=labels,
    )
