"""What a program asked that is not offered, in words that name what is."""

from portal.web.errors import NotFound, UserError
from portal.web.i18n import lazy


class OptionNotOffered(UserError):
    """A query option that this address does not have."""

    status = 400
    message = lazy("« %(option)s » is not offered here. Offered: %(offered)s.")


class OptionNotReadable(UserError):
    """A query option is there and cannot be read."""

    status = 400
    message = lazy("« %(option)s » cannot be read. Write it as in this example: %(example)s")


class NoSuchPlace(NotFound):
    """No entity is at this address, or not for this person."""

    message = lazy("Nothing is at this address. Addresses begin so: %(offered)s.")
