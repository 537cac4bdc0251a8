"""Live values appear while the page is open; without JavaScript a reload shows them."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
import nats
import pytest
from playwright.sync_api import expect

from e2e.faults import faults, listen
from e2e.people import address_of, sign_in
from e2e.words import Words
from telemetry_ingest.demo import PILOT, UNIT
from telemetry_ingest.metrics import metrics
from tests.services import services

both = pytest.mark.parametrize("code", ["fr", "ar"])
SPO2 = metrics()["MDC_PULS_OXIM_SAT_O2"].code
DEVICE = UUID(str(UNIT))
PLACE = f'[data-last="{DEVICE.hex}-{SPO2}"]'


def beside(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Do it in a thread of its own: the browser's driver has a running loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: asyncio.run(work())).result()


def publish(value: float) -> None:
    """Tell who watches of a reading, as the ingest does after its commit."""
    content = msgspec.msgpack.encode(
        {
            "device": DEVICE.hex, "number": 1, "status": None, "alarms": [],
            "readings": [[time.time_ns() // 1000, SPO2, value]],
        }
    )  # fmt: skip

    async def send() -> None:
        broker = await nats.connect(services().nats_url)
        await broker.publish(f"live.{DEVICE.hex}", content)
        await broker.close()

    beside(send)


def store(value: float) -> None:
    """Store the latest value as the ingest does."""

    async def write() -> None:
        mine = services()
        url = mine.running.postgres.url(f"e2e_{mine.worker}")
        connection = await asyncpg.connect(url)
        await connection.execute(
            "INSERT INTO device_last SELECT number, $2, now(), 1, 1, $3, now() FROM pilot_device"
            " WHERE id = $1 ON CONFLICT (device, metric) DO UPDATE SET value = excluded.value,"
            " at = excluded.at, received_at = excluded.received_at",
            DEVICE,
            SPO2,
            value,
        )
        await connection.close()

    beside(write)


@both
def test_a_reading_appears_while_the_page_is_open(visit, code):
    words = Words(code)
    page = visit(words.path("/"))
    said = listen(page)
    sign_in(page, words, address_of("mia"))
    for path in (f"/pilots/{PILOT}/live", f"/pilots/{PILOT}/live/{DEVICE}?window=15m"):
        page.goto(words.path(path))
        state = page.get_by_text(words("Live: new values appear by themselves."))
        expect(state).to_be_visible()
        for value, shown in ((91.5, "91,5"), (92.25, "92,3")):
            store(value)  # the ingest tells of nothing before it is committed
            publish(value)
            expect(page.locator(PLACE)).to_have_text(shown)
        assert faults(page, code) == []
    expect(page.locator(".plot canvas")).to_have_count(2)
    assert said == []


@both
def test_without_javascript_a_reload_shows_the_latest_value_and_charts_with_tables(visit, code):
    words = Words(code)
    page = visit(words.path("/"), javascript=False, width=320)
    sign_in(page, words, address_of("mia"))
    store(93.5)
    page.goto(words.path(f"/pilots/{PILOT}/live/{DEVICE}"))
    expect(page.locator(PLACE)).to_have_text("93,5")
    expect(page.locator(".live-chart > svg")).to_have_count(2)

    store(94.5)
    page.get_by_role("link", name=words("Refresh")).click()
    expect(page.locator(PLACE)).to_have_text("94,5")
    expect(page.locator(".live-chart summary").first).to_be_visible()
