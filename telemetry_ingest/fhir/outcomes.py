"""OperationOutcome: how an error, or a remark about a search, is said in FHIR."""

from litestar import Response

from portal.package import Failure
from portal.web.i18n import language
from telemetry_ingest.fhir.errors import FhirRefused
from telemetry_ingest.fhir.terms import Json

MEDIA = "application/fhir+json"
CODES = {
    400: "invalid",
    401: "login",
    403: "forbidden",
    404: "not-found",
    405: "not-supported",
    406: "not-supported",
    409: "conflict",
    413: "too-long",
    422: "processing",
    429: "throttled",
    503: "transient",
}


def outcome(severity: str, code: str, text: str) -> Json:
    """Return an OperationOutcome with one issue, in words of the reader's language."""
    issue = {"severity": severity, "code": code, "details": {"text": text}}
    return {"resourceType": "OperationOutcome", "language": language.get(), "issue": [issue]}


def failed(failure: Failure) -> Response[Json]:
    """Answer a request that failed."""
    code = CODES.get(failure.status, "exception")
    if isinstance(failure.error, FhirRefused):
        code = failure.error.code
    severity = "fatal" if failure.status >= 500 else "error"
    return Response(
        outcome(severity, code, failure.text),
        status_code=failure.status,
        media_type=MEDIA,
        headers={**failure.headers, "Content-Language": language.get()},
    )
