"""The plain way to compare with: Mosquitto and a script that inserts what it hears."""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.telemetry.surroundings import Ground
from portal.local.places import any_port

MESSAGES, PER_MESSAGE = 40_000, 10
SETTINGS = """listener {port} 127.0.0.1
allow_anonymous true
persistence true
persistence_location {folder}/
autosave_interval 1
max_queued_messages 0
max_inflight_messages 0
"""


def beside_mosquitto(on: Ground) -> str:
    """Return what it brings home; or why that could not be measured."""
    program = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")
    if program is None:
        return "not measured: install Debian's package mosquitto"
    with tempfile.TemporaryDirectory(prefix="tajhiz-mosquitto-") as made:
        folder, port = Path(made), any_port()
        folder.chmod(0o777)
        (folder / "conf").write_text(SETTINGS.format(port=port, folder=folder))
        broker = subprocess.Popen([program, "-c", str(folder / "conf")], stderr=subprocess.DEVNULL)
        try:
            time.sleep(1)
            return _measured(on, port)
        finally:
            broker.terminate()
            broker.wait(10)


def _measured(on: Ground, port: int) -> str:
    url = on.instance.postgres.url()
    heard = subprocess.Popen(
        [sys.executable, "-m", "bench.telemetry.plain_script", str(port), url,
         str(MESSAGES * PER_MESSAGE)],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    time.sleep(2)
    sender = subprocess.run(
        [sys.executable, "-m", "bench.telemetry.publishing", str(port), str(on.file),
         str(PER_MESSAGE), str(MESSAGES), "5000", "0"],
        stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    began = json.loads(sender.stdout)["began_at"]
    try:
        out, _ = heard.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        heard.kill()
        return "the script did not get all messages within a minute"
    rate = MESSAGES * PER_MESSAGE / (float(out) - began)
    return f"{rate:,.0f} readings/s at {PER_MESSAGE} a message, publish → committed"
