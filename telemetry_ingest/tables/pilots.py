"""Pilots, their devices, what was refused to be looked at again, and evidence packs."""

from piccolo.columns import (
    UUID,
    BigSerial,
    Boolean,
    Bytea,
    Char,
    ForeignKey,
    Integer,
    OnDelete,
    Serial,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.columns.defaults.uuid import UUID4
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from catalog.tables import DeviceModel, DeviceVariant
from catalog.tables.nomenclature import one_of
from portal.accounts.tables import Organisation
from telemetry_ingest.states import PilotState, Refusal


class Pilot(Table, tablename="pilot"):
    """A device tried out in a hospital under a protocol agreed before the first reading.

    ``protocol`` is canonical JSON, ``protocol_digest`` its SHA-256; both are fixed once agreed.
    """

    id = UUID(primary_key=True, default=UUID4())
    number = BigSerial(unique=True)
    device = ForeignKey(DeviceModel, on_delete=OnDelete.restrict, null=False, default=None)
    owner = ForeignKey(Organisation, on_delete=OnDelete.restrict, null=False, default=None)
    host = ForeignKey(Organisation, on_delete=OnDelete.restrict, null=False, default=None)
    site = Varchar(length=200, default="", null=False)
    engineer_id = UUID(default=None, null=True)  # a person; kept when that person is erased
    state = Varchar(length=10, default=PilotState.PROPOSED, null=False)
    protocol = Text(default=None, null=False)
    protocol_digest = Char(length=64, default=None, null=False)
    starts_at = Timestamptz(default=None, null=False)
    ends_at = Timestamptz(default=None, null=False)
    version = Integer(default=1, null=False)
    owner_agreed_at = Timestamptz(default=None, null=True)
    host_agreed_at = Timestamptz(default=None, null=True)
    created_at = Timestamptz(default=TimestamptzNow(), null=False)
    started_at = Timestamptz(default=None, null=True)
    closed_at = Timestamptz(default=None, null=True)

    pilot_state_known = Check(one_of("state", PilotState))
    pilot_of_two_sides = Check("owner <> host")
    pilot_has_period = Check("starts_at < ends_at")


class PilotMove(Table, tablename="pilot_move"):
    """What brought a pilot from one state to another, and why."""

    id = UUID(primary_key=True, default=UUID4())
    pilot = ForeignKey(Pilot, on_delete=OnDelete.cascade, null=False, default=None, index=True)
    move = Varchar(length=12, default=None, null=False)
    reason = Text(default="", null=False)
    organisation_id = UUID(default=None, null=True)
    actor = Varchar(length=36, default=None, null=False)
    at = Timestamptz(default=TimestamptzNow(), null=False)


class PilotDevice(Table, tablename="pilot_device"):
    """One physical unit. ``number`` stands for it in the tables of readings.

    Of its token only the SHA-256 is kept; ``token_number`` counts how often it was renewed.
    """

    id = UUID(primary_key=True, default=UUID4())
    number = Serial(unique=True)
    pilot = ForeignKey(Pilot, on_delete=OnDelete.restrict, null=False, default=None, index=True)
    variant = ForeignKey(DeviceVariant, on_delete=OnDelete.set_null, null=True, default=None)
    serial = Varchar(length=80, default=None, null=False)
    firmware = Varchar(length=40, default="", null=False)
    is_reference = Boolean(default=False, null=False)
    token_hash = Bytea(default=None, null=True, secret=True)
    token_number = Integer(default=0, null=False)
    token_at = Timestamptz(default=None, null=True)
    revoked_at = Timestamptz(default=None, null=True)
    enrolled_by = UUID(default=None, null=True)  # a person; kept when that person is erased
    created_at = Timestamptz(default=TimestamptzNow(), null=False)

    serial_once = Unique([pilot, serial])


class Quarantine(Table, tablename="quarantine"):
    """A message that was refused, to be looked at and played again.

    ``content`` is missing where a field was not allowed: what it held may concern a patient.
    """

    id = UUID(primary_key=True, default=UUID4())
    device = ForeignKey(
        PilotDevice, on_delete=OnDelete.cascade, null=True, default=None, index=True
    )
    subject = Varchar(length=200, default=None, null=False)
    reason = Varchar(length=20, default=None, null=False)
    field = Varchar(length=60, default="", null=False)
    digest = Char(length=64, default=None, null=False)
    content = Bytea(default=None, null=True)
    received_at = Timestamptz(default=TimestamptzNow(), null=False, index=True)
    replayed_at = Timestamptz(default=None, null=True)  # stored by a replay
    tried_at = Timestamptz(default=None, null=True)  # the latest replay, whatever came of it
    again = Varchar(length=20, default=None, null=True)  # why that replay refused it

    # The same bytes that come again are one message.
    quarantined_once = Unique([subject, digest])
    reason_known = Check(one_of("reason", Refusal))
    again_known = Check(one_of("again", Refusal))


class EvidencePack(Table, tablename="evidence_pack"):
    """What a pilot proved, as it was signed; never changed, only followed by a later one."""

    id = UUID(primary_key=True, default=UUID4())
    pilot = ForeignKey(Pilot, on_delete=OnDelete.restrict, null=False, default=None, index=True)
    number = Integer(default=1, null=False)
    head = Char(length=64, default=None, null=False, unique=True)
    content = Bytea(default=None, null=False)
    actor = Varchar(length=36, default=None, null=False)
    created_at = Timestamptz(default=TimestamptzNow(), null=False)

    pack_in_turn = Unique([pilot, number])
