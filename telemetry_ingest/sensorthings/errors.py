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


class TooDeep(UserError):
    """Links of links of links are wanted, further than is offered."""

    status = 400
    message = lazy("« $expand » follows at most %(most)s links, one behind the other.")


class TooLarge(UserError):
    """Too many entities would be read for one answer."""

    status = 400
    message = lazy(
        "More than %(most)s entities would be read for this answer. Ask for fewer with « $top », "
        "or follow the links."
    )


class TooManyToCount(UserError):
    """Too many readings would have to be looked at to count some of them."""

    status = 400
    message = lazy(
        "« $count » with this « $filter » would look at more than %(most)s readings. Ask for a "
        "shorter phenomenonTime."
    )


class NoSuchPlace(NotFound):
    """No entity is at this address, or not for this person."""

    message = lazy("Nothing is at this address. Addresses begin so: %(offered)s.")
