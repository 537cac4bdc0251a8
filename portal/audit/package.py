"""What audit gives the portal."""

from pathlib import Path

from portal.audit.access import SEE
from portal.audit.jobs import CRONS
from portal.audit.labels import LABELS
from portal.audit.pages import FILTERS, export, trail, verification, verifier_program
from portal.audit.queries import actions_of
from portal.package import NavigationItem, Package, PersonalData
from portal.permissions import PUBLIC
from portal.web.i18n import lazy

PACKAGE = Package(
    name="portal.audit",
    folder=Path(__file__).parent,
    pages=(trail, export, verification),
    controllers=(verifier_program,),
    crons=CRONS,
    filters=FILTERS,
    personal_data=(
        PersonalData(
            purpose=lazy("Audit: proving who did what, and when."),
            lawful_basis=lazy("The legitimate interest in accountable public purchasing."),
            categories=lazy("The id of the person who acted, the action, its moment; no names."),
            retention=lazy(
                "As long as the chain of records is kept. Once an account is erased, its id names "
                "nobody."
            ),
            export=actions_of,
            labels=LABELS,
        ),
    ),
    navigation=(
        NavigationItem(lazy("Audit trail"), "audit.trail", SEE, place="account", order=80),
        NavigationItem(
            lazy("Verify the audit"), "audit.verification", PUBLIC, place="footer", order=60
        ),
    ),
)
