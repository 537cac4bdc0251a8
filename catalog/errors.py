"""What can be wrong with what a person asks of the catalogue, in words they can act on."""

from portal.documents.errors import FileRefused
from portal.web.errors import NotFound, UserError
from portal.web.i18n import lazy


class DeviceNotFound(NotFound):
    """There is no such device, or not for this person."""

    message = lazy("There is no device at this address. It may have been withdrawn.")


class DeviceWithheld(DeviceNotFound):
    """The organisation that offers the device is suspended."""

    message = lazy("This device is not shown: the organisation that offers it is suspended.")


class SupplierNotFound(NotFound):
    """There is no such supplier, or it is not verified yet."""

    message = lazy("There is no supplier at this address.")


class TermNotFound(NotFound):
    """The nomenclature has no such code."""

    message = lazy("The nomenclature has no such code.")


class DeviceChangedMeanwhile(UserError):
    """Somebody else saved this record after it was opened here."""

    message = lazy(
        "Somebody else has changed this record since you opened it. Nothing of yours was saved "
        "over it: open the record again, look at the changes and save yours again."
    )


class NotEditable(UserError):
    """The record is in a state in which this part of it is fixed."""

    message = lazy(
        "This part of the record cannot be changed now. Withdraw the record or take it up for "
        "revision first."
    )


class NotDeletable(UserError):
    """Only a draft that nobody outside has ever seen is deleted."""

    message = lazy("Only a draft that was never published can be deleted.")


class TooManyDrafts(UserError):
    """The organisation has as many drafts as it may."""

    message = lazy(
        "Your organisation has %(most)s drafts, which is the limit. Submit some or delete those "
        "you no longer need, then begin a new one."
    )


class TooManyPhotos(FileRefused):
    """The device has as many photos as it may."""

    message = lazy("A device has at most %(most)s photos. Remove one, then add this one.")


class TooManyDocuments(FileRefused):
    """The device has as many documents as it may."""

    message = lazy("A device has at most %(most)s documents. Remove one, then add this one.")


class MoveNotAllowed(UserError):
    """The move does not start from the present state."""

    message = lazy("The record has moved on: this step is not possible from where it is now.")


class SupplierSuspended(UserError):
    """The organisation the record belongs to is suspended."""

    message = lazy(
        "The organisation that offers this device is suspended: until it comes back, its records "
        "can only be sent back or suspended."
    )


class ReasonMissing(UserError):
    """The move needs a reason that the supplier will read."""

    status = 422
    message = lazy("Say why in at least 10 characters: the supplier reads it.")


class NotReady(UserError):
    """The record still lacks what a submission needs."""

    message = lazy("Some required information is still missing. Complete it, then submit again.")


class VariantNotFound(NotFound):
    """The device has no such variant."""

    message = lazy("This device has no such variant. It may have been removed.")


class IdentifierTaken(UserError):
    """Another variant or packaging of this device has the same UDI-DI."""

    message = lazy("Another variant or packaging of this device already has this UDI-DI.")


class FileNotFound(NotFound):
    """The device has no such file."""

    message = lazy("This device has no such file. It may have been removed.")


class ImportNotFound(NotFound):
    """There is no such import, or not of this person's organisation."""

    message = lazy("There is no import at this address. It may have been discarded.")
