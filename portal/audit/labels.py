"""What the audit keeps about a person is called, for the page that shows it."""

from portal.web.i18n import lazy

LABELS: dict[str, str] = {
    "seq": lazy("Number of the record"),
    "at": lazy("Moment"),
    "event": lazy("What happened"),
    "subject_kind": lazy("Concerns"),
    "subject_id": lazy("Identifier"),
}
