"""What the catalogue gives the portal."""

from pathlib import Path

from catalog.demo import ACCOUNTS, load_demo
from catalog.importers.commands import COMMANDS
from catalog.search import DEVICE_INDEX, SUPPLIER_INDEX, organisation_changed
from catalog.searching import api as search_api
from catalog.searching import pages as search_pages
from portal.package import Package

PACKAGE = Package(
    name="catalog",
    folder=Path(__file__).parent,
    pages=(search_pages.devices, search_pages.suppliers),
    controllers=(search_api.devices, search_api.suppliers),
    indexes=(DEVICE_INDEX, SUPPLIER_INDEX),
    organisation_changed=organisation_changed,
    commands=COMMANDS,
    demo=load_demo,
    demo_accounts=ACCOUNTS,
)
