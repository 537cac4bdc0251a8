"""Names in the language of the reader, and the words for kinds, roles and states."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from portal.accounts.states import OrganisationState
from portal.permissions import OrganisationKind, Role
from portal.web.i18n import gettext, language, lazy

KINDS: dict[str, str] = {
    OrganisationKind.BUYER: lazy("Hospital or buyer"),
    OrganisationKind.MANUFACTURER: lazy("Manufacturer"),
    OrganisationKind.DISTRIBUTOR: lazy("Distributor or importer"),
    OrganisationKind.SUBCONTRACTOR: lazy("Subcontractor"),
    OrganisationKind.PARTNER: lazy("Partner (research, laboratory, training)"),
    OrganisationKind.CLUSTER: lazy("Industry cluster"),
    OrganisationKind.ORGANISER: lazy("Event organiser"),
    OrganisationKind.AUTHORITY: lazy("Authority or ministry"),
}
ROLES: dict[str, str] = {
    Role.VIEWER: lazy("Reader"),
    Role.EDITOR: lazy("Editor"),
    Role.ADMIN: lazy("Administrator"),
}
STATES: dict[str, str] = {
    OrganisationState.REGISTERED: lazy("Waiting for verification"),
    OrganisationState.VERIFIED: lazy("Verified"),
    OrganisationState.REFUSED: lazy("Refused"),
    OrganisationState.SUSPENDED: lazy("Suspended"),
}


def in_language(fr: str, ar: str = "", en: str = "") -> str:
    """Return the name in the language of this request, or the French one."""
    return {"ar": ar, "en": en}.get(language.get(), fr) or fr


def pairs(words: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return value and translated text of each choice, for a list to choose from."""
    return [(str(value), gettext(text)) for value, text in words.items()]


def place_pairs(places: Iterable[Any]) -> list[tuple[str, str]]:
    """Return code and name of each region or province, for a list to choose from."""
    return [(one.code, one.name) for one in places]


def kind_words(kinds: Iterable[OrganisationKind]) -> str:
    """Return everything an organisation is, in words."""
    return " · ".join(gettext(KINDS[kind]) for kind in kinds)


def as_moment(value: object) -> datetime | None:
    """Return the moment that a text as JSON has it says, ``None`` when it says none."""
    try:
        return datetime.fromisoformat(str(value)) if "T" in str(value) else None
    except ValueError:
        return None


FILTERS: dict[str, Callable[..., Any]] = {
    "choice_pairs": pairs,
    "place_pairs": place_pairs,
    "kind_words": kind_words,
    "as_moment": as_moment,
}
