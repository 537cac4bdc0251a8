"""The one subscription of a web process, and how its streams end when the process stops."""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from types import FrameType

from litestar import Litestar
from nats.aio.client import Client
from nats.aio.msg import Msg

from portal.settings import Settings
from telemetry_ingest.live.events import event, told
from telemetry_ingest.live.hub import Hub

logger = logging.getLogger(__name__)

SUBJECT = "live.*"
PAUSE_S, LONGEST_PAUSE_S = 0.5, 10.0
LONGEST_GOODBYE_S = 2.0
STOPS = (signal.SIGTERM, signal.SIGINT)


@asynccontextmanager
async def listening(app: Litestar) -> AsyncIterator[None]:
    """Hold the subscription while the application runs; pages work as well without a broker."""
    hub = app.state.live = Hub()
    settings: Settings = app.state.settings
    task = asyncio.create_task(listen(hub, settings))
    try:
        with on_stop(hub.close):
            yield
    finally:
        hub.close()
        task.cancel()
        await asyncio.wait({task})


async def listen(hub: Hub, settings: Settings) -> None:
    """Subscribe, however long the broker is away; ends when it is cancelled."""
    if settings.nats_url is None:
        return
    client = await _connected(settings.nats_url.get_secret_value())
    try:
        await client.subscribe(SUBJECT, cb=_passing_on(hub))
        await asyncio.Event().wait()
    finally:
        with suppress(Exception):
            await client.close()


async def _connected(url: str) -> Client:
    pause_s = PAUSE_S
    while True:
        client = Client()
        connecting = asyncio.ensure_future(
            client.connect(
                url.split(","),
                name="tajhiz web",
                max_reconnect_attempts=-1,
                reconnect_time_wait=1,
                error_cb=_say,
            )
        )
        try:
            # Stopped in the middle, the client would leave its connection open.
            await asyncio.shield(connecting)
            return client
        except asyncio.CancelledError:
            await asyncio.wait({connecting}, timeout=LONGEST_GOODBYE_S)
            connecting.cancel()
            with suppress(Exception):
                await client.close()
            raise
        except Exception as error:  # whatever it is, the pages without live values go on
            logger.warning("No broker for live values (%s); trying again.", type(error).__name__)
        await asyncio.sleep(pause_s)
        pause_s = min(pause_s * 2, LONGEST_PAUSE_S)


async def _say(error: Exception) -> None:
    logger.warning("The broker of live values: %s: %s", type(error).__name__, error)


def _passing_on(hub: Hub) -> Callable[[Msg], Awaitable[None]]:
    async def pass_on(message: Msg) -> None:
        device = message.subject.rpartition(".")[2]
        if not hub.watched(device):
            return
        said = told(message.data)
        if said is not None and said.device == device:
            hub.tell(device, event("readings", said))

    return pass_on


@contextmanager
def on_stop(act: Callable[[], None]) -> Iterator[None]:
    """Call ``act`` in the loop when the process is asked to stop, before it waits for its answers.

    A server ends the lifespan only after all answers, and an open stream is an answer without end.
    Its own handler is called as well: asyncio's are woken by a pipe whatever Python's handler is.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # no signal comes here
        return
    loop = asyncio.get_running_loop()
    before = {one: signal.getsignal(one) for one in STOPS}

    def stop(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(act)
        former = before[signal.Signals(number)]
        if callable(former):
            former(number, frame)

    for one in STOPS:
        # A default (or C) handler is left alone: it ends the process by itself.
        if callable(before[one]):
            signal.signal(one, stop)
            signal.siginterrupt(one, False)
    try:
        yield
    finally:
        for one, former in before.items():
            if signal.getsignal(one) is stop and callable(former):
                signal.signal(one, former)
