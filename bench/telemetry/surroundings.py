"""A portal of its own for the benchmark: services, migrations, a running pilot with devices."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from portal.local.instance import Instance, program, set_up
from portal.local.process import Child

DEVICES = 32


@dataclass
class Ground:
    """What is measured on."""

    instance: Instance
    file: Path  # credentials of the devices, one device.token a line
    numbers: list[int]
    services: dict[str, Child]

    def child(self, name: str) -> Child:
        """Return one of the portal's own processes, started."""
        (found,) = [one for one in self.instance.portal() if one.name == name]
        found.start()
        found.wait_ready()
        return found

    def publishing(self, per_message: int, messages: int, boot: int, rate: float = 0):
        """Start the publisher process."""
        port = str(self.instance.nats.mqtt_port)
        return subprocess.Popen(
            [sys.executable, "-m", "bench.telemetry.publishing", port, str(self.file),
             str(per_message), str(messages), str(boot), str(rate)],
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip


@contextmanager
def ground(folder: Path) -> Iterator[Ground]:
    """Start the services of an empty portal and enrol the devices; stop them in the end."""
    folder.chmod(0o711)
    os.environ["TAJHIZ_PORT_SHIFT"] = os.environ.get("TAJHIZ_PORT_SHIFT", "7000")
    instance = set_up(folder)
    os.environ.update(instance.environment())
    os.environ["TAJHIZ_INGEST_REQUESTS_PER_MINUTE"] = "1000000"
    children = [one for one in instance.services() if one.name != "mail"]
    try:
        for one in children:
            one.start()
        for one in children:
            one.wait_ready()
        subprocess.run([program("tajhiz"), "migrate"], check=True, stdout=subprocess.DEVNULL)
        file = folder / "credentials"
        yield Ground(instance, file, asyncio.run(_enrol(file)), {one.name: one for one in children})
    finally:
        for one in reversed(children):
            one.stop()


async def _enrol(file: Path) -> list[int]:
    # Only now: these read the settings when they are imported.
    from portal import database
    from telemetry_ingest.broker import tokens
    from telemetry_ingest.states import PilotState
    from tests.telemetry_ingest.pilots import make_pilot, make_unit, two_sides

    lines, numbers = [], []
    async with database.pool(min_size=1, max_size=2):
        pilot = await make_pilot(await two_sides(), PilotState.RUNNING)
        for place in range(DEVICES):
            token = tokens.new_token()
            unit = await make_unit(pilot, f"B-{place}", token_hash=tokens.hash_of(token))
            lines.append(f"{unit.id.hex}.{token}")
            numbers.append(unit.number)
    file.write_text("\n".join(lines))
    return numbers
