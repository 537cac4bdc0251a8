from dataclasses import replace

import pytest

from telemetry_ingest.health.beats import GATEWAY
from telemetry_ingest.health.judging import Area, Kind, Level, judge, level_of
from tests.telemetry_ingest.health.snapshots import KEPT, beat, broker, seen

ACT, LOOK = Level.ACT, Level.LOOK
DEAD = beat(name="two", silent_s=11)


def test_nothing_is_said_when_all_is_well():
    assert (judge(seen()), level_of(judge(seen()))) == ([], Level.GOOD)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"broker": None}, [(Kind.BROKER_AWAY, ACT)]),
        ({"broker": None, "no_stream": True}, [(Kind.NO_STREAM, ACT)]),
        ({"kept": None, "grown": None}, [(Kind.DATABASE_AWAY, ACT)]),
        ({"beats": None, "worker": None}, [(Kind.VALKEY_AWAY, ACT)]),
        ({"beats": (beat(GATEWAY),)}, [(Kind.NO_INGEST, ACT)]),
        ({"beats": (beat(silent_s=11), beat(GATEWAY))}, [(Kind.NO_INGEST, ACT)]),
        ({"beats": (beat(), DEAD, beat(GATEWAY))}, [(Kind.INGEST_DIED, LOOK)]),
        ({"beats": (beat(),)}, [(Kind.NO_GATEWAY, LOOK)]),
        ({"beats": (beat(), beat(GATEWAY, silent_s=11))}, [(Kind.NO_GATEWAY, ACT)]),
        ({"worker": False}, [(Kind.NO_WORKER, LOOK)]),
        ({"broker": broker(share=0.85)}, [(Kind.STREAM_FILLING, LOOK)]),
        ({"broker": broker(share=0.95)}, [(Kind.STREAM_FULL, ACT)]),
        ({"broker": broker(waiting=9, late_s=59)}, []),
        ({"broker": broker(waiting=9, late_s=60)}, [(Kind.LATE, LOOK)]),
        ({"broker": broker(waiting=9, late_s=86_400)}, [(Kind.VERY_LATE, ACT)]),
        ({"kept": replace(KEPT, thrown_away=2)}, [(Kind.THROWN_AWAY, ACT)]),
        ({"grown": 3}, [(Kind.MISSING, LOOK)]),
        ({"kept": replace(KEPT, missing=3)}, []),
        ({"kept": replace(KEPT, quarantined=3)}, []),
        ({"kept": replace(KEPT, quarantined=3, playable=3)}, [(Kind.QUARANTINE, LOOK)]),
        ({"kept": replace(KEPT, days_ahead=0)}, [(Kind.NO_DAYS, LOOK)]),
        ({"kept": replace(KEPT, taken_hours=2, taken_s=901)}, [(Kind.ROLLUPS_STUCK, LOOK)]),
        ({"kept": replace(KEPT, overdue_days=1)}, [(Kind.NOT_MOVED, LOOK)]),
    ],
)  # fmt: skip
def test_each_fault_is_said_once_and_as_urgent_as_it_is(changes, said):
    assert [(one.kind, one.level) for one in judge(seen(**changes))] == said


def test_the_most_urgent_comes_first_and_decides():
    found = judge(seen(grown=3, broker=None, worker=False))

    assert [one.kind for one in found] == [Kind.BROKER_AWAY, Kind.NO_WORKER, Kind.MISSING]
    assert (level_of(found), level_of(found, Area.LOST), level_of(found, Area.LATE)) == (2, 1, 0)
