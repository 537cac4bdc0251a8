"""Where pilots are found: in the menu by those who may see some, on the home page by everybody."""

from portal.permissions import Actor, may
from telemetry_ingest.doors import HOME_CARDS, NAVIGATION
from tests.catalog.devices import actor_for
from tests.people import sam, sign_in


async def test_the_way_to_pilots(client):
    maker = await sam()
    pilots = next(one for one in NAVIGATION if one.route == "pilots.list")
    assert may(await actor_for(maker), pilots.action)
    assert not may(Actor(None), pilots.action)
    assert [one.route for one in HOME_CARDS] == ["pilots.list"] * 3

    assert (await client.get("/fr/pilots")).status_code == 303
    await sign_in(client, maker)
    assert 'href="/fr/pilots"' in (await client.get("/fr/devices")).text
