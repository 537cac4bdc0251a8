import pytest

from catalog.search import DEVICE_INDEX, SUPPLIER_INDEX
from portal.search.dirty import mark_dirty
from portal.search.draining import drain
from tests.catalog.devices import make_device, make_terms
from tests.people import make_organisation


@pytest.fixture
async def indexed(db):
    await make_terms()
    maker = await make_organisation(name="Atlas Pompes (fictif)")
    device = await make_device(maker)
    await mark_dirty("devices", [device.id])
    await mark_dirty("suppliers", [maker.id])
    await drain([DEVICE_INDEX, SUPPLIER_INDEX])


async def test_search_everything_groups_what_it_finds(client, indexed):
    answer = await client.get("/en/search?q=pompe")

    assert answer.status_code == 200
    assert answer.text.index("Infusion pump") < answer.text.index("Atlas Pompes (fictif)")
    assert 'href="/en/devices?q=pompe"' in answer.text
    assert 'href="/en/suppliers?q=pompe"' in answer.text


@pytest.mark.parametrize("count", [1, 3])
async def test_search_everything_asks_once_for_the_cards_of_each_index(
    client, db, statements, count
):
    await make_terms()
    makers = [await make_organisation(name=f"Atlas Pompes {n} (fictif)") for n in range(count)]
    devices = [await make_device(maker, udi_di=None, reference=f"R-{maker.id}") for maker in makers]
    await mark_dirty("devices", [one.id for one in devices])
    await mark_dirty("suppliers", [one.id for one in makers])
    await drain([DEVICE_INDEX, SUPPLIER_INDEX])
    await client.get("/en/search?q=pompe")
    statements.clear()

    answer = await client.get("/en/search?q=pompe")

    assert answer.text.count("/suppliers/") == count
    cards = [one for one in statements if "FROM search_index" not in one]  # it may ask the version
    assert [" ".join(one.split()[:6]) for one in cards] == [
        "SELECT id, subject, card FROM search_document"
    ] * 2


@pytest.mark.parametrize("address", ["", "?q=", "?q=xylophone", "?q=%00", "?q=" + "x" * 9000])
async def test_search_everything_answers_anything_calmly(client, indexed, address):
    assert (await client.get(f"/ar/search{address}")).status_code == 200
