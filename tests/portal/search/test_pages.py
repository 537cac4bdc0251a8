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


@pytest.mark.parametrize("address", ["", "?q=", "?q=xylophone", "?q=%00", "?q=" + "x" * 9000])
async def test_search_everything_answers_anything_calmly(client, indexed, address):
    assert (await client.get(f"/ar/search{address}")).status_code == 200
