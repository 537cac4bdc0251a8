"""How well a registration or an origin is supported: one rule and one wording for every page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from catalog import labels
from catalog.rules.proof import look, registration_standing
from catalog.states import Origin, OriginLevel, Registration
from portal.settings import LANGUAGES
from portal.web.i18n import gettext as _
from portal.web.i18n import language


@dataclass(frozen=True)
class Proof:
    """A statement with how well it is supported, as a badge shows it; no words is no badge."""

    words: str
    look: str = ""
    status: str = ""
    level: str = ""


def registration(
    declared: str, expires_on: date | None, today: date, *, has_certificate: bool
) -> Proof:
    """Return where a registration stands today, in words and as a look."""
    if declared == Registration.UNKNOWN:
        return Proof("")
    standing = registration_standing(declared, expires_on, today, has_certificate=has_certificate)
    words = _with_level(_(labels.REGISTRATIONS[standing.status]), standing.level)
    return Proof(words, look(standing), standing.status.value, standing.level.value)


def origin(declared: str, level: str, country: str = "") -> Proof:
    """Return where a device is made, in words and as a look."""
    if declared == Origin.UNKNOWN:
        return Proof("")
    words = _(labels.ORIGINS[declared])
    if declared == Origin.FOREIGN:
        return Proof(f"{words} ({country})" if country else words, "", declared, level)
    shown = "good" if level == OriginLevel.VERIFIED else "unsure"
    return Proof(_with_level(words, level), shown, declared, level)


def _with_level(words: str, level: str) -> str:
    return f"{words} ({_(labels.LEVELS[level])})" if labels.LEVELS[level] else words


@dataclass(frozen=True)
class StandingJson:
    """Where something stands and how well it is supported, with the words pages use for it."""

    status: str
    level: str
    words: dict[str, str]


def standing_json(make: Callable[[], Proof]) -> StandingJson | None:
    """Return a proof for programs; nothing when nothing was declared."""
    one = make()
    return StandingJson(one.status, one.level, _in_every_language(make)) if one.words else None


def _in_every_language(make: Callable[[], Proof]) -> dict[str, str]:
    found = {}
    for code in LANGUAGES:
        before = language.set(code)
        try:
            found[code] = make().words
        finally:
            language.reset(before)
    return found
