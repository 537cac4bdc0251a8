"""The store beside a plain Python model: reordered, duplicated, late and malformed streams."""

from collections import Counter
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal import database
from portal.settings import get_settings
from telemetry_ingest.consumer.catalogue import Catalogue
from telemetry_ingest.consumer.checking import DAY_US
from telemetry_ingest.consumer.ledger import range_of, written
from telemetry_ingest.consumer.reading import gather
from telemetry_ingest.consumer.storing import Store
from tests.telemetry_ingest.consumer.devices import (
    NOW,
    PULSE,
    SPO2,
    arrived,
    drop_days,
    make_pilot_device,
)

HOUR_US = 3_600_000_000
TABLES = (
    "reading", "device_ledger", "device_clock", "device_last", "device_refused", "dirty_hour",
    "quarantine",
)  # fmt: skip
ats = st.one_of(
    st.integers(NOW, NOW + 3),  # often the same moment
    st.integers(NOW - DAY_US, NOW + 2 * DAY_US),  # late, reordered, too far ahead
)
metrics = st.sampled_from([SPO2, PULSE, "MDC_PULS_OXIM_SAT_O2", 147842, "MDC_NOT_THERE"])
values = st.none() | st.integers(0, 100).map(float)
messages = st.fixed_dictionaries(
    {
        "boot": st.integers(1, 2),
        "seq": st.integers(0, 12),
        "sent": st.integers(NOW - 1000, NOW),
        "readings": st.lists(st.tuples(ats, metrics, values), min_size=1, max_size=4),
    }
)
malformed = st.one_of(
    st.binary(max_size=8),
    messages.map(lambda one: one | {"patient": "somebody"}),
    messages.map(lambda one: {**one, "boot": -1}),
)
streams = st.lists(
    st.lists(st.tuples(st.integers(0, 1), messages | malformed), max_size=6), max_size=5
)


class Model:
    """What the tables hold, computed one reading at a time."""

    def __init__(self) -> None:
        self.rows: dict[tuple[int, int, int, int, int], float | None] = {}
        self.seqs: dict[tuple[int, int], set[int]] = {}
        self.refused: Counter[int] = Counter()
        self.held: set[tuple[int, bytes]] = set()
        self.hours: set[tuple[int, int]] = set()

    def take(self, device: int, content: bytes, message: Any) -> None:
        bad = 0
        if not isinstance(message, dict) or "patient" in message or message["boot"] < 0:
            bad = 1
        else:
            bad = self._readings(device, message)
        if bad and (device, content) not in self.held:
            self.held.add((device, content))
            self.refused[device] += bad

    def _readings(self, device: int, message: Any) -> int:
        bad = 0
        for seq, (at, metric, value) in enumerate(message["readings"], message["seq"]):
            code = SPO2 if metric == "MDC_PULS_OXIM_SAT_O2" else metric
            if code not in {SPO2, PULSE} or at > NOW + DAY_US:
                bad += 1
                continue
            self.seqs.setdefault((device, message["boot"]), set()).add(seq)
            key = (device, code, at, message["boot"], seq)
            if key not in self.rows:
                self.rows[key] = value
                self.hours.add((device, at // HOUR_US))
        return bad

    def last(self) -> dict[tuple[int, int], tuple[int, int, int]]:
        found: dict[tuple[int, int], tuple[int, int, int]] = {}
        for device, code, at, boot, seq in self.rows:
            key = (device, code)
            found[key] = max(found.get(key, (0, 0, 0)), (at, boot, seq))
        return found


@pytest.fixture
async def ready(db):
    devices = [await make_pilot_device(), await make_pilot_device()]
    catalogue = Catalogue()
    await catalogue.read(database.fetch)
    store = Store(get_settings().database_url.get_secret_value())
    yield devices, catalogue, store
    await store.close()
    await drop_days()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(stream=streams)
async def test_the_tables_say_what_the_model_says(ready, stream):
    devices, catalogue, store = ready
    await database.fetch(f"TRUNCATE {', '.join(TABLES)}")
    model = Model()
    for batch in [*stream, *stream[:1]]:  # the first batch comes once more at the end
        came = []
        for place, message in batch:
            content = message if isinstance(message, bytes) else msgspec.msgpack.encode(message)
            came.append(arrived(devices[place].id, content))
            model.take(devices[place].number, content, message)
        await store.store(gather(came, catalogue.get))

    assert await stored() == model.rows
    assert await ledger() == {
        key: written(range_of(sorted(seqs))) for key, seqs in model.seqs.items()
    }
    assert await refused() == +model.refused
    assert await hours() == model.hours
    assert await last() == model.last()
    assert await clocked() <= sum(len(batch) for batch in stream)


async def stored() -> dict[tuple[int, int, int, int, int], float | None]:
    rows = await database.fetch(
        "SELECT device, metric, (extract(epoch FROM at) * 1000000)::bigint AS at, boot, seq, value "
        "FROM reading"
    )
    return {tuple(row)[:5]: row["value"] for row in rows}


async def ledger() -> dict[tuple[int, int], str]:
    rows = await database.fetch("SELECT device, boot, stored::text AS stored FROM device_ledger")
    return {(row["device"], row["boot"]): row["stored"] for row in rows}


async def refused() -> Counter[int]:
    rows = await database.fetch(
        "SELECT device, sum(messages)::int AS times FROM device_refused GROUP BY device"
    )
    return Counter({row["device"]: row["times"] for row in rows})


async def hours() -> set[tuple[int, int]]:
    rows = await database.fetch(
        "SELECT device, (extract(epoch FROM hour) / 3600)::bigint AS hour FROM dirty_hour"
    )
    return {tuple(row) for row in rows}


async def last() -> dict[tuple[int, int], tuple[int, int, int]]:
    rows = await database.fetch(
        "SELECT device, metric, (extract(epoch FROM at) * 1000000)::bigint AS at, boot, seq "
        "FROM device_last"
    )
    return {tuple(row)[:2]: tuple(row)[2:] for row in rows}


async def clocked() -> int:
    rows = await database.fetch("SELECT coalesce(sum(messages), 0)::int FROM device_clock")
    return int(rows[0][0])
