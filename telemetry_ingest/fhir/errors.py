"""What can be wrong with what a program asks of the FHIR addresses."""

from portal.web.errors import NotFound, UserError
from portal.web.i18n import lazy


class FhirRefused(UserError):
    """An interaction that is refused; ``code`` is FHIR's own word for why (issue-type)."""

    status = 400
    code = "invalid"


class ParameterNotReadable(FhirRefused):
    """The value of a parameter is not of its kind."""

    code = "value"
    message = lazy("The parameter %(name)s cannot be read: %(value)s")


class ParameterNotSupported(FhirRefused):
    """A parameter, or a way to use it, that this server does not know and was asked to respect."""

    code = "not-supported"
    message = lazy("This server does not support %(name)s in this search.")


class DeviceNotNamed(FhirRefused):
    """A search over the measurements of everything would have no end."""

    code = "required"
    message = lazy(
        "Name the device whose measurements you want: device=Device/… or device=DeviceMetric/…"
    )


class FormatNotSupported(FhirRefused):
    """Something other than JSON is asked for."""

    status = 406
    code = "not-supported"
    message = lazy("This server answers in JSON only (application/fhir+json).")


class ResourceNotFound(NotFound):
    """There is no such resource, or not for this person."""

    message = lazy("There is no %(kind)s with the id %(id)s.")
