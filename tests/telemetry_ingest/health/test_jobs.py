"""The worker's sample, and the charts that are made of them."""

from datetime import UTC, datetime

from valkey.asyncio import Valkey

from portal.settings import get_settings
from telemetry_ingest.health.collecting import SAMPLES, samples
from telemetry_ingest.health.drawing import charts
from telemetry_ingest.health.jobs import sample_telemetry
from telemetry_ingest.health.trends import KEPT, stretches
from tests.services import services
from tests.telemetry_ingest.broker.brokers import prepared


async def test_samples_of_an_hour_are_kept_and_drawn(db):
    valkey = Valkey.from_url(get_settings().valkey_url.get_secret_value())
    await valkey.delete(SAMPLES)
    async with prepared(services()):
        for _ in range(3):
            await sample_telemetry({"redis": valkey})
    found = await samples(valkey)
    await valkey.rpush(SAMPLES, *(await valkey.lrange(SAMPLES, 0, 0)) * (2 * KEPT))
    await sample_telemetry({"redis": valkey})

    assert [one.late_s for one in found] == [0.0, 0.0, 0.0]
    assert await valkey.llen(SAMPLES) == KEPT
    assert [one.count("<svg") for one in charts(stretches(found, datetime.now(UTC)))] == [3, 1]
    await valkey.delete(SAMPLES)
    await valkey.aclose()
