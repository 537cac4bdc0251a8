"""How well a registration is supported by what the record holds."""

from dataclasses import dataclass
from datetime import date

from catalog.states import OriginLevel, Registration


@dataclass(frozen=True)
class Standing:
    """Where a registration stands on a day, and how well that is supported."""

    status: Registration
    level: OriginLevel


def registration_standing(
    declared: str, expires_on: date | None, today: date, *, has_certificate: bool
) -> Standing:
    """Judge a declared registration: a certificate past its day has expired, whatever is declared.

    A certificate everybody can open supports it. Nothing verifies it: there is no public register
    to compare it with (law 84-12, art. 12, names the certificate alone).
    """
    status = Registration(declared)
    if status is Registration.REGISTERED and expires_on is not None and expires_on < today:
        status = Registration.EXPIRED
    if status in {Registration.NONE, Registration.UNKNOWN}:
        return Standing(status, OriginLevel.NONE)
    held = has_certificate and status is not Registration.IN_PROGRESS
    return Standing(status, OriginLevel.DOCUMENTED if held else OriginLevel.DECLARED)


def look(standing: Standing) -> str:
    """Return how its badge looks: green is kept for what somebody verified."""
    if standing.status in {Registration.NONE, Registration.EXPIRED}:
        return "attention"
    return "good" if standing.level is OriginLevel.VERIFIED else "unsure"
