from catalog.states import DeviceState, RiskClass
from catalog.tables import DeviceModel, new_id


async def test_every_state_and_class_can_be_saved(db):
    rows = [DeviceModel(id=new_id(), state=state) for state in DeviceState]
    rows += [DeviceModel(id=new_id(), risk_class=risk) for risk in RiskClass]

    await DeviceModel.insert(*rows)

    assert await DeviceModel.count() == len(DeviceState) + len(RiskClass)


def test_new_ids_grow_with_time_and_are_version_seven():
    first, second = new_id(), new_id()

    assert (first.version, first.variant) == (7, "specified in RFC 4122")
    assert first.int >> 80 <= second.int >> 80
