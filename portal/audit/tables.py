"""The audit table: append-only, sealed into one chain when the transaction commits."""

from piccolo.columns import JSONB, UUID, BigInt, Date, Text, Timestamptz, Varchar
from piccolo.columns.defaults.uuid import UUID4
from piccolo.constraints import Unique
from piccolo.table import Table


class AuditRecord(Table, tablename="audit_record"):
    """One thing somebody did.

    ``seq``, ``previous`` and ``digest`` are empty until the commit: a deferred trigger fills them
    (see the first migration), so that the lock on the chain is held for the commit only.
    """

    id = UUID(primary_key=True, default=UUID4())
    seq = BigInt(null=True, default=None, unique=True)
    at = Timestamptz(default=None, null=False)
    event = Varchar(length=80, default=None, null=False, index=True)
    actor = Varchar(length=36, default=None, null=False)
    organisation_id = UUID(null=True, default=None)
    subject_kind = Varchar(length=40, default=None, null=False)
    subject_id = Varchar(length=80, default=None, null=False)
    details = JSONB(default=None, null=False)
    content = Varchar(length=64, default=None, null=False)
    previous = Varchar(length=64, null=True, default=None)
    digest = Varchar(length=64, null=True, default=None)

    one_follower_each = Unique([previous])


class AuditHead(Table, tablename="audit_head"):
    """The digest of the chain at the end of one day, published so that anybody may keep it."""

    day = Date(primary_key=True, default=None, null=False)
    seq = BigInt(default=None, null=False)
    digest = Text(default=None, null=False)
