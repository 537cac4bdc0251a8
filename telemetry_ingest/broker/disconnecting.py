"""Ending connections that no longer hold: a revoked or suspended device is off within seconds.

Looked up in the database each second instead of being told: whatever revoked it, and also when
this process was away at that moment, nothing is missed.
"""

import asyncio
import json
import logging
from datetime import datetime, timedelta
from typing import Any

import nats.errors
from nats.aio.client import Client

from telemetry_ingest.broker.jwt import VALID_S
from telemetry_ingest.queries.credentials import Ended, ended

log = logging.getLogger(__name__)

EVERY_S = 1.0
# A transaction may take that long from its time to its commit; a start looks further back.
BACK_S = 60.0
AT_ONCE = 64
SERVERS_ANSWER_S = 0.3
# The broker's clock and the database's may differ by that much.
CLOCKS = timedelta(seconds=1)


async def keep_disconnecting(system: Client) -> None:
    """Disconnect for ever, on a connection to the broker's system account."""
    back = float(VALID_S)
    while True:
        try:
            found = await ended(back)
            for at in range(0, len(found), AT_ONCE):
                await asyncio.gather(*(disconnect(system, one) for one in found[at : at + AT_ONCE]))
            back = BACK_S
        except Exception:  # the database or the broker is away; the next round looks further back
            log.exception("Connections that should end could not be looked up.")
            back = float(VALID_S)
        await asyncio.sleep(EVERY_S)


async def disconnect(system: Client, one: Ended) -> int:
    """End the connections of a device on every server; return how many."""
    found = await connections(system, {"user": one.device.hex, "auth": True})
    last = one.until + CLOCKS if one.until else None
    old = [each for each in found if last is None or _start(each) < last]
    for each in old:
        where = f"$SYS.REQ.SERVER.{each['server']}.KICK"
        await system.request(where, json.dumps({"cid": each["cid"]}).encode(), timeout=2)
        log.info("Ended a connection of device %s.", one.device.hex)
    return len(old)


async def connections(system: Client, wish: dict[str, Any]) -> list[dict[str, Any]]:
    """Ask every server of the cluster for its connections; none says how many servers there are."""
    inbox = await system.subscribe(system.new_inbox())
    found: list[dict[str, Any]] = []
    try:
        await system.publish(
            "$SYS.REQ.SERVER.PING.CONNZ", json.dumps(wish).encode(), reply=inbox.subject
        )
        while True:
            said = json.loads((await inbox.next_msg(timeout=SERVERS_ANSWER_S)).data)
            server = said["server"]["id"]
            found += [{**each, "server": server} for each in said["data"]["connections"]]
    except nats.errors.TimeoutError:
        return found
    finally:
        await inbox.unsubscribe()


def _start(connection: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(connection["start"][:26].rstrip("Z") + "+00:00")
