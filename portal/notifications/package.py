"""What notifications give the portal."""

from pathlib import Path

from portal.notifications.actions import erase_messages
from portal.notifications.jobs import CRONS, JOBS
from portal.notifications.labels import CODED, LABELS
from portal.notifications.pages import notices, read_notices, show_letter, show_mailbox
from portal.notifications.queries import messages_of, unread_count
from portal.package import NavigationItem, Package, PersonalData
from portal.permissions import SIGNED_IN
from portal.web.i18n import lazy

PACKAGE = Package(
    name="portal.notifications",
    folder=Path(__file__).parent,
    pages=(notices, read_notices, show_mailbox, show_letter),
    jobs=JOBS,
    crons=CRONS,
    personal_data=(
        PersonalData(
            purpose=lazy(
                "Messages: telling people by e-mail and in the portal what concerns them."
            ),
            lawful_basis=lazy("The use of the account that the person asked for."),
            categories=lazy("E-mail address, language, kind of message, moment of sending."),
            retention=lazy(
                "What a message says is deleted once it is sent, "
                "that it was sent after thirty days."
            ),
            export=messages_of,
            labels=LABELS,
            coded=CODED,
            erase=erase_messages,
        ),
    ),
    navigation=(
        NavigationItem(
            lazy("Your notices"),
            "notifications.list",
            SIGNED_IN,
            place="account",
            order=20,
            waiting=unread_count,
        ),
    ),
)
