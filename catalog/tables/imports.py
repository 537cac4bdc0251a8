"""What the importers keep: their runs, to go on where one broke off, and what they read."""

from piccolo.columns import (
    UUID,
    BigInt,
    Boolean,
    Char,
    ForeignKey,
    OnDelete,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.columns.defaults import TimestamptzNow
from piccolo.columns.defaults.uuid import UUID4
from piccolo.table import Table

from catalog.tables.devices import DeviceModel


class ImportRun(Table, tablename="import_run"):
    """One import of one file. ``position`` counts the rows whose effect is committed.

    ``digest`` is of the file's bytes and of what it was read with: the same file, read in the same
    way, goes on at ``position`` when ``is_finished`` is still false. A manufacturer's file waits
    until ``confirmed_at``; ``total`` is how many devices it holds.
    """

    id = UUID(primary_key=True, default=UUID4())
    source = Varchar(length=10, default=None, null=False)
    organisation_id = UUID(default=None, null=True, index=True)
    person_id = UUID(default=None, null=True)
    file_name = Text(default="")
    digest = Char(length=64, default=None, null=False, index=True)
    position = BigInt(default=0)
    total = BigInt(default=0)
    created = BigInt(default=0)
    changed = BigInt(default=0)
    unchanged = BigInt(default=0)
    refused = BigInt(default=0)
    is_finished = Boolean(default=False)
    trouble = Text(default="")
    confirmed_at = Timestamptz(default=None, null=True)
    started_at = Timestamptz(default=TimestamptzNow())
    updated_at = Timestamptz(default=TimestamptzNow())


class ImportPreview(Table, tablename="import_preview"):
    """What a waiting import would do, looked up once.

    ``stamp`` stands for what that depends on: the file, how it is read, the nomenclature and the
    organisation's devices. ``content`` is JSON, empty while the file is looked through.
    """

    run = ForeignKey(ImportRun, on_delete=OnDelete.cascade, primary_key=True, null=False)
    stamp = Text(default="")
    is_ready = Boolean(default=False)
    rows = BigInt(default=0)
    content = Text(default="")
    begun_at = Timestamptz(default=TimestamptzNow())
    updated_at = Timestamptz(default=TimestamptzNow())


class ImportedRecord(Table, tablename="imported_record"):
    """How a reference device looked when it was last read: an equal one needs no writing."""

    device = ForeignKey(DeviceModel, on_delete=OnDelete.cascade, primary_key=True, null=False)
    fingerprint = BigInt(default=None, null=False)
    run = UUID(default=None, null=False)
