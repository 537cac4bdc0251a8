"""``tajhiz simulate``: brings devices, plan and address together, and says what happens."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from portal import database
from portal.settings import Settings, get_settings
from telemetry_ingest.simulate import bidmc, enrolling
from telemetry_ingest.simulate.delivering import Credentials, Run, Tally
from telemetry_ingest.simulate.scenario import Faults, Plan

BOOT_FROM_S = 1_577_836_800  # 2020: so that each run is a start of its own, and the number small
SAY_EVERY_S = 5.0


def simulate(given: dict[str, Any]) -> None:
    """Do what the command was asked for.

    Raises:
        click.ClickException: nothing can be simulated; the text says why.
    """
    settings = get_settings()
    try:
        run = run_of(given, settings)
        tally = asyncio.run(_all(run, given, settings))
    except (ValueError, enrolling.NothingToSimulate) as error:
        raise click.ClickException(str(error)) from error
    except KeyboardInterrupt:
        return
    if not tally.messages:
        raise click.ClickException(f"Nothing was kept: {tally.last_trouble or 'time was over'}.")


def run_of(given: dict[str, Any], settings: Settings) -> Run:
    """Return the plan and where it goes.

    Raises:
        ValueError: there is no address, or no recording.
    """
    address = given["address"] or (
        settings.ingest_url or f"{settings.base_url}/ingest"
        if given["https"]
        else settings.mqtt_url
    )
    if not address:
        raise ValueError("Set TAJHIZ_MQTT_URL or give --to.")
    faults = Faults(
        lost=given["lost"], duplicated=given["duplicates"], offline=given["bursts"],
        restarts=given["restarts"], failed=given["failed"], jumps=given["clock_jumps"],
        drift_ppm=given["drift_ppm"],
    )  # fmt: skip
    plan = Plan(
        seed=given["seed"], every_s=given["every"], per_message=given["per_message"],
        boot=int(time.time()) - BOOT_FROM_S, faults=faults,
    )  # fmt: skip
    folder: Path | None = given["bidmc"]
    return Run(
        plan=plan, address=address, format=given["wire"], most_s=given["most_s"],
        since_s=given["since"] * 3600, speed=given["speed"],
        recordings=bidmc.recordings(folder) if folder else (),
    )  # fmt: skip


async def _all(run: Run, given: dict[str, Any], settings: Settings) -> Tally:
    credentials = await _credentials(given, settings)
    tally = Tally()
    click.echo(f"{len(credentials)} devices → {run.address}")
    saying = asyncio.create_task(_say(tally))
    try:
        await run.devices(credentials, tally)
    finally:
        saying.cancel()
        with suppress(asyncio.CancelledError):
            await saying
        click.echo(said(tally))
    return tally


async def _credentials(given: dict[str, Any], settings: Settings) -> Sequence[Credentials]:
    if given["credentials"] is not None:
        return enrolling.read(given["credentials"])
    if not settings.is_local:
        raise enrolling.NothingToSimulate(
            "Devices are enrolled by hand here: give their credentials with --credentials FILE."
        )
    async with database.pool(min_size=1, max_size=1):
        return await enrolling.enrolled(given["devices"])


async def _say(tally: Tally) -> None:
    while True:
        await asyncio.sleep(SAY_EVERY_S)
        click.echo(said(tally))


def said(tally: Tally) -> str:
    """Return one line about how it goes."""
    line = (
        f"{tally.messages} messages and {tally.readings} readings acknowledged, "
        f"{tally.again} sent twice, {tally.refused} refused, {tally.troubles} troubles"
    )
    return f"{line} (last: {tally.last_trouble})" if tally.last_trouble else line
