"""Where a page stands: breadcrumbs, and the names of countries in the reader's language."""

from typing import Any

from litestar import Request

from catalog.access import DEVICE_REGISTER, DEVICE_REVIEW
from catalog.rules.countries import OFFERED
from portal.permissions import may
from portal.search.folding import fold
from portal.web.guards import actor_of
from portal.web.i18n import gettext as _
from portal.web.i18n import locale
from portal.web.page import url

Crumbs = list[tuple[str, str]]


def under_devices(request: Request[Any, Any, Any], *last: tuple[str, str]) -> Crumbs:
    """Return the way to a page below the list of devices."""
    if request.app.get_handler_index_by_name("catalog.devices") is None:
        return list(last)
    return [(_("Devices"), url(request, "catalog.devices")), *last]


def under_own(request: Request[Any, Any, Any], *last: tuple[str, str]) -> Crumbs:
    """Return the way to a page below « my devices », or below the queue of a verifier."""
    if not may(actor_of(request), DEVICE_REGISTER) and may(actor_of(request), DEVICE_REVIEW):
        return [(_("Devices to review"), url(request, "catalog.review")), *last]
    return [(_("My devices"), url(request, "catalog.own")), *last]


def countries(*, but: str = "") -> list[tuple[str, str]]:
    """Return code and name of every country of ISO 3166-1, by name in the reader's language.

    They stand in the order a reader looks them up in: « Égypte » beside « Emirats », not behind Z.
    """
    known = [(code, country_name(code)) for code in OFFERED if code != but]
    return sorted(known, key=lambda pair: fold(pair[1]))


def country_name(code: str) -> str:
    """Return the name of a country in the language of the reader; the code when unknown."""
    return str(locale().territories.get(code, code))
