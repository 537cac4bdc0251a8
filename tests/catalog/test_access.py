from uuid import uuid4

import pytest

from catalog.access import DEVICE_REVIEW
from portal.permissions import Actor, Membership, OrganisationKind, Role, may


class Device:
    def __init__(self, organisation_id):
        self.organisation_id = organisation_id


@pytest.mark.parametrize("of_maker", [True, False])
def test_nobody_reviews_a_device_of_their_own_organisation(of_maker):
    cluster, maker = uuid4(), uuid4()
    places = [(cluster, OrganisationKind.CLUSTER)]
    places += [(maker, OrganisationKind.MANUFACTURER)] if of_maker else []
    actor = Actor(
        person_id=uuid4(),
        memberships=tuple(Membership(one, kind, Role.ADMIN, True) for one, kind in places),
    )

    assert may(actor, DEVICE_REVIEW)
    assert may(actor, DEVICE_REVIEW, Device(uuid4()))
    assert may(actor, DEVICE_REVIEW, Device(maker)) is not of_maker
