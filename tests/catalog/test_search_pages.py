import re

import pytest

from catalog.queries.lists import public_counts
from catalog.search import DEVICE_INDEX, SUPPLIER_INDEX
from catalog.tables import DeviceAttribute, DeviceModel, new_id
from portal.permissions import OrganisationKind
from portal.search.dirty import mark_dirty
from portal.search.draining import drain
from tests.catalog.devices import make_attributes, make_device, make_terms
from tests.people import make_organisation

INDEXES = (DEVICE_INDEX, SUPPLIER_INDEX)


async def indexed(*devices: DeviceModel, suppliers=()) -> None:
    await mark_dirty("devices", [one.id for one in devices])
    await mark_dirty("suppliers", [one.id for one in suppliers])
    await drain(INDEXES)


@pytest.fixture
async def three(db):
    """A Moroccan pump, a Moroccan monitor and a foreign reference pump."""
    await make_terms()
    await make_attributes()
    maker = await make_organisation(name="Atlas Dispositifs (fictif)")
    pump = await make_device(maker, price_min_centimes=450_000)
    await DeviceAttribute.insert(
        DeviceAttribute(id=new_id(), device=pump.id, key="flow_max", number=1200.0)
    )
    monitor = await make_device(
        maker,
        name_fr="Moniteur multiparamétrique",
        name_ar="جهاز مراقبة",
        name_en="Patient monitor",
        summary_fr="",
        summary_ar="",
        purpose_fr="",
        reference="MO-7",
        emdn_code="Z120302",
        risk_class="IIa",
        udi_di=None,
    )
    foreign = await make_device(
        name_fr="",
        name_ar="",
        name_en="Infusion pump, volumetric",
        reference="EU-1",
        origin="foreign",
        origin_level="none",
        is_reference=True,
        source="eudamed",
        source_key="B-1",
        manufacturer_name="Beispiel Geräte (fictional)",
        udi_di=None,
    )
    await indexed(pump, monitor, foreign, suppliers=[maker])
    return pump, monitor, foreign


def named(html: str) -> list[str]:
    """Return the names of the results."""
    return re.findall(r"<h3><a href=\"[^\"]*\"><bdi[^>]*>([^<]*)</bdi>", html)


async def test_devices_shows_moroccan_before_reference_at_equal_match(client, three):
    answer = await client.get("/en/devices?q=infusion pump")

    assert answer.status_code == 200
    assert named(answer.text) == ["Infusion pump", "Infusion pump, volumetric"]


@pytest.mark.parametrize("words", ["pompe", "مضخة", "pumps", "POMPES À PERFUSION", "ponpe"])
async def test_devices_finds_in_every_language_and_over_a_typo(client, three, words):
    answer = await client.get("/fr/devices", params={"q": words})

    assert named(answer.text)[0] == "Pompe à perfusion"


@pytest.mark.parametrize(
    "scanned",
    ["06111234567895", "(01)06111234567895(17)270101(10)A1", "010611123456789510LOT\x1d21SER"],
)
async def test_devices_finds_a_scanned_udi_as_an_exact_hit(client, three, scanned):
    answer = await client.get("/en/devices", params={"q": scanned})

    assert named(answer.text) == ["Infusion pump"]
    assert "Exact match" in answer.text


async def test_devices_counts_facets_without_their_own_filter(client, three):
    answer = (await client.get("/api/v1/devices?class=IIa")).json()

    assert answer["total"] == 1
    assert answer["facets"]["class"]["values"] == [
        {"value": "IIb", "count": 2, "chosen": False},
        {"value": "IIa", "count": 1, "chosen": True},
    ]


async def test_devices_opens_the_nomenclature_level_by_level(client, three):
    closed = (await client.get("/api/v1/devices")).json()["facets"]["emdn"]["values"]
    opened = (await client.get("/api/v1/devices?emdn=Z/Z12/Z1203")).json()
    values = [one["value"] for one in opened["facets"]["emdn"]["values"]]

    assert [one["value"] for one in closed] == ["Z"]
    assert values == ["Z", "Z/Z12", "Z/Z12/Z1203", "Z/Z12/Z1203/Z120301", "Z/Z12/Z1203/Z120302"]


async def test_devices_narrows_by_a_numeric_attribute(client, three):
    answer = (await client.get("/api/v1/devices?attribute.flow_max_min=1 000,5")).json()

    assert [one["reference"] for one in answer["devices"]] == ["PM-20"]


async def test_devices_and_the_api_answer_alike(client, three):
    address = "?q=pump&sort=title&origin=morocco&origin=foreign"
    page = await client.get(f"/en/devices{address}")
    answer = (await client.get(f"/api/v1/devices{address}")).json()

    assert named(page.text) == [one["name"]["en"] for one in answer["devices"]]
    assert f"{answer['total']} devices" in page.text


async def test_devices_says_when_nothing_matches_and_when_filters_exclude_all(client, three):
    nothing = await client.get("/en/devices?q=xylophone")
    excluded = await client.get("/en/devices?q=monitor&class=III")

    assert "Nothing matches « xylophone »" in nothing.text
    assert "Your filters exclude everything" in excluded.text
    assert 'href="/en/devices?q=monitor"' in excluded.text


async def test_devices_lists_each_filter_with_a_way_to_remove_it(client, three):
    answer = await client.get("/en/devices?q=pump&class=IIb&origin=morocco&page=1")

    assert 'href="/en/devices?q=pump&amp;origin=morocco"' in answer.text
    assert 'href="/en/devices?q=pump&amp;class=IIb"' in answer.text


@pytest.mark.parametrize(
    "address",
    [
        "?page=-1",
        "?page=99999",
        "?page=%00",
        "?page=1e9",
        "?colour=red",
        "?class=IIb&class=IIb&class=",
        "?q=" + "x" * 5000,
        "?q=%00%ff",
        "?attribute.flow_max_min=NaN",
        "?attribute.flow_max_max=inf",
        "?sort=;drop table",
        "?view=3d",
        "?emdn=Z/../..",
        "?attribute._min=3",
    ],
)
async def test_devices_answers_anything_calmly(client, three, address):
    page = await client.get(f"/fr/devices{address}")
    twin = await client.get(f"/api/v1/devices{address}")

    assert (page.status_code, twin.status_code) == (200, 200)


async def test_devices_beyond_the_last_page_shows_the_last(client, three):
    answer = (await client.get("/api/v1/devices?page=99999")).json()

    assert (answer["page"], answer["pages"], len(answer["devices"])) == (1, 1, 3)


async def test_devices_gives_htmx_the_parts_and_a_clean_address(client, three):
    answer = await client.get(
        "/en/devices?q=pump&class=IIb&attribute.flow_max_min=&sort=",
        headers={
            "HX-Request": "true",
            "HX-Request-Type": "partial",
            "HX-Current-URL": "http://portal.test/en/devices?q=pump",
        },
    )

    assert "<html" not in answer.text
    assert 'id="search-results"' in answer.text
    assert 'id="search-facets" class="facets" hx-swap-oob="true"' in answer.text
    assert answer.headers["HX-Push-Url"] == "/en/devices?q=pump&class=IIb"


async def test_devices_shows_a_table_when_asked(client, three):
    answer = await client.get("/en/devices?view=table&sort=-cost")

    assert 'aria-sort="descending"' in answer.text
    assert re.findall(r"<th scope=\"row\"><a [^>]*><bdi>([^<]*)", answer.text)[0] == "Infusion pump"


async def test_device_that_is_no_longer_published_is_not_found(client, three):
    pump, *_ = three
    await DeviceModel.update({DeviceModel.state: "suspended"}).where(DeviceModel.id == pump.id)
    await indexed(pump)

    assert (await client.get("/api/v1/devices?q=PM-20")).json()["total"] == 0


async def test_suppliers_are_found_with_what_they_offer(client, three):
    answer = (await client.get("/api/v1/suppliers?q=atlas")).json()

    assert [(one["devices"], one["moroccan"]) for one in answer["suppliers"]] == [(2, 2)]
    assert named((await client.get("/ar/suppliers")).text) == ["Atlas Dispositifs (fictif)"]


async def test_supplier_that_changes_takes_its_devices_along(client, three):
    from catalog.search import organisation_changed
    from portal import database
    from portal.accounts.tables import Organisation

    pump, *_ = three
    async with database.transaction():
        await Organisation.update({Organisation.name_fr: "Rif Médical (fictif)"}).where(
            Organisation.id == pump.organisation_id
        )
        await organisation_changed(pump.organisation_id)
    await drain(INDEXES)

    answer = (await client.get("/api/v1/devices?q=rif")).json()
    assert answer["total"] == 2


@pytest.mark.parametrize("count", [1, 3])
async def test_devices_asks_the_database_as_often_however_many_there_are(
    client, db, statements, count
):
    await make_terms()
    devices = [await make_device(udi_di=None, reference=f"R-{n}") for n in range(count)]
    await indexed(*devices)
    await client.get("/fr/devices")
    statements.clear()

    await client.get("/fr/devices")

    assert len(statements) <= 2


async def test_the_number_of_suppliers_on_the_home_page_is_the_length_of_their_list(client, three):
    buyer = await make_organisation(OrganisationKind.BUYER, name="CHU (fictif)")
    partner = await make_organisation(OrganisationKind.PARTNER, name="Essais (fictif)")
    waits = await make_organisation(name="En attente (fictif)", verified=False)
    await indexed(suppliers=[buyer, partner, waits])

    listed = (await client.get("/api/v1/suppliers")).json()["total"]

    assert listed == (await public_counts())["suppliers"] == 2


async def test_a_card_says_which_other_language_its_words_are_in(client, three):
    text = (await client.get("/ar/devices")).text

    assert re.findall(r'<bdi lang="en">([^<]+)</bdi></a></h3>', text) == [
        "Infusion pump, volumetric"
    ]


@pytest.mark.parametrize(
    "place",
    [
        "Errachidia",
        "errachidía",
        "الرشيدية",
        "الرشيديه",
        "Drâa-Tafilalet",
        "draa tafilalet",
        "درعة",
    ],
)
async def test_suppliers_and_their_devices_are_found_by_where_they_are(client, db, place):
    await make_terms()
    far = await make_organisation(name="Oasis Médical (fictif)", region="08", province="08.201")
    near = await make_organisation(name="Port Médical (fictif)", region="06", province="06.141")
    devices = [await make_device(one, udi_di=None, reference=one.name_fr) for one in (far, near)]
    await indexed(*devices, suppliers=[far, near])

    suppliers = (await client.get("/api/v1/suppliers", params={"q": place})).json()["suppliers"]
    found = (await client.get("/api/v1/devices", params={"q": place})).json()["devices"]

    assert [one["name"]["fr"] for one in suppliers] == ["Oasis Médical (fictif)"]
    assert [one["supplier"]["fr"] for one in found] == ["Oasis Médical (fictif)"]


@pytest.mark.parametrize("words", ["pump", "pompe", "مضخة"])
async def test_a_foreign_record_in_one_language_is_found_by_words_of_the_others(client, db, words):
    await make_terms()
    english = await make_device(
        name_fr="", name_ar="", name_en="Syringe pump", summary_fr="", summary_ar="",
        purpose_fr="", reference="X-1", emdn_code="", is_reference=True, udi_di=None,
        source="eudamed", source_key="B-2", manufacturer_name="Beispiel (fictional)",
    )  # fmt: skip
    await indexed(english)

    answer = await client.get("/en/devices", params={"q": words})

    assert named(answer.text) == ["Syringe pump"]
