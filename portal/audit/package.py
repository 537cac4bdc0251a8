"""What audit gives the portal."""

from pathlib import Path

from portal.audit.access import SEE
from portal.audit.cli import audit
from portal.audit.jobs import CRONS
from portal.audit.pages import FILTERS, export, trail, verification, verifier_program
from portal.package import NavigationItem, Package
from portal.permissions import PUBLIC
from portal.web.i18n import lazy

PACKAGE = Package(
    name="portal.audit",
    folder=Path(__file__).parent,
    pages=(trail, export, verification),
    controllers=(verifier_program,),
    crons=CRONS,
    commands=(audit,),
    filters=FILTERS,
    navigation=(
        NavigationItem(lazy("Audit trail"), "audit.trail", SEE, place="account", order=80),
        NavigationItem(
            lazy("Verify the audit"), "audit.verification", PUBLIC, place="footer", order=60
        ),
    ),
)
