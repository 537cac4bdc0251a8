"""Documents: what was uploaded, by whom, and where it is."""

from piccolo.columns import UUID, Boolean, Integer, Timestamptz, Varchar
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.columns.defaults.uuid import UUID4
from piccolo.constraints import Check
from piccolo.table import Table

from portal.documents.states import DocumentState


class Document(Table, tablename="document"):
    """One uploaded file; two with the same content share one file."""

    id = UUID(primary_key=True, default=UUID4())
    organisation_id = UUID(null=True, default=None, index=True)
    sha256 = Varchar(length=64, default=None, null=False, index=True)
    name = Varchar(length=140, default=None, null=False)
    media_type = Varchar(length=40, default=None, null=False)
    size_bytes = Integer(default=None, null=False)
    state = Varchar(length=12, default=DocumentState.AVAILABLE, null=False)
    public = Boolean(default=False, null=False)
    actor = Varchar(length=36, default=None, null=False)
    created_at = Timestamptz(default=TimestamptzNow(), null=False)

    state_known = Check("state IN ('quarantined', 'available', 'refused')")
    size_positive = Check(size_bytes > 0)
