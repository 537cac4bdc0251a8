"""Where pilots are found: only by those who may see some."""

from telemetry_ingest.doors import HOME_CARDS, NAVIGATION
from tests.people import sam, sign_in


async def test_the_way_to_pilots(client):
    entry = NAVIGATION[0]
    await sign_in(client, await sam())
    mine = await client.get("/fr/")
    client.cookies.clear()
    others = await client.get("/fr/")

    assert (entry.route, entry.place) == ("pilots.list", "account")
    assert [one.route for one in HOME_CARDS] == ["pilots.list"] * 3
    # The cards of the home page lead there too; in the menu it stands only for who sees some.
    assert mine.text.count('href="/fr/pilots"') > others.text.count('href="/fr/pilots"')
