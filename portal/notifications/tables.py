"""Mail that is to be sent, and notices shown inside the portal."""

from piccolo.columns import JSONB, UUID, Integer, Text, Timestamptz, Varchar
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.columns.defaults.uuid import UUID4
from piccolo.constraints import Check
from piccolo.table import Table

from portal.notifications.states import MailState


class Mail(Table, tablename="mail"):
    """One mail; ``details`` are emptied once it is sent, they may hold a one-time link."""

    id = UUID(primary_key=True, default=UUID4())
    recipient = Varchar(length=254, default=None, null=False)
    language = Varchar(length=2, default=None, null=False)
    template = Varchar(length=120, default=None, null=False)
    details = JSONB(default=None, null=False)
    state = Varchar(length=10, default=MailState.CREATED, null=False)
    attempts = Integer(default=0, null=False)
    last_error = Text(null=True, default=None)
    created_at = Timestamptz(default=TimestamptzNow(), null=False)
    due_at = Timestamptz(default=TimestamptzNow(), null=False)
    taken_at = Timestamptz(null=True, default=None)
    sent_at = Timestamptz(null=True, default=None)

    state_known = Check("state IN ('created', 'sending', 'sent', 'failed')")


class Notice(Table, tablename="notice"):
    """One line shown to a person in the portal: a translatable message and where it leads."""

    id = UUID(primary_key=True, default=UUID4())
    person_id = UUID(default=None, null=False)
    message = Text(default=None, null=False)
    details = JSONB(default=None, null=False)
    route = Varchar(length=80, null=True, default=None)
    path_values = JSONB(default=None, null=False)
    created_at = Timestamptz(default=TimestamptzNow(), null=False)
    read_at = Timestamptz(null=True, default=None)
