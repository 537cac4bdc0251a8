"""What search keeps in PostgreSQL: what is waiting to be indexed, and what is indexed."""

from piccolo.columns import UUID, BigInt, BigSerial, Boolean, Integer, Serial, Text, Varchar
from piccolo.columns.defaults.uuid import UUID4
from piccolo.constraints import Unique
from piccolo.table import Table


class SearchDirty(Table, tablename="search_dirty"):
    """A subject that changed and is not yet indexed again; written by the change itself."""

    id = BigSerial(primary_key=True)
    index = Varchar(length=40, default=None, null=False)
    subject = UUID(default=None, null=False)


class SearchIndex(Table, tablename="search_index"):
    """One index. Its row is what writers wait for, so that versions are committed in order.

    ``incarnation`` tells a new table from the old one with the same version (restored backup);
    ``purged`` is the version up to which the rows of deleted documents may be gone.
    """

    name = Varchar(length=40, primary_key=True, default=None)
    incarnation = UUID(default=UUID4(), null=False)
    version = BigInt(default=0, null=False)
    purged = BigInt(default=0, null=False)


class SearchDocument(Table, tablename="search_document"):
    """One document: its folded words, and what it is narrowed and ordered by (JSON in text)."""

    id = Serial(primary_key=True)
    index = Varchar(length=40, default=None, null=False)
    subject = UUID(default=None, null=False)
    version = BigInt(default=None, null=False)
    digest = BigInt(default=None, null=False)
    deleted = Boolean(default=False, null=False)
    title_words = Text(default="", null=False)
    body_words = Text(default="", null=False)
    columns = Text(default="", null=False)
    card = Text(default="", null=False)

    one_per_subject = Unique([index, subject])


class SearchIdentifier(Table, tablename="search_identifier"):
    """An exact key a document is found by, as :func:`folding.identifier_key` writes it."""

    id = BigSerial(primary_key=True)
    index = Varchar(length=40, default=None, null=False)
    key = Varchar(length=200, default=None, null=False)
    document = Integer(default=None, null=False, index=True)
