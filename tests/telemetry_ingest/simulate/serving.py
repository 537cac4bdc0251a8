"""The gateway as a process of its own, as granian serves it."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from portal.local.instance import answers, serving
from portal.local.places import any_port
from tests.services import services


@asynccontextmanager
async def served(mqtt5_port: int = 0) -> AsyncIterator[str]:
    """Run it; over MQTT 5 too when there is a port for that."""
    port = any_port()
    environment = {**os.environ, **services().environment()}
    if mqtt5_port:
        environment["TAJHIZ_INGEST_MQTT5_LISTEN"] = f"127.0.0.1:{mqtt5_port}"
    command = serving("telemetry_ingest.gateway:app", port)
    process = subprocess.Popen(command, env=environment, stdout=sys.stderr)  # noqa: ASYNC220
    try:
        for _ in range(300):
            if process.poll() is not None or await asyncio.to_thread(answers, port):
                break
            await asyncio.sleep(0.1)
        assert process.poll() is None
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait, 10)
