"""A small pack for tests: a device under test and its reference, three days, one outage."""

from datetime import timedelta
from math import sin
from uuid import UUID

from telemetry_ingest.evidence.observed import Numbers, Refusals, Unit, micros, window
from telemetry_ingest.evidence.pack import Contents, Pack, made
from telemetry_ingest.evidence.readings import Readings, line
from telemetry_ingest.metrics import metrics
from telemetry_ingest.protocol import Measure, Protocol, Threshold, Watched
from tests.telemetry_ingest.protocols import SPO2, STARTS, protocol

KEY = bytes(range(32))
MINUTE = 60_000_000
START = micros(STARTS)
CODE = metrics()[SPO2].code


def agreed(**changes) -> Protocol:
    thresholds = (
        Threshold(measure=Measure.AVAILABILITY, limit="0.5", least_hours=24),
        Threshold(measure=Measure.ACCURACY, limit="3", metric=SPO2, least_hours=24),
        Threshold(measure=Measure.MTBF, limit="500", least_hours=24),
    )
    parts = {
        "ends_at": STARTS + timedelta(days=10),
        "watched": (Watched(metric=SPO2, low=50, high=100, every_s=600),),
        "thresholds": thresholds,
        "silence_s": 1800,
        "reference": True,
        "pairing_s": 5,
    }
    return protocol(**parts | changes)


def rows(days: int = 10):
    """Return readings every ten minutes; device 1 is 0.5 above its reference, device 2."""
    found = []
    for device, shift in ((1, 0.5), (2, 0.0)):
        for place in range(days * 144):
            value = 96 + sin(place / 7) + shift + (0.25 if device == 1 and place % 2 else 0)
            value = None if device == 1 and place == 30 else round(value, 3)
            at = START + place * 10 * MINUTE + device * 1_000_000
            found.append((device, CODE, at, 1, place, value))
    return found


def some_units() -> tuple[Unit, ...]:
    down = START + 30 * 60 * MINUTE
    return (
        Unit(
            number=1,
            serial="SN-1",
            firmware="1.0",
            is_reference=False,
            status=((START, "up"), (down, "down"), (down + 120 * MINUTE, "up")),
            alarms=((START + MINUTE, 5, "high", True), (START + 9 * MINUTE, 5, "high", False)),
            clock=tuple((START + hour * 60 * MINUTE, 1000 * hour) for hour in range(5)),
            ledger=(Numbers(1, 1, ((0, 1440),)),),
            refused=(Refusals("unknown_field", "patient", 3),),
        ),
        Unit(number=2, serial="REF-1", firmware="", is_reference=True),
    )


def contents(**changes) -> Contents:
    terms = agreed(**changes)
    return Contents(
        {"id": str(UUID(int=4)), "number": 4, "title": terms.title, "device": "Oxymètre (fictif)",
         "owner": "Atlas (fictif)", "host": "CHU (fictif)", "site": "Réanimation"},
        terms, window(terms, None), some_units(),
    )  # fmt: skip


def read(given=None) -> Readings:
    readings = Readings()
    readings.add(rows() if given is None else given)
    return readings


def a_pack(given=None, **changes) -> Pack:
    return made(contents(**changes), read(given), KEY)


def lines(given=None) -> list[bytes]:
    return [line(one) for one in (rows() if given is None else given)]
