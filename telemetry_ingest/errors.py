"""What can be wrong with what a person asks of a pilot, in words they can act on."""

from portal.web.errors import NotFound, UserError
from portal.web.i18n import lazy


class PilotNotFound(NotFound):
    """There is no such pilot, or not for this person."""

    message = lazy("There is no pilot at this address.")


class PilotDeviceNotFound(NotFound):
    """The pilot has no such device."""

    message = lazy("This pilot has no such device.")


class PilotChangedMeanwhile(UserError):
    """Somebody else changed the pilot after it was opened here."""

    message = lazy(
        "Somebody else has changed this pilot since you opened it. Nothing was done: open it "
        "again, look at what changed and decide then."
    )


class PilotMoveNotAllowed(UserError):
    """The move does not start from the present state."""

    message = lazy("The pilot has moved on: this step is not possible from where it is now.")


class AlreadyAgreed(UserError):
    """The side has put its name to this protocol before."""

    message = lazy("Your organisation has already agreed to this protocol.")


class AgreedForTheOther(UserError):
    """One person cannot put the names of both sides to a protocol."""

    status = 403
    message = lazy(
        "You agreed for the other side. A protocol needs two people: ask another administrator of "
        "this side to agree."
    )


class NoDeviceEnrolled(UserError):
    """A pilot without a device that may send cannot start."""

    message = lazy("Enrol at least one device before you start the pilot.")


class PeriodIsOver(UserError):
    """The period of the protocol lies in the past."""

    status = 422
    message = lazy("The period of this protocol is over. Change the protocol first.")


class PilotReasonMissing(UserError):
    """The move needs a reason that the other side will read."""

    status = 422
    message = lazy("Say why in at least 10 characters: the other side reads it.")


class NotForAPilot(UserError):
    """The device is not public, or nobody in Morocco who makes it could agree."""

    status = 422
    message = lazy(
        "A pilot needs a published device of a verified manufacturer. Choose another device."
    )


class NotAHost(UserError):
    """The organisation chosen cannot host a pilot."""

    status = 422
    message = lazy("Choose a verified hospital or cluster other than the maker of the device.")


class NotASide(UserError):
    """Somebody proposes a pilot of which their organisation is neither side."""

    status = 403
    message = lazy("Your organisation has to be one of the two sides of the pilot.")


class SerialTaken(UserError):
    """The pilot has a device with this serial number."""

    status = 422
    message = lazy("This pilot already has a device with this serial number.")


class VariantNotOfDevice(UserError):
    """The variant belongs to another device of the catalogue."""

    status = 422
    message = lazy("Choose a variant of the device of this pilot.")


class NoReferenceAgreed(UserError):
    """The protocol has no reference device."""

    status = 422
    message = lazy("The protocol of this pilot has no reference device.")


class TooManyDevices(UserError):
    """The pilot has as many devices as it may."""

    message = lazy("This pilot has %(most)s devices, which is the limit.")


class EnrolmentClosed(UserError):
    """Devices join between the agreement and the closing."""

    message = lazy("Devices are enrolled once both sides have agreed, until the pilot is closed.")


class TokenChangedMeanwhile(UserError):
    """Somebody else renewed or revoked the token after it was opened here."""

    message = lazy(
        "The token of this device has changed since you opened the page. Nothing was done: look "
        "at the device again."
    )


class ReadingsHaveCome(UserError):
    """The pack is older than some readings of its window."""

    message = lazy(
        "Readings have come since this evidence was made, so they would not match it. Make the "
        "evidence again, then download both."
    )


class NoSuchPack(NotFound):
    """The pilot has no evidence, or none with this digest."""

    message = lazy("This pilot has no such evidence pack.")


class UnknownForm(UserError):
    """A pack has another form than this version of the portal reads."""

    message = lazy(
        "This evidence has a form that this version does not know: another version made it. Keep "
        "its file, and read it with the version that made it."
    )


class PeriodNotReadable(UserError):
    """A program asked for readings of a period that is none."""

    status = 422
    message = lazy("The period cannot be read: %(said)s")


class NothingToReplay(UserError):
    """The form of a replay names no reason that there is."""

    status = 422
    message = lazy("Say which refused messages to replay: open their list again and choose there.")
