"""How devices and suppliers stand on the page that searches everything."""

from catalog.search import DEVICE_INDEX, SUPPLIER_INDEX
from catalog.searching.shown import device_card, supplier_card
from portal.package import SearchGroup, SearchLine
from portal.search.index import Hit
from portal.web.i18n import lazy


def device_line(hit: Hit) -> SearchLine:
    """Return a device as one line."""
    card = device_card(hit)
    facts = (card.maker, card.reference, card.emdn_name)
    return SearchLine(card.name, " · ".join(one for one in facts if one), f"/devices/{card.handle}")


def supplier_line(hit: Hit) -> SearchLine:
    """Return a supplier as one line."""
    card = supplier_card(hit)
    facts = (card.kind_words, card.region_words)
    return SearchLine(card.name, " · ".join(one for one in facts if one), f"/suppliers/{card.id}")


SEARCH_GROUPS = (
    SearchGroup(DEVICE_INDEX, lazy("Devices"), "catalog.devices", device_line, order=10),
    SearchGroup(SUPPLIER_INDEX, lazy("Suppliers"), "catalog.suppliers", supplier_line, order=20),
)
