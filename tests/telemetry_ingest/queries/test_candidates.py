"""Who and what a pilot can be proposed for."""

from catalog.states import DeviceState
from portal import database
from portal.permissions import OrganisationKind
from telemetry_ingest.access import HOSTS, MAKERS
from telemetry_ingest.queries.candidates import candidates, hosts, may_host, owner_of
from tests.catalog.devices import make_device
from tests.people import make_organisation
from tests.telemetry_ingest.pilots import two_sides


async def test_published_devices_of_verified_makers_by_any_of_their_words(db):
    sides = await two_sides()
    await make_device(sides.owner_id, name_fr="Brouillon", state=DeviceState.DRAFT)
    await make_device(None, name_fr="Oxymètre étranger", origin="foreign")
    for words, found in (
        ("", 1), ("oxymetre", 1), ("OXYMÈTRE pouls", 1), ("atlas", 1), ("oxymètre atlas", 1),
        ("brouillon", 0), ("étranger", 0), ("' OR 1=1", 0),
    ):  # fmt: skip
        assert len(await candidates(words, MAKERS)) == found, words
    (one,) = await candidates("pouls", MAKERS)
    assert (one.id, one.owner_id, one.name) == (
        sides.device.id, sides.owner_id, "Oxymètre de pouls",
    )  # fmt: skip
    assert await candidates("", MAKERS, mine=[sides.host_id]) == []
    assert await candidates("", MAKERS, mine=[sides.owner_id]) == [one]


async def test_a_maker_that_is_suspended_or_not_verified_cannot_be_a_side(db):
    sides = await two_sides()
    assert await owner_of(sides.device.id, MAKERS) == sides.owner_id
    assert await owner_of(sides.device.id, frozenset({OrganisationKind.ORGANISER})) is None
    await database.fetch(
        "UPDATE organisation SET state = 'suspended' WHERE id = $1", sides.owner_id
    )
    assert await owner_of(sides.device.id, MAKERS) is None


async def test_hosts_are_verified_hospitals_and_clusters_but_the_maker(db):
    sides = await two_sides()
    young = await make_organisation(OrganisationKind.BUYER, verified=False, name="Clinique")
    cluster = await make_organisation(OrganisationKind.CLUSTER, name="Amas (fictif)")

    found = await hosts(HOSTS, but=sides.owner_id)

    assert [one for one, _name in found] == [cluster.id, sides.host_id]
    assert await hosts(HOSTS, but=cluster.id) == found[1:]
    assert [await may_host(one, HOSTS) for one in (cluster.id, young.id, sides.owner_id)] == [
        True, False, False,
    ]  # fmt: skip
