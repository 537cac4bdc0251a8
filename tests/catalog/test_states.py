import pytest

from catalog.states import DEVICE_MOVES, MOVES, DeviceState, Move, target_of


def test_the_named_moves_are_the_moves_table():
    named = {state: frozenset[DeviceState]() for state in DeviceState}
    for sources, target in MOVES.values():
        for source in sources:
            named[source] |= {target}

    assert named == DEVICE_MOVES


@pytest.mark.parametrize(
    ("move", "source", "target"),
    [
        (Move.SUBMIT, DeviceState.DRAFT, DeviceState.SUBMITTED),
        (Move.PUBLISH, DeviceState.SUBMITTED, DeviceState.PUBLISHED),
        (Move.PUBLISH, DeviceState.DRAFT, None),
        (Move.SEND_BACK, DeviceState.SUBMITTED, DeviceState.DRAFT),
        (Move.SUSPEND, DeviceState.DRAFT, None),
        (Move.REINSTATE, DeviceState.SUSPENDED, DeviceState.PUBLISHED),
        (Move.RETIRE, DeviceState.RETIRED, None),
    ],
)
def test_target_of(move, source, target):
    assert target_of(move, source) is target
