"""Publishes to JetStream and waits until it has the message: 202 is said only after that."""

import asyncio
import logging
from contextlib import suppress
from itertools import count

import msgspec
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError

logger = logging.getLogger(__name__)
PATIENCE_S = 5.0
MOST_WAITING = 2_000  # messages that wait for their acknowledgement; beyond it devices wait
RETRY_S = 0.5


class NotKept(Exception):
    """JetStream did not say that it has the message; it may have it all the same."""


class Ack(msgspec.Struct, frozen=True):
    """What JetStream says of a message it has."""

    seq: int = 0
    duplicate: bool = False
    error: dict[str, object] | None = None


_ACK = msgspec.json.Decoder(Ack)


class Publisher:
    """One connection, one inbox: nats-py's own request makes twice the work of each message."""

    def __init__(self, url: str, *, patience_s: float = PATIENCE_S) -> None:
        self._url = url
        self._patience_s = patience_s
        self._client: Client | None = None
        self._inbox = ""
        self._numbers = count()
        self._waiting: dict[str, asyncio.Future[Ack]] = {}
        self._connecting: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to connect; a broker that is away is tried again until it is there."""
        self._connecting = asyncio.create_task(self._connect())
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(self._connecting), self._patience_s)

    async def stop(self) -> None:
        """Let go of the connection."""
        if self._connecting is not None:
            self._connecting.cancel()
            await asyncio.wait([self._connecting])
        if self._client is not None:
            with suppress(NatsError, TimeoutError, OSError):
                await self._client.close()

    @property
    def connected(self) -> bool:
        """Say whether the broker is there."""
        return self._client is not None and self._client.is_connected

    @property
    def waiting(self) -> int:
        """Return how many messages wait for their acknowledgement."""
        return len(self._waiting)

    async def publish(self, subject: str, content: bytes, message_id: str) -> Ack:
        """Hand over one message; the same ``message_id`` within two minutes is kept once.

        Raises:
            NotKept: the broker is away, refuses it, or did not acknowledge it in time.
        """
        client = self._client
        if client is None or not client.is_connected or len(self._waiting) >= MOST_WAITING:
            raise NotKept
        name = str(next(self._numbers))
        answer: asyncio.Future[Ack] = asyncio.get_running_loop().create_future()
        self._waiting[name] = answer
        headers = {"Nats-Msg-Id": message_id}
        try:
            async with asyncio.timeout(self._patience_s):
                await client.publish(subject, content, f"{self._inbox}.{name}", headers)
                return await answer
        except (TimeoutError, NatsError, OSError) as error:
            raise NotKept from error
        finally:
            del self._waiting[name]

    async def _connect(self) -> None:
        while True:
            client = Client()
            try:
                await client.connect(
                    self._url.split(","),
                    name="tajhiz gateway",
                    max_reconnect_attempts=-1,
                    reconnect_time_wait=1,
                    connect_timeout=2,
                    allow_reconnect=True,
                    pending_size=16 << 20,
                    ping_interval=10,
                    max_outstanding_pings=2,
                    disconnected_cb=self._lost,
                    error_cb=_said,
                )
                self._inbox = client.new_inbox()
                await client.subscribe(f"{self._inbox}.*", cb=self._acknowledged)
            except (NatsError, OSError, TimeoutError) as error:
                logger.warning("the broker is not there: %s", type(error).__name__)
                with suppress(Exception):
                    await client.close()
                await asyncio.sleep(RETRY_S)
            else:
                self._client = client
                return

    async def _lost(self) -> None:
        """Tell at once whoever waits: an answer to them will not come over a new connection."""
        for answer in list(self._waiting.values()):
            if not answer.done():
                answer.set_exception(NotKept())

    async def _acknowledged(self, message: Msg) -> None:
        answer = self._waiting.get(message.subject.rpartition(".")[2])
        if answer is None or answer.done():
            return
        try:
            ack = _ACK.decode(message.data)
        except msgspec.DecodeError:  # no stream listens there: an empty answer with a status
            ack = Ack(error={"description": "no stream"})
        if ack.error is None:
            answer.set_result(ack)
        else:
            logger.error("JetStream refuses: %s", ack.error.get("description"))
            answer.set_exception(NotKept())


async def _said(error: Exception) -> None:
    logger.warning("broker: %s", type(error).__name__)
