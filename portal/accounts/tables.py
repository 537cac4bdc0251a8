"""Who is here: organisations, people, their memberships, and what proves who they are."""

from piccolo.columns import (
    UUID,
    Array,
    BigInt,
    Boolean,
    Bytea,
    Date,
    ForeignKey,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.columns.base import OnDelete
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.columns.defaults.uuid import UUID4
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from portal.accounts.states import OrganisationState


class Region(Table, tablename="region"):
    """One of the twelve regions, with its census code."""

    code = Varchar(length=12, primary_key=True, default=None)
    name_fr = Varchar(length=120, default=None, null=False)
    name_ar = Varchar(length=120, default=None, null=False)


class Province(Table, tablename="province"):
    """A province or prefecture, with its census code."""

    code = Varchar(length=12, primary_key=True, default=None)
    region = ForeignKey(Region, on_delete=OnDelete.restrict, null=False, default=None)
    name_fr = Varchar(length=120, default=None, null=False)
    name_ar = Varchar(length=120, default=None, null=False)


class Organisation(Table, tablename="organisation"):
    """A company, hospital, cluster, organiser or authority, and its identifiers, tidied."""

    id = UUID(primary_key=True, default=UUID4())
    kind = Varchar(length=20, default=None, null=False)
    other_kinds = Array(base_column=Varchar(length=20), default=list)
    name_fr = Varchar(length=200, default=None, null=False)
    name_ar = Varchar(length=200, default="")
    name_en = Varchar(length=200, default="")
    ice = Varchar(length=20, null=True, default=None, index=True)
    ice_doubtful = Boolean(default=False)  # its control key is wrong: a warning, not a refusal
    rc_number = Varchar(length=20, default="")
    rc_court = Varchar(length=120, default="")
    tax_id = Varchar(length=20, default="")  # IF, identifiant fiscal
    cnss = Varchar(length=20, default="")
    region = ForeignKey(Region, on_delete=OnDelete.restrict, null=True, default=None)
    province = ForeignKey(Province, on_delete=OnDelete.restrict, null=True, default=None)
    address = Text(default="")
    website = Varchar(length=300, default="")
    phone = Varchar(length=40, default="")
    description = Text(default="")
    state = Varchar(length=12, default=OrganisationState.REGISTERED.value, index=True)
    state_reason = Text(default="")
    verified_at = Timestamptz(null=True, default=None)
    suspended_at = Timestamptz(null=True, default=None)  # while it is suspended
    # Refused after having been verified once; kept while it asks again, until somebody verifies it.
    withdrawn_at = Timestamptz(null=True, default=None)
    verified_by = UUID(null=True, default=None)  # a person; kept when that person is erased
    fictional = Boolean(default=False)
    created_at = Timestamptz(default=TimestamptzNow(), null=False)
    asked_again_at = Timestamptz(null=True, default=None)  # since then it waits for another look

    organisation_state_known = Check("state IN ('registered', 'verified', 'refused', 'suspended')")
    organisation_kind_known = Check(
        "kind IN ('buyer', 'manufacturer', 'distributor', 'subcontractor', 'partner', 'cluster', "
        "'organiser', 'authority')"
    )


class Succession(Table, tablename="organisation_succession"):
    """From a day on, one organisation acts in another's place (GST after the CHU and the State)."""

    id = UUID(primary_key=True, default=UUID4())
    predecessor = ForeignKey(Organisation, on_delete=OnDelete.cascade, null=False, default=None)
    successor = ForeignKey(Organisation, on_delete=OnDelete.cascade, null=False, default=None)
    starts_on = Date(default=None, null=False)
    source = Text(default=None, null=False)  # the decree, with its number and date

    succession_once = Unique([predecessor, successor])
    succession_of_another = Check("predecessor <> successor")


class Person(Table, tablename="person"):
    """Somebody with an account; an erased person keeps the row and nothing that names them."""

    id = UUID(primary_key=True, default=UUID4())
    email = Varchar(length=254, default=None, null=False, unique=True)  # always lower case
    name = Varchar(length=120, default=None, null=False)
    language = Varchar(length=2, default="fr")
    password_hash = Varchar(length=200, default="", secret=True)
    email_confirmed_at = Timestamptz(null=True, default=None)
    totp_secret = Bytea(null=True, default=None, secret=True)  # encrypted, see `sealing`
    totp_pending = Bytea(null=True, default=None, secret=True)  # not yet proven by a first code
    totp_last_step = BigInt(default=0)  # a code is used once: the time step of the last one
    signed_in_at = Timestamptz(null=True, default=None)
    warned_at = Timestamptz(null=True, default=None)  # told that the account will be erased
    erased_at = Timestamptz(null=True, default=None)
    told_waiting_at = Timestamptz(null=True, default=None)  # a verifier: the last notice of a queue
    created_at = Timestamptz(default=TimestamptzNow(), null=False)

    person_email_lower = Check("email = lower(email)")


class RecoveryCode(Table, tablename="recovery_code"):
    """One way back in when the telephone is lost; only its digest is kept."""

    id = UUID(primary_key=True, default=UUID4())
    person = ForeignKey(Person, on_delete=OnDelete.cascade, null=False, default=None)
    digest = Bytea(default=None, null=False, secret=True)
    used_at = Timestamptz(null=True, default=None)


class MembershipRow(Table, tablename="membership"):
    """A person's place and role in an organisation."""

    id = UUID(primary_key=True, default=UUID4())
    person = ForeignKey(Person, on_delete=OnDelete.cascade, null=False, default=None)
    organisation = ForeignKey(Organisation, on_delete=OnDelete.cascade, null=False, default=None)
    role = Varchar(length=10, default=None, null=False)
    created_at = Timestamptz(default=TimestamptzNow(), null=False)

    membership_once = Unique([person, organisation])
    membership_role_known = Check("role IN ('viewer', 'editor', 'admin')")


class Invitation(Table, tablename="invitation"):
    """An offer of a place in an organisation, sent to one e-mail address."""

    id = UUID(primary_key=True, default=UUID4())
    organisation = ForeignKey(Organisation, on_delete=OnDelete.cascade, null=False, default=None)
    email = Varchar(length=254, default=None, null=False)
    role = Varchar(length=10, default=None, null=False)
    language = Varchar(length=2, default="fr")
    digest = Bytea(default=None, null=False, unique=True, secret=True)
    invited_by = ForeignKey(Person, on_delete=OnDelete.set_null, null=True, default=None)
    created_at = Timestamptz(default=TimestamptzNow(), null=False)
    expires_at = Timestamptz(default=None, null=False)
    accepted_at = Timestamptz(null=True, default=None)
    revoked_at = Timestamptz(null=True, default=None)

    invitation_role_known = Check("role IN ('viewer', 'editor', 'admin')")


class AccountToken(Table, tablename="account_token"):
    """A link sent by mail: confirm an address, choose a new password; used once, then worthless."""

    id = UUID(primary_key=True, default=UUID4())
    person = ForeignKey(Person, on_delete=OnDelete.cascade, null=False, default=None)
    purpose = Varchar(length=16, default=None, null=False)
    digest = Bytea(default=None, null=False, unique=True, secret=True)
    email = Varchar(length=254, default=None, null=False)  # the address it was sent to
    expires_at = Timestamptz(default=None, null=False)
    used_at = Timestamptz(null=True, default=None)

    account_token_purpose_known = Check("purpose IN ('confirm', 'reset')")


class AccessKey(Table, tablename="access_key"):
    """A key with which a person's programs read in their name; only its SHA-256 is kept."""

    id = UUID(primary_key=True, default=UUID4())
    person = ForeignKey(Person, on_delete=OnDelete.cascade, null=False, default=None, index=True)
    name = Varchar(length=80, default=None, null=False)
    purpose = Varchar(length=200, default="", null=False)
    digest = Bytea(default=None, null=False, unique=True, secret=True)
    made_at = Timestamptz(default=TimestamptzNow(), null=False)
    ends_at = Timestamptz(default=None, null=False)
    used_on = Date(null=True, default=None)  # the day, and nothing of where from
    revoked_at = Timestamptz(null=True, default=None)


class EmailChange(Table, tablename="email_change"):
    """A change of an address: asked for, confirmed at the new one, undone from the old one."""

    id = UUID(primary_key=True, default=UUID4())
    person = ForeignKey(Person, on_delete=OnDelete.cascade, null=False, default=None, index=True)
    old_email = Varchar(length=254, default=None, null=False, index=True)
    new_email = Varchar(length=254, default=None, null=False)
    confirm_digest = Bytea(default=None, null=False, unique=True, secret=True)
    undo_digest = Bytea(default=None, null=False, unique=True, secret=True)
    asked_at = Timestamptz(default=None, null=False)
    expires_at = Timestamptz(default=None, null=False)  # of the link to confirm
    confirmed_at = Timestamptz(null=True, default=None)
    undo_until = Timestamptz(default=None, null=False)
    ended_at = Timestamptz(null=True, default=None)  # replaced by a newer one, or undone

    email_change_lower = Check("new_email = lower(new_email)")
