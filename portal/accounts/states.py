"""The life of an organisation, from registration to verification and back."""

from enum import StrEnum


class OrganisationState(StrEnum):
    """Whether the cluster or an authority vouches for an organisation."""

    REGISTERED = "registered"
    VERIFIED = "verified"
    REFUSED = "refused"
    SUSPENDED = "suspended"


ORGANISATION_MOVES: dict[OrganisationState, frozenset[OrganisationState]] = {
    OrganisationState.REGISTERED: frozenset(
        {OrganisationState.VERIFIED, OrganisationState.REFUSED}
    ),
    # A verified organisation that changes what was verified is registered again.
    OrganisationState.VERIFIED: frozenset(
        {OrganisationState.SUSPENDED, OrganisationState.REGISTERED}
    ),
    # A refused organisation mends what was wrong and asks again.
    OrganisationState.REFUSED: frozenset({OrganisationState.REGISTERED}),
    OrganisationState.SUSPENDED: frozenset({OrganisationState.VERIFIED}),
}


class MoveNotAllowed(ValueError):
    """An organisation cannot go from its present state to the one asked for."""


def check_move(source: OrganisationState, target: OrganisationState) -> None:
    """Raise :class:`MoveNotAllowed` unless an organisation may go from one state to the other."""
    if target not in ORGANISATION_MOVES[source]:
        raise MoveNotAllowed(source, target)
