"""What accounts gives the portal."""

from pathlib import Path

from portal.accounts.access import ORGANISATION_VERIFY
from portal.accounts.jobs import CRONS, JOBS
from portal.accounts.labels import CODED, LABELS
from portal.accounts.naming import FILTERS
from portal.accounts.pages import (
    account,
    confirming,
    email,
    keys,
    members,
    organisations,
    privacy,
    registration,
    second_factor,
    sign_in,
    verification,
)
from portal.accounts.pages.recorded import AUDIT_DETAILS, AUDIT_SUBJECTS
from portal.accounts.queries.keys import exported_keys
from portal.accounts.queries.privacy import export_of
from portal.accounts.queries.waiting import waiting_organisations
from portal.accounts.recorded import EVENTS
from portal.package import HomeCard, NavigationItem, Package, PersonalData
from portal.permissions import PUBLIC, SIGNED_IN
from portal.web.i18n import lazy


async def sitemap() -> list[str]:
    """Return the public pages worth finding."""
    return ["/register", "/successions", "/privacy/register"]


PACKAGE = Package(
    name="portal.accounts",
    folder=Path(__file__).parent,
    pages=(
        registration.register_page,
        registration.register,
        registration.registered,
        registration.resend_page,
        registration.resend,
        confirming.confirm_page,
        confirming.confirm,
        confirming.disown,
        sign_in.sign_in_page,
        sign_in.sign_in,
        sign_in.code_page,
        sign_in.code,
        sign_in.sign_out,
        sign_in.forgotten_page,
        sign_in.forgotten,
        sign_in.reset_page,
        sign_in.reset,
        account.account,
        account.update_account,
        account.password_page,
        account.change_password,
        email.change_page,
        email.change,
        email.confirm_page,
        email.confirm,
        email.undo_page,
        email.undo,
        account.sessions,
        account.end_others,
        account.end_session,
        keys.list_keys,
        keys.make,
        keys.revoke,
        second_factor.second_factor,
        second_factor.switch_on,
        second_factor.switch_off,
        second_factor.renew_codes,
        organisations.new_page,
        organisations.create,
        organisations.show,
        organisations.edit_page,
        organisations.edit,
        members.invite_page,
        members.invite,
        members.resend,
        members.revoke,
        members.member_page,
        members.change_role,
        members.remove,
        members.leave_page,
        members.leave,
        members.invitation_page,
        members.accept,
        members.join,
        verification.queue,
        verification.one_page,
        verification.decide,
        verification.successions_page,
        verification.succession_page,
        verification.record_succession,
        privacy.processing,
        privacy.my_data,
        privacy.my_data_json,
        privacy.erase_page,
        privacy.erase,
    ),
    jobs=JOBS,
    crons=CRONS,
    filters=FILTERS,
    sitemap=sitemap,
    events=EVENTS,
    audit_subjects=AUDIT_SUBJECTS,
    audit_details=AUDIT_DETAILS,
    navigation=(
        NavigationItem(
            lazy("Verification"), "accounts.verification", ORGANISATION_VERIFY, order=80
        ),
        NavigationItem(lazy("My account"), "accounts.account", SIGNED_IN, "account", 10),
        NavigationItem(lazy("My data"), "accounts.data", SIGNED_IN, "account", 30),
        NavigationItem(lazy("Register of processing"), "accounts.processing", PUBLIC, "footer", 50),
        NavigationItem(lazy("Successions of buyers"), "accounts.successions", PUBLIC, "footer", 60),
    ),
    waiting=waiting_organisations,
    home_cards=(
        HomeCard(
            "public",
            lazy("Create an account"),
            lazy("Register your hospital, company or institution."),
            "accounts.register",
            "user-plus",
            90,
            strangers_only=True,
        ),
        HomeCard(
            "authority",
            lazy("Verify organisations"),
            lazy("See who registered, what is doubtful, and decide."),
            "accounts.verification",
            "shield-check",
            10,
        ),
    ),
    personal_data=(
        PersonalData(
            purpose=lazy("Accounts: signing in, membership of organisations, notices by e-mail."),
            lawful_basis=lazy("The request of the person who registers (law 09-08)."),
            categories=lazy(
                "Name, e-mail address, language, a digest of the password, an encrypted secret of "
                "the second factor, organisations and roles, dates; browser and shortened network "
                "address while signed in; a former e-mail address for two weeks."
            ),
            retention=lazy(
                "Until the person erases the account, or after a long time without use and a "
                "warning thirty days before. Unconfirmed accounts: thirty days. Sessions: hours."
            ),
            export=export_of,
            labels=LABELS,
            coded=CODED,
        ),
        PersonalData(
            purpose=lazy("Access keys: programs that read in the name of a person."),
            lawful_basis=lazy("The request of the person who makes the key (law 09-08)."),
            categories=lazy(
                "Name of the key, what it is for, a digest of it, the days on which it was made, "
                "used last, ended or was revoked."
            ),
            retention=lazy(
                "Until ninety days after the key ended or was revoked; erased with the account."
            ),
            export=exported_keys,
            labels=LABELS,
        ),
    ),
)
