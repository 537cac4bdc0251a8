"""What can be refused, in words that say what to do."""

from types import MappingProxyType

from portal.web.errors import NotFound, UserError
from portal.web.i18n import lazy
from portal.web.programs import REFUSED


class OrganisationNotFound(NotFound):
    """There is no such organisation."""


class PersonNotFound(NotFound):
    """There is no such person."""


class ChangedMeanwhile(UserError):
    """Somebody else decided between the read and the write."""

    message = lazy("Somebody else changed this a moment ago. Reload the page and look again.")


class WrongCredentials(UserError):
    """The address or the password is wrong; which one is not said."""

    status = 422
    message = lazy("The e-mail address or the password is wrong. Check both and try again.")


class KeyNotFound(NotFound):
    """No such access key is this person's."""


class TooManyKeys(UserError):
    """One person has as many access keys as may be."""

    message = lazy("You have %(most)s access keys. Revoke one you no longer need.")


class KeyRefused(UserError):
    """A program showed an access key that opens nothing."""

    status = 401
    headers = MappingProxyType({"WWW-Authenticate": REFUSED})
    message = lazy(
        "This access key is wrong, was revoked or has ended. Make another one on the portal, under "
        "« My account », « Access keys »."
    )


class WrongPassword(UserError):
    """It is not the password that was chosen when registering."""

    status = 422
    message = lazy("This is not the password that was chosen when registering.")


class TooManyAttempts(UserError):
    """Too many wrong passwords or codes for this account in the last hour."""

    status = 429
    message = lazy(
        "There were too many attempts for this account. Wait an hour, or choose a new password "
        "by e-mail."
    )


class WrongCode(UserError):
    """The six digits, or the recovery code, are wrong, too old or already used."""

    status = 422
    message = lazy(
        "This code is wrong or was already used. Wait for the next one in your application, or "
        "use a recovery code."
    )


class LinkSpent(UserError):
    """A link of a mail is unknown, used or too old."""

    status = 410
    message = lazy("This link has been used, is too old or is not complete. Ask for a new one.")
    NEW_ONES = MappingProxyType({
        "accounts.confirm": "accounts.resend",
        "accounts.disown": "accounts.resend",
        "accounts.reset": "accounts.forgotten",
        "accounts.email.confirm": "accounts.email",
    })  # fmt: skip

    def remedy(self, route: str) -> tuple[str, str] | None:
        """Return the page that sends a new link of the same kind."""
        page = self.NEW_ONES.get(route.removesuffix(".post"))
        return (page, lazy("Ask for a new link")) if page else None


class SameAddress(UserError):
    """The new address is the present one."""

    status = 422
    message = lazy("This is the address of your account already.")


class AddressTaken(UserError):
    """The address came to belong to another account while the link waited."""

    message = lazy(
        "Another account uses this e-mail address by now. Choose another address, or ask us."
    )


class InvitationSpent(UserError):
    """An invitation is unknown, accepted, revoked or too old."""

    status = 410
    message = lazy(
        "This invitation has been used, withdrawn or is too old. Ask the person who invited you "
        "to send it again."
    )


class InvitationForAnother(UserError):
    """The invitation went to another address than the one of this account."""

    status = 403
    message = lazy(
        "This invitation was sent to another e-mail address. Sign out, then open it again."
    )


class AlreadyMember(UserError):
    """The person already belongs to the organisation."""

    message = lazy("This person is already a member of the organisation.")


class LastAdmin(UserError):
    """An organisation must keep somebody who administers it."""

    message = lazy(
        "The organisation would have no administrator left. Make another member an administrator "
        "first."
    )


class MoveRefused(UserError):
    """The state of the organisation does not allow this decision."""

    message = lazy("The state of this organisation does not allow this decision any more.")


class NotYoursToDecide(UserError):
    """One's own organisation, or an authority judged by a cluster."""

    status = 403
    message = lazy(
        "You cannot decide about your own organisation, and only an authority decides about "
        "authorities and clusters."
    )


class ReasonMissing(UserError):
    """A refusal or suspension has to say why."""

    status = 422
    message = lazy("Write the reason: the organisation will read it.")


class SuccessionRefused(UserError):
    """A succession that repeats, contradicts or closes a circle."""

    message = lazy(
        "This succession exists already, or the successor would end up succeeding itself."
    )


class AlreadyProtected(UserError):
    """The second factor is already on."""

    message = lazy("The second factor is already on. Switch it off first to use another telephone.")


class AlreadyErased(UserError):
    """The account was erased."""

    message = lazy("This account has been erased.")
