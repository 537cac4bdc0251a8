"""What the broker says of its stream: how full it is, what waits in it, and since when."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nats.aio.client import Client

from telemetry_ingest.broker.streams import CONSUMER
from telemetry_ingest.wire.subjects import PREFIX, ROOT, STREAM

CONNECT_S = 1
PATIENCE_S = 1.0
API = "$JS.API"
FULL = 0.999  # it may still take a small message, and refuses larger ones


class Away(ConnectionError):
    """The broker does not answer, or its store does not."""


class NoStream(Exception):
    """The broker answers; what should keep the messages, or read them, was never made."""


@dataclass(frozen=True)
class Broker:
    """The stream and its consumer.

    Attributes:
        last: how many messages were ever kept: the number of the last one.
        waiting: messages the consumer was not given yet.
        unacknowledged: messages it was given and has not stored yet.
        oldest_at: when the oldest message that is not stored was kept.
    """

    bytes: int
    most_bytes: int
    messages: int
    last: int
    delivered: int
    waiting: int
    unacknowledged: int
    oldest_at: datetime | None = None

    @property
    def behind(self) -> int:
        """Return how many messages are kept and not stored."""
        return self.waiting + self.unacknowledged

    @property
    def done(self) -> int:
        """Return how many messages were ever stored, as near as the broker knows."""
        return self.delivered - self.unacknowledged

    @property
    def fullness(self) -> float:
        """Return the share of the room that is taken."""
        return self.bytes / self.most_bytes if self.most_bytes > 0 else 0.0


async def ask(url: str) -> Broker:
    """Ask the broker, over a connection of its own that is gone afterwards.

    Raises:
        Away: it does not answer in time.
        NoStream: « tajhiz ingest » has never run with it.
    """
    client = Client()
    try:
        async with asyncio.timeout(1.5 * PATIENCE_S):
            await client.connect(
                url.split(","),
                name="tajhiz health",
                allow_reconnect=False,
                connect_timeout=CONNECT_S,
                error_cb=_nothing,
            )
            return await _asked(client)
    except NoStream:
        raise
    except Exception as error:  # the client raises several families when it cannot
        raise Away(type(error).__name__) from error
    finally:
        with suppress(Exception):
            await client.close()


async def word(url: str) -> str:
    """Return in a word whether the broker takes messages: « ok », or what is wrong."""
    try:
        seen = await ask(url)
    except NoStream:
        return "no stream"
    except ConnectionError:
        return "away"
    return "full" if seen.fullness >= FULL else "ok"


async def _asked(client: Client) -> Broker:
    stream = await _request(client, f"STREAM.INFO.{STREAM}")
    consumer = await _request(client, f"CONSUMER.INFO.{STREAM}.{CONSUMER}")
    found = Broker(
        stream["state"]["bytes"],
        stream["config"]["max_bytes"],
        stream["state"]["messages"],
        stream["state"]["last_seq"],
        consumer["delivered"]["stream_seq"],
        consumer["num_pending"],
        consumer["num_ack_pending"],
    )
    if not found.behind:
        return found
    oldest = await _oldest(client, consumer["ack_floor"]["stream_seq"] + 1)
    return Broker(**{**found.__dict__, "oldest_at": oldest})


async def _oldest(client: Client, number: int) -> datetime | None:
    """Return when the first message from a number on was kept."""
    wish = {"seq": number, "next_by_subj": f"{PREFIX}{ROOT}.>"}
    try:
        kept = await _request(client, f"STREAM.MSG.GET.{STREAM}", wish)
    except NoStream:  # it was stored and forgotten between two questions
        return None
    whole, _, fraction = kept["message"]["time"].rstrip("Z").partition(".")
    return datetime.fromisoformat(f"{whole}.{fraction[:6]:0<6}+00:00")


async def _request(client: Client, what: str, wish: dict[str, object] | None = None) -> Any:
    content = json.dumps(wish).encode() if wish else b""
    answer = json.loads((await client.request(f"{API}.{what}", content, timeout=PATIENCE_S)).data)
    if "error" not in answer:
        return answer
    if answer["error"].get("code") == 404:
        raise NoStream(answer["error"].get("description", ""))
    raise Away(str(answer["error"].get("description")))


async def _nothing(error: Exception) -> None:
    """Say nothing: whoever asked is told by the exception."""
