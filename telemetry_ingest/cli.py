"""The commands of telemetry: what can be asked; other files do it when it is asked."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import click

from portal.reader import language_option


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", type=int, default=8010, show_default=True)
@click.option("--workers", type=int, default=1, show_default=True, help="Processes that answer.")
def gateway(host: str, port: int, workers: int) -> None:
    """Run the gateway that takes readings over HTTPS; variables GRANIAN_… set the rest."""
    import os
    import sys

    from portal.commands import SERVER_LOG

    command = [
        *(sys.executable, "-m", "granian", "--interface", "asgi", "--no-ws", "--host", host),
        *("--port", str(port), "--workers", str(workers), "--respawn-failed-workers"),
        *("--workers-kill-timeout", "3", "--log-config", str(SERVER_LOG)),
        "telemetry_ingest.gateway:app",
    ]
    # In place of this process, so that signals reach the server; no shell is wanted.
    os.execv(sys.executable, command)  # noqa: S606


@click.command()
def ingest() -> None:
    """Let devices connect and store what they send; several processes share the work."""
    import asyncio

    from portal import logging
    from portal.settings import get_settings

    settings = get_settings()
    if settings.nats_url is None:
        raise click.ClickException("TAJHIZ_NATS_URL is not set: there is nowhere to read from.")
    logging.configure(settings)
    from telemetry_ingest.process import run

    asyncio.run(run(settings))


SHARE = click.FloatRange(0, 1)


@click.command()
@click.option("--devices", type=click.IntRange(1, 200), default=10, show_default=True)
@click.option("--every", type=click.FloatRange(0.001), default=1.0, show_default=True, help="s.")
@click.option("--per-message", type=click.IntRange(1, 1000), default=10, show_default=True)
@click.option("--for", "most_s", type=float, default=60.0, show_default=True, help="Seconds.")
@click.option("--since", type=float, default=0.0, help="Hours ago that they began to measure.")
@click.option("--speed", type=float, default=0.0, help="How fast they catch up; 0: all at once.")
@click.option("--lost", type=SHARE, default=0.0, help="Share of messages never sent (gaps).")
@click.option("--duplicates", type=SHARE, default=0.0, help="Share of messages sent twice.")
@click.option("--bursts", type=SHARE, default=0.0, help="How often the line breaks for a while.")
@click.option("--failures", type=SHARE, default=0.0, help="How often a device is down for a while.")
@click.option("--alarms", type=SHARE, default=0.0, help="How often an alarm begins.")
@click.option("--restarts", type=SHARE, default=0.0, help="How often a device starts again.")
@click.option("--failed", type=SHARE, default=0.0, help="Share of measurements that fail.")
@click.option("--clock-jumps", type=SHARE, default=0.0, help="How often a clock jumps.")
@click.option("--drift-ppm", type=float, default=0.0, help="Clocks run fast by so much.")
@click.option("--seed", default="tajhiz", show_default=True, help="The same gives the same.")
@click.option(
    "--bidmc",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Replay the *_Numerics.csv of this folder.",
)
@click.option("--metric", multiple=True, help="Only this one, by its name; may be repeated.")
@click.option("--https", is_flag=True, help="Post to the gateway instead of MQTT.")
@click.option("--wire", type=click.Choice(["json", "msgpack"]), default="json", show_default=True)
@click.option("--to", "address", help="mqtt(s):// or http(s)://; default: what the settings say.")
@click.option(
    "--credentials",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="One <device>.<token> a line; else devices are enrolled in the demonstration.",
)
@language_option("Language of what is said.")
def simulate(**given: Any) -> None:
    """Let devices send that are not there, with the faults of real ones."""
    from telemetry_ingest.simulate.command import simulate as do

    do(given)


@click.group()
def evidence() -> None:
    """Evidence packs: write one with its readings, or compute one again."""


@evidence.command()
@click.argument("pilot", type=click.UUID)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--parquet", is_flag=True, help="Write the readings as Parquet too.")
@click.option("--head", default="", help="Digest of an older pack; the newest without it.")
@language_option("Language of what is said.")
def export(pilot: UUID, folder: Path, *, parquet: bool, head: str, words_in: str) -> None:
    """Write a pack of a pilot, and the readings it was computed from; 2 when that cannot be."""
    from telemetry_ingest.evidence.command import export_pack

    export_pack(pilot, folder, parquet=parquet, head=head, words_in=words_in)


@evidence.command()
@click.argument("pack", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("readings", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.option("--key", default="", help="Public key that must have signed, in hexadecimal.")
@language_option("Language of what is said.")
def verify(pack: Path, readings: Path | None, key: str, words_in: str) -> None:
    """Compute a pack again without services: 0 it holds, 1 it does not, 2 it cannot be checked."""
    from telemetry_ingest.evidence.command import verify_files

    verify_files(pack, readings, key, words_in)


EXISTING = click.Path(path_type=Path, dir_okay=False, exists=True)


@evidence.command()
@click.argument("pack", type=EXISTING)
@click.argument("readings", type=EXISTING)
@click.argument("lines", nargs=-1, required=True)
@language_option("Language of what is said.")
def prove(pack: Path, readings: Path, lines: tuple[str, ...], words_in: str) -> None:
    """Prove that LINES (device,metric,at,boot,seq) are readings of a pack, without the others."""
    from telemetry_ingest.evidence.proving_command import prove_readings

    prove_readings(pack, readings, lines, words_in)


@evidence.command()
@click.argument("pack", type=EXISTING)
@click.argument("proof", type=EXISTING)
@click.option("--key", default="", help="Public key that must have signed, in hexadecimal.")
@language_option("Language of what is said.")
def check(pack: Path, proof: Path, key: str, words_in: str) -> None:
    """Check a proof against its pack: 0 it holds, 1 it does not, 2 it cannot be checked."""
    from telemetry_ingest.evidence.proving_command import check_proof

    check_proof(pack, proof, key, words_in)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--device", "device_id", type=click.UUID, required=True, help="Its id.")
def backfill(file: Path, device_id: UUID) -> None:
    """Take readings of a device from a CSV (time, metric, value); the same file twice is once."""
    from telemetry_ingest.backfill.command import backfill as do

    do(file, device_id)


REASONS = (
    "not_running", "unknown_metric", "time_out_of_range", "not_storable", "unknown_device",
    "not_readable", "unknown_field", "wrong_value", "too_large", "wrong_topic",
)  # fmt: skip
OF_DEVICE = click.option("--device", help="Id of one device, 32 hexadecimal digits.")
OF_REASON = click.option("--reason", type=click.Choice(REASONS), help="Only this reason.")


@click.group("quarantine")
def quarantine_group() -> None:
    """Messages that were refused: what there is, and playing it again."""


@quarantine_group.command("list")
@OF_DEVICE
@OF_REASON
@click.option("--limit", type=click.IntRange(1, 100_000), default=100, show_default=True)
def list_refused(device: str | None, reason: str | None, limit: int) -> None:
    """List refused messages, the oldest first."""
    from telemetry_ingest.consumer.commands import show, which

    show(which(device, reason), limit)


@quarantine_group.command("replay")
@OF_DEVICE
@OF_REASON
def replay_refused(device: str | None, reason: str | None) -> None:
    """Play refused messages again once the reason is gone; safe to repeat."""
    from telemetry_ingest.consumer.commands import play, which

    play(which(device, reason))


@click.group("rollups")
def rollups_group() -> None:
    """Roll-ups by minute, hour and day."""


@rollups_group.command("rebuild")
@click.option("--device", type=int, help="Number of one device; all of them without it.")
@click.option("--from", "frm", type=click.DateTime(["%Y-%m-%d"]), default="2000-01-01")
@click.option("--to", type=click.DateTime(["%Y-%m-%d"]), default="2100-01-01")
def rebuild_rollups(device: int | None, frm: datetime, to: datetime) -> None:
    """Count roll-ups again from the readings, also of days that were moved to files."""
    from telemetry_ingest.rollups import rebuilding

    rebuilding.run(device, frm.replace(tzinfo=UTC), to.replace(tzinfo=UTC))


@click.group("telemetry")
def telemetry_group() -> None:
    """Telemetry as a whole."""


@telemetry_group.command("health")
@language_option("Language of what is said.")
def telemetry_health(words_in: str) -> None:
    """Say whether anything is lost or late: 0 all is well, 1 look at it, 2 act now."""
    from telemetry_ingest.health.command import tell

    tell(words_in)


DAY_OR_MOMENT = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"])


@click.group("fhir")
def fhir_group() -> None:
    """Pilots as FHIR R4."""


@fhir_group.command("export")
@click.argument("pilot", type=click.UUID)
@click.option("--from", "frm", type=DAY_OR_MOMENT, help="First moment, UTC.")
@click.option("--to", type=DAY_OR_MOMENT, help="The moment after the last, UTC.")
@click.option("--each", is_flag=True, help="Each reading alone, not regular ones as SampledData.")
@click.option(
    "-o",
    "--output",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help=".ndjson: a resource a line; anything else: a Bundle.",
)
def export_fhir(
    pilot: UUID, file: Path, frm: datetime | None, to: datetime | None, *, each: bool
) -> None:
    """Write a pilot's devices, metrics and readings as FHIR resources."""
    from telemetry_ingest.fhir.command import export_pilot

    export_pilot(pilot, file, frm, to, each=each)


COMMANDS = (
    telemetry_group, quarantine_group, rollups_group, ingest, gateway, simulate, backfill, evidence,
    fhir_group,
)  # fmt: skip
"""Every command of this package."""
