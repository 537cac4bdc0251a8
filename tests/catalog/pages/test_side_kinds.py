"""A company that makes devices besides something else is a maker everywhere."""

from catalog.tables import DeviceModel
from portal.permissions import OrganisationKind
from tests.catalog.browsing import post
from tests.people import make_organisation, make_person, sign_in


async def test_a_partner_that_also_makes_devices_registers_and_finds_them(client):
    laboratory = await make_organisation(
        OrganisationKind.PARTNER, other_kinds=[OrganisationKind.MANUFACTURER.value]
    )
    await sign_in(client, await make_person(organisation=laboratory))

    begun = await post(client, "/fr/devices/new", name_fr="Pompe du laboratoire")
    mine = await client.get("/fr/devices/mine")
    imports = await client.get("/fr/my/devices/import")

    assert begun.status_code == 303
    assert [one.organisation_id for one in await DeviceModel.objects()] == [laboratory.id]
    assert "Pompe du laboratoire" in mine.text
    assert imports.status_code == 200
