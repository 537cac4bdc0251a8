"""The portal the stories visit: its own services, web and worker on demonstration data."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from e2e.portal import ARTEFACTS, ROOT, Portal
from portal.local.places import any_port
from tests.services import services

TAJHIZ = (sys.executable, "-m", "portal.cli")
# Stories one writes are tried fastest on a portal that stays: its address and its mail folder.
STAYS, MAILS = "E2E_ADDRESS", "E2E_MAILBOX"


@pytest.fixture(scope="session")
def portal() -> Iterator[Portal]:
    """Start web and worker on demonstration data, as `make run` does."""
    if STAYS in os.environ:
        yield Portal(os.environ[STAYS], Path(os.environ[MAILS]))
        return
    mine = services()
    port = any_port()
    address = f"http://localhost:{port}"
    environment = {
        **os.environ,
        **mine.environment(),
        "TAJHIZ_DATABASE_URL": mine.new_database("e2e"),
        "TAJHIZ_BASE_URL": address,
        # One address makes every visit of the suite.
        "TAJHIZ_RATE_LIMIT_PER_MINUTE": "100000",
        "TAJHIZ_SIGN_IN_ATTEMPTS_PER_HOUR": "1000",
    }
    ARTEFACTS.mkdir(exist_ok=True)
    # Searched by the first story, which does not wait for the worker to come to it.
    for command in (["demo"], ["search", "drain"]):
        subprocess.run([*TAJHIZ, *command], cwd=ROOT, env=environment, check=True)
    web = [sys.executable, "-m", "granian", "--interface", "asgi", "--port", str(port)]
    with (ARTEFACTS / f"portal-{mine.worker}.log").open("w") as log:
        running = [
            subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
            for command in ([*TAJHIZ, "worker"], [*web, "portal.asgi:app"])
        ]
        try:
            _wait_until_ready(address, running)
            yield Portal(address, mine.mailbox_dir)
        finally:
            for process in running:
                process.terminate()
            for process in running:
                process.wait(timeout=60)


def _wait_until_ready(address: str, running: list[subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and all(one.poll() is None for one in running):
        try:
            if httpx.get(f"{address}/readyz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise TimeoutError(f"The portal did not become ready at {address}; see e2e/artefacts/.")
