"""The command line: what it says, and how it ends."""

import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from portal.web.i18n import language
from telemetry_ingest.cli import telemetry_group
from telemetry_ingest.health import command
from telemetry_ingest.health.command import lines
from tests.telemetry_ingest.health.snapshots import beat, broker, seen


@pytest.mark.parametrize(
    ("snapshot", "code"),
    [(seen(), 0), (seen(worker=False), 1), (seen(broker=None), 2)],
)
def test_the_exit_code_says_how_urgent_it_is(monkeypatch, snapshot, code):
    async def look(_settings: object) -> object:
        return snapshot

    monkeypatch.setattr(command, "_look", look)

    ended = CliRunner().invoke(telemetry_group, ["health", "--language", "en"])

    assert ended.exit_code == code
    assert ended.output.startswith("Is anything lost? Nothing.")


def test_the_lines_name_what_is_wrong_and_what_to_do():
    language.set("en")
    said = list(lines(seen(broker=broker(waiting=3, late_s=90), beats=(beat(),))))

    assert said[:3] == [
        "Is anything lost? Nothing.",
        "Is anything late? By 2 minutes.",
        "What must I do? Look at 2 things.",
    ]
    assert [line[:18] for line in said[3:5]] == [" ! No gateway runs", " ! 3 messages wait"]
    assert said[-1] == "   ingest one: 50.0 MB"


def test_it_looks_also_when_every_part_is_away():
    """Run as an own process: nothing is there, and it says so instead of breaking off."""
    nowhere = {
        "TAJHIZ_DATABASE_URL": "postgresql://x:x@127.0.0.1:1/x",
        "TAJHIZ_VALKEY_URL": "redis://127.0.0.1:1/0",
        "TAJHIZ_NATS_URL": "nats://127.0.0.1:1",
    }
    ended = run_alone(["telemetry", "health", "--language", "ar"], nowhere)

    assert (ended.returncode, ended.stdout.count("!!")) == (2, 3)


def run_alone(words: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "portal.cli", *words],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
