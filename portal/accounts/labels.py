"""What the personal data of accounts are called, for the page that shows them."""

from portal.accounts.naming import ROLES
from portal.web.i18n import LANGUAGE_NAMES, lazy

LABELS: dict[str, str] = {
    "person": lazy("Account"),
    "memberships": lazy("Memberships"),
    "invitations": lazy("Invitations"),
    "email_changes": lazy("Changes of e-mail address"),
    "sessions": lazy("Sessions"),
    "email": lazy("E-mail address"),
    "name": lazy("Name"),
    "language": lazy("Language"),
    "created_at": lazy("Created on"),
    "email_confirmed_at": lazy("Address confirmed on"),
    "signed_in_at": lazy("Last signed in on"),
    "second_factor": lazy("Second factor"),
    "organisation": lazy("Organisation"),
    "role": lazy("Role"),
    "since": lazy("Since"),
    "purpose": lazy("What it is for"),
    "made_at": lazy("Key made on"),
    "ends_at": lazy("Ends on"),
    "used_on": lazy("Last used on"),
    "revoked_at": lazy("Revoked on"),
    "accepted_at": lazy("Accepted on"),
    "direction": lazy("Direction"),
    "old_email": lazy("Former address"),
    "new_email": lazy("New address"),
    "asked_at": lazy("Asked for on"),
    "confirmed_at": lazy("Confirmed on"),
    "undo_until": lazy("Can be undone until"),
    "ended_at": lazy("Ended on"),
    "opened_at": lazy("Opened on"),
    "seen_at": lazy("Last seen on"),
    "browser": lazy("Browser"),
    "address": lazy("Network address"),
}
DIRECTIONS: dict[str, str] = {
    "sent": lazy("Sent by you"),
    "received": lazy("Received by you"),
}
CODED = {"role": ROLES, "language": LANGUAGE_NAMES, "direction": DIRECTIONS}
