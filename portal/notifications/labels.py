"""What the messages to a person are called, for the page that shows them."""

from portal.web.i18n import LANGUAGE_NAMES, lazy

LABELS: dict[str, str] = {
    "notices": lazy("Notices"),
    "mails": lazy("E-mails"),
    "message": lazy("Message"),
    "at": lazy("Moment"),
    "template": lazy("Kind of letter"),
    "language": lazy("Language"),
    "state": lazy("State"),
}
STATES: dict[str, str] = {
    "created": lazy("Waiting to be sent"),
    "sending": lazy("Being sent"),
    "sent": lazy("Handed to the mail server"),
    "failed": lazy("Not delivered"),
}
CODED = {"language": LANGUAGE_NAMES, "state": STATES}
