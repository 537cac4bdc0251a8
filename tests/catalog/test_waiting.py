from datetime import UTC, datetime, timedelta

from catalog.queries.waiting import waiting_devices
from catalog.states import DeviceState
from portal.accounts.identity import actor_with
from tests.catalog.devices import make_device
from tests.people import organisation_of, sam, vera

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)


async def test_what_waits_is_counted_with_its_oldest_and_what_is_new(db):
    maker = await organisation_of(await sam())
    judge = await actor_with((await vera()).id)
    for hours in (1, 5):
        when = AT - timedelta(hours=hours)
        await make_device(maker, number=hours, state=DeviceState.SUBMITTED, submitted_at=when)

    found = await waiting_devices(judge, AT - timedelta(hours=2))

    assert (found.count, found.new, found.oldest) == (2, 1, AT - timedelta(hours=5))


async def test_a_verifier_is_not_told_of_the_devices_of_their_own_organisation(db):
    person = await vera()
    own = await organisation_of(person)
    await make_device(own, state=DeviceState.SUBMITTED, submitted_at=AT)

    found = await waiting_devices(await actor_with(person.id), AT)

    assert (found.count, found.oldest) == (0, None)
