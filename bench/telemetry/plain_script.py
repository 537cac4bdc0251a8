"""A plain script: paho hears, COPY through a staging table writes, 500 messages at a time."""

import asyncio
import queue
import sys
import threading
import time
from datetime import UTC, datetime, timedelta

import asyncpg
import msgspec
import paho.mqtt.client as mqtt

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


async def write(url: str, heard: queue.Queue, total: int) -> None:
    connection = await asyncpg.connect(url)
    stored = 0
    while stored < total:
        messages = [heard.get()]
        while len(messages) < 500 and not heard.empty():
            messages.append(heard.get())
        rows = []
        for number, content in messages:
            message = msgspec.msgpack.decode(content)
            rows += [
                (number, code, EPOCH + timedelta(microseconds=at), message["boot"],
                 message["seq"] + place, value)
                for place, (at, code, value) in enumerate(message["readings"])
            ]  # fmt: skip
        await connection.copy_records_to_table("reading", records=rows)
        stored += len(rows)
    print(time.time(), flush=True)
    await connection.close()


def main() -> None:
    port, url, total = sys.argv[1:]
    heard: queue.Queue = queue.Queue()
    numbers: dict[str, int] = {}
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id="plain", clean_session=False)

    def message(_client, _data, one) -> None:
        number = numbers.setdefault(one.topic, 1_000_000 + len(numbers))
        heard.put((number, one.payload))

    client.on_message = message
    client.on_connect = lambda one, *_: one.subscribe("pilots/#", qos=1)
    client.connect("127.0.0.1", int(port))
    threading.Thread(target=client.loop_forever, daemon=True).start()
    asyncio.run(write(url, heard, int(total)))


if __name__ == "__main__":
    main()
