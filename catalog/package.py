"""What the catalogue gives the portal."""

from pathlib import Path
from uuid import UUID

from catalog import search
from catalog.access import DEVICE_LIST_OWN, DEVICE_REVIEW
from catalog.actions.logos import show_logo
from catalog.api import description
from catalog.api import routes as api
from catalog.demo import ACCOUNTS, load_demo
from catalog.importers.jobs import CRONS, JOBS
from catalog.pages import (
    contents,
    deleting,
    device,
    imports,
    logos,
    moves,
    nomenclature,
    order,
    own,
    suppliers,
    udi,
)
from catalog.pages.recorded import AUDIT_DETAILS, AUDIT_SUBJECTS
from catalog.queries.lists import public_counts, public_numbers
from catalog.queries.waiting import waiting_devices
from catalog.recorded import EVENTS
from catalog.rules.names import handle
from catalog.search import DEVICE_INDEX, SUPPLIER_INDEX
from catalog.searching import api as search_api
from catalog.searching import pages as search_pages
from catalog.searching.groups import SEARCH_GROUPS
from portal.package import HomeCard, HomeNumber, NavigationItem, Package
from portal.permissions import PUBLIC
from portal.web.i18n import lazy


async def sitemap() -> list[str]:
    """Return the public pages of devices and the tree; references are too many and not ours."""
    devices = [
        f"/devices/{handle(number, name_fr, name_en, reference)}"
        for number, name_fr, name_en, reference in await public_numbers()
    ]
    return ["/devices", "/suppliers", "/nomenclature", "/udi", "/api-docs", *devices]


async def home_numbers() -> list[HomeNumber]:
    """Return how much there is to find."""
    counts = await public_counts()
    return [
        HomeNumber(
            lazy("devices made in Morocco"),
            counts["moroccan"],
            "catalog.devices",
            query="origin=morocco",
            order=10,
        ),
        HomeNumber(lazy("verified suppliers"), counts["suppliers"], "catalog.suppliers", order=20),
        HomeNumber(
            lazy("foreign reference devices, to compare"),
            counts["reference"],
            "catalog.devices",
            query="origin=foreign",
            order=30,
        ),
    ]


async def organisation_changed(organisation_id: UUID) -> None:
    """Follow an organisation that was verified, suspended or renamed."""
    await search.organisation_changed(organisation_id)
    await show_logo(organisation_id)


NAVIGATION = (
    NavigationItem(lazy("Devices"), "catalog.devices", PUBLIC, order=10),
    NavigationItem(lazy("Suppliers"), "catalog.suppliers", PUBLIC, order=20),
    NavigationItem(lazy("Nomenclature"), "catalog.nomenclature", PUBLIC, order=30),
    NavigationItem(lazy("Look up a UDI"), "catalog.udi", PUBLIC, order=40),
    NavigationItem(lazy("My devices"), "catalog.own", DEVICE_LIST_OWN, place="account", order=20),
    NavigationItem(
        lazy("Devices to review"), "catalog.review", DEVICE_REVIEW, place="account", order=25
    ),
    NavigationItem(
        lazy("Data for programs (API)"), "catalog.api_docs", PUBLIC, place="footer", order=60
    ),
)

HOME_CARDS = (
    HomeCard(
        "buyer",
        lazy("Find and compare devices"),
        lazy("Search in French, Arabic or English, by words, by family or by any identifier."),
        "catalog.devices",
        icon="package-search",
        order=10,
    ),
    HomeCard(
        "buyer",
        lazy("Scan a label"),
        lazy("A UDI tells which device it is, its lot, its serial number and its dates."),
        "catalog.udi",
        icon="scan-barcode",
        order=20,
    ),
    HomeCard(
        "manufacturer",
        lazy("Register a device"),
        lazy("Ten short pages, saved as you go. A verifier reviews it, then everybody finds it."),
        "catalog.register",
        icon="plus",
        order=10,
    ),
    HomeCard(
        "manufacturer",
        lazy("My devices"),
        lazy("What is missing in each record, what waits for review, what is public."),
        "catalog.own",
        icon="list",
        order=20,
    ),
    HomeCard(
        "authority",
        lazy("Review devices"),
        lazy("Publish a record, or send it back with the reasons."),
        "catalog.review",
        icon="clipboard-check",
        order=20,
    ),
    HomeCard(
        "public",
        lazy("Walk through the families of devices"),
        lazy("The European nomenclature (EMDN) as a tree, with how many devices there are."),
        "catalog.nomenclature",
        icon="layout-grid",
        order=20,
    ),
)

PACKAGE = Package(
    name="catalog",
    folder=Path(__file__).parent,
    pages=(
        search_pages.devices,
        search_pages.suppliers,
        own.own_devices,
        own.new_device,
        own.start_device,
        own.show_step,
        own.save,
        contents.new_variant,
        contents.add_variant,
        contents.show_variant,
        contents.change_variant,
        contents.remove_variant,
        contents.save_attributes,
        contents.add_photo,
        contents.add_document,
        contents.remove_file,
        order.place_photo,
        order.place_variant,
        deleting.ask_delete,
        deleting.delete,
        moves.ask_move,
        moves.do_move,
        moves.review,
        device.device_page,
        suppliers.supplier_page,
        suppliers.edit_profile,
        suppliers.keep_profile,
        logos.set_up,
        logos.take_away,
        logos.preview,
        nomenclature.top,
        nomenclature.terms,
        nomenclature.place,
        udi.udi_page,
        description.api_docs,
        *imports.PAGES,
    ),
    events=EVENTS,
    audit_subjects=AUDIT_SUBJECTS,
    audit_details=AUDIT_DETAILS,
    controllers=(
        search_api.devices,
        search_api.suppliers,
        api.device,
        api.supplier,
        api.udi,
        api.categories,
        api.term,
        description.openapi,
    ),
    jobs=JOBS,
    crons=CRONS,
    indexes=(DEVICE_INDEX, SUPPLIER_INDEX),
    search_groups=SEARCH_GROUPS,
    organisation_changed=organisation_changed,
    navigation=NAVIGATION,
    home_cards=HOME_CARDS,
    waiting=waiting_devices,
    home_numbers=home_numbers,
    sitemap=sitemap,
    demo=load_demo,
    demo_accounts=ACCOUNTS,
)
