"""Why a file is refused, in words that say what to do."""

from portal.web.errors import NotFound, UserError
from portal.web.i18n import lazy


class FileRefused(UserError):
    """A file that is not kept."""

    status = 422


class FileEmpty(FileRefused):
    """There is nothing in it."""

    message = lazy("The file is empty. Choose another one.")


class FileTooLarge(FileRefused):
    """It is larger than the portal takes."""

    message = lazy("The file is larger than %(megabytes)s MB. Choose a smaller one.")


class NoRoom(FileRefused):
    """The files of the organisation are as large together as they may be."""

    message = lazy(
        "The files of your organisation would take more than %(megabytes)s MB together, which is "
        "the limit. Delete drafts you no longer need or take files off them, or choose a smaller "
        "file."
    )


class KindRefused(FileRefused):
    """Its content, whatever its name says, is not of a kind wanted here."""

    message = lazy("This file is not %(wanted)s. Its content says that it is: %(found)s.")


class KindUnknown(KindRefused):
    """Nothing can be said about its content, except that it is not of a kind wanted here."""

    message = lazy("This file is not %(wanted)s, whatever its name says. Choose another one.")


class ImageUnreadable(FileRefused):
    """It begins like an image, but cannot be decoded."""

    message = lazy("This image is damaged and cannot be read. Export it again, then choose it.")


class TooManyPixels(FileRefused):
    """Decoding it would take too much memory."""

    message = lazy("This image has more than %(megapixels)s million pixels. Choose a smaller one.")


class PdfUnreadable(FileRefused):
    """It begins like a PDF, but is cut off, or something else hangs on it."""

    message = lazy("This PDF is damaged or cannot be examined. Print it to a new PDF.")


class PdfLocked(FileRefused):
    """It is encrypted, so nobody can examine it."""

    message = lazy("This PDF is protected by a password. Choose one without protection.")


class PdfActive(FileRefused):
    """It would run something, or carries other files."""

    message = lazy(
        "This PDF contains scripts, forms or attached files (%(found)s). Print it to a new PDF."
    )


class Infected(FileRefused):
    """The virus scanner knows it."""

    message = lazy("The virus scanner refuses this file (%(found)s). It was not kept.")


class DocumentNotFound(NotFound):
    """There is no such document, or no longer."""


class DocumentWaits(UserError):
    """It is kept, but the virus scanner has not seen it yet."""

    status = 409
    message = lazy("This document is still being checked for viruses. Come back in a few minutes.")
