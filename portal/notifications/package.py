"""What notifications give the portal."""

from pathlib import Path

from portal.notifications.cli import mail
from portal.notifications.jobs import CRONS, JOBS
from portal.notifications.pages import notices, read_notices, show_letter, show_mailbox
from portal.package import NavigationItem, Package
from portal.permissions import SIGNED_IN
from portal.web.i18n import lazy

PACKAGE = Package(
    name="portal.notifications",
    folder=Path(__file__).parent,
    pages=(notices, read_notices, show_mailbox, show_letter),
    jobs=JOBS,
    crons=CRONS,
    commands=(mail,),
    navigation=(
        NavigationItem(
            lazy("Your notices"), "notifications.list", SIGNED_IN, place="account", order=20
        ),
    ),
)
