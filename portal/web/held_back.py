"""What members of a suspended organisation are told when they want to change something of it."""

from portal.permissions import Membership
from portal.settings import get_settings
from portal.web.errors import UserError
from portal.web.i18n import day, lazy
from portal.web.i18n import gettext as _


class OrganisationSuspended(UserError):
    """The organisation is suspended: its members read and export, and change nothing."""

    status = 403
    message = lazy(
        "Your organisation « %(organisation)s » is suspended since %(day)s. You can read and "
        "export what belongs to it, but not change it. Write to %(whom)s."
    )


def suspended(one: Membership) -> OrganisationSuspended:
    """Return what to tell the member of a suspended organisation."""
    return OrganisationSuspended(
        organisation=one.organisation_name,
        day=day(one.suspended_at) if one.suspended_at else "",
        whom=get_settings().contact_email or _("the cluster or the authority that verified it"),
    )
