"""What a device is told when a message is not taken: the reason, and what to do. Pure.

In the language it asks for, and in English when it asks for none: most who build devices read it.
"""

from http import HTTPStatus

import msgspec

from portal.web.i18n import best_language, lazy, translations
from telemetry_ingest.states import Refusal

MEDIA_TYPE = "application/problem+json"
AGAIN_S = 5  # after that long it is worth trying again, when it is we who cannot


class Problem(Exception):
    """A message is not taken.

    Attributes:
        status: HTTP status.
        code: a word for programs, one for each reason.
        detail: a sentence or two for people, with what to do.
        field: the place in the message, never its value.
        wait_s: seconds after which to try again, 0 when that is of no use.
    """

    def __init__(
        self, status: int, code: str, detail: str, *, field: str = "", wait_s: int = 0
    ) -> None:
        super().__init__(status, code)
        self.status = status
        self.code = code
        self.detail = detail
        self.field = field
        self.wait_s = wait_s

    def body(self, language: str = "en") -> bytes:
        """Return the problem as RFC 9457 has it."""
        content: dict[str, object] = {
            "type": f"urn:tajhiz:ingest:{self.code}",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": translations(language).gettext(self.detail),
        }
        if self.field:
            content["field"] = self.field
        return msgspec.json.encode(content)

    def headers(self, language: str = "en") -> dict[str, str]:
        """Return the headers that go with it."""
        headers = {"cache-control": "no-store", "content-language": language}
        if self.wait_s:
            headers["retry-after"] = str(self.wait_s)
        if self.status == HTTPStatus.UNAUTHORIZED:
            headers["www-authenticate"] = 'Bearer realm="Tajhiz telemetry"'
        return headers


def language_of(accepted: str) -> str:
    """Return the language to answer in."""
    return best_language(None, accepted) if accepted else "en"


# Why the wire format refuses a message → status and what to do about it.
_REFUSALS: dict[Refusal, tuple[int, str]] = {
    Refusal.NOT_READABLE: (
        400,
        lazy(
            "This is neither a JSON object nor a msgpack map. Send one message a request, in "
            "UTF-8, and whole."
        ),
    ),
    Refusal.UNKNOWN_FIELD: (
        422,
        lazy(
            "The message has a field that is not in the device guide. Remove it: nothing else may"
            " be sent, so that no data about a patient can be. Nothing of the message was kept."
        ),
    ),
    Refusal.WRONG_VALUE: (
        422,
        lazy(
            "A field is missing, of the wrong type or out of its range. Compare the field named "
            "here with the device guide, mend it and send the message again."
        ),
    ),
    Refusal.TOO_LARGE: (
        413,
        lazy(
            "The message is too large: at most 1,000,000 bytes and 10,000 readings. Send it in "
            "parts, each with the sequence number of its own first reading."
        ),
    ),
}


def of_refusal(reason: Refusal, field: str) -> Problem:
    """Return what a device is told about a message that is not as it should be."""
    status, detail = _REFUSALS[reason]
    return Problem(status, reason.value, detail, field=field)


def not_signed_in() -> Problem:
    """Return the one answer to a missing or wrong token and to an unknown device."""
    return Problem(
        401,
        "not_authorised",
        lazy(
            "Send « Authorization: Bearer <device>.<token> » with what was shown when the device "
            "was enrolled. If it was, the token was replaced or revoked: ask the hospital's "
            "engineer for a new one."
        ),
    )


def not_running() -> Problem:
    """Return what to say when the pilot has not begun, or was withdrawn."""
    return Problem(
        403,
        "not_running",
        lazy(
            "The pilot of this device has not been started, or was withdrawn. Keep the readings, "
            "and send them when the hospital's engineer has started it."
        ),
    )


def suspended() -> Problem:
    """Return what to say while a side of the pilot is suspended; the token stays good."""
    return Problem(
        403,
        "suspended",
        lazy(
            "The maker or the host of this pilot is suspended. Keep the readings, and send them "
            "with the same token when it is active again; try once an hour."
        ),
    )


def wrong_media_type() -> Problem:
    """Return what to say of a body that is neither JSON nor msgpack."""
    return Problem(
        415,
        "wrong_media_type",
        lazy(
            "Send « Content-Type: application/json » or « application/msgpack », and no "
            "Content-Encoding."
        ),
    )


def too_often(wait_s: int) -> Problem:
    """Return what to say when a device or an address sends too many requests."""
    return Problem(
        429,
        "too_often",
        lazy(
            "Too many requests. Wait as long as Retry-After says, and put more readings in each "
            "message: 10 to 100 are good."
        ),
        wait_s=wait_s,
    )


def not_kept() -> Problem:
    """Return what to say when the broker or the database does not answer, or too many wait."""
    return Problem(
        503,
        "not_kept",
        lazy(
            "The message could not be kept now. Send the same bytes again after Retry-After: what"
            " was kept after all is not kept twice."
        ),
        wait_s=AGAIN_S,
    )


def no_such_place(status: int) -> Problem:
    """Return what to say of an address or a method that we do not have."""
    return Problem(
        status,
        "no_such_place",
        lazy("Send a POST to /v1/readings, /v1/status or /v1/alarms."),
    )


def fault() -> Problem:
    """Return what to say of a mistake of ours."""
    return Problem(
        500,
        "fault",
        lazy("Something is wrong on our side, and it was noted. Send the same bytes again later."),
        wait_s=60,
    )
