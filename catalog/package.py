"""What the catalogue gives the portal."""

from pathlib import Path

from catalog.demo import ACCOUNTS, load_demo
from catalog.importers.commands import COMMANDS
from portal.package import Package

PACKAGE = Package(
    name="catalog",
    folder=Path(__file__).parent,
    commands=COMMANDS,
    demo=load_demo,
    demo_accounts=ACCOUNTS,
)
