from uuid import uuid4

from catalog.actions.editing import register_device
from catalog.pages.recorded import devices, imports
from catalog.tables import ImportRun
from portal.accounts.identity import actor_with
from portal.package import Concerned
from portal.permissions import Actor
from tests.people import organisation_of, sam, vera


async def test_a_draft_is_named_and_opens_only_for_its_own_people(db):
    person = await sam()
    maker = await organisation_of(person)
    device = await register_device(maker.id, {"name_fr": "Pompe Atlas"}, actor=Actor(person.id))
    ids = [str(device), str(uuid4())]

    own = await devices(ids, await actor_with(person.id))
    others = await devices(ids, await actor_with((await vera()).id))

    assert list(own) == list(others) == [str(device)]
    assert own[str(device)].route == "catalog.device"
    assert str(own[str(device)].values["handle"]).endswith("-pompe-atlas")
    assert others[str(device)] == Concerned("Pompe Atlas")


async def test_an_import_is_named_by_its_file_and_opens_for_those_who_import_there(db):
    person = await sam()
    maker = await organisation_of(person)
    run = ImportRun(
        id=uuid4(), source="devices", organisation_id=maker.id, file_name="a.csv", digest="0" * 64
    )
    await ImportRun.insert(run)

    own = await imports([str(run.id)], await actor_with(person.id))
    others = await imports([str(run.id)], await actor_with((await vera()).id))

    assert own == {str(run.id): Concerned("a.csv", "catalog.import.run", {"run_id": run.id})}
    assert others == {str(run.id): Concerned("a.csv")}
