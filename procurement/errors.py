"""What can be wrong with what a person asks of buying, in words they can act on."""

from portal.web.errors import UserError
from portal.web.i18n import lazy


class EvaluationNotAllowed(UserError):
    """The person does not buy for this organisation."""

    message = lazy(
        "Only those who buy for this organisation can have its tenders evaluated: ask one of its "
        "administrators."
    )
