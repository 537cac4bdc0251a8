"""``tajhiz simulate``: brings devices, plan and address together, and says what happens."""

import asyncio
import shutil
import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
import msgspec

from portal import database
from portal.settings import Settings, get_settings
from portal.web.i18n import gettext as _
from portal.web.i18n import language, number
from telemetry_ingest.simulate import bidmc, enrolling, words
from telemetry_ingest.simulate.delivering import Run, Tally
from telemetry_ingest.simulate.scenario import PULSE, SPO2, Faults, Plan, Row

BOOT_FROM_S = 1_577_836_800  # 2020: so that each run is a start of its own, and the number small
SAY_EVERY_S = 5.0
PORTS = {"mqtt": 1883, "mqtts": 8883, "http": 80, "https": 443}


def simulate(given: dict[str, Any]) -> None:
    """Do what the command was asked for; Ctrl-C ends it with what became of it so far.

    Raises:
        click.ClickException: nothing can be simulated; the text says why.
    """
    language.set(given["words_in"])
    settings = get_settings()
    tally = Tally()
    try:
        run = run_of(given, settings)
        with suppress(KeyboardInterrupt):
            asyncio.run(_all(run, given, settings, tally))
    except (ValueError, enrolling.NothingToSimulate) as error:
        raise click.ClickException(str(error)) from error
    click.echo("\n".join(words.summary(tally)))
    if not tally.total:
        raise click.ClickException(_nothing(run, tally))


def _nothing(run: Run, tally: Tally) -> str:
    if tally.last:
        return _("Nothing was acknowledged: %(why)s", why=words.trouble(tally))
    return _(
        "Nothing was sent: a message is full after %(seconds)s s. Give more time (--for) or "
        "smaller messages (--every, --per-message).",
        seconds=number(run.plan.every_s * run.plan.per_message, decimals=0),
    )


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
        raise ValueError(_("Set TAJHIZ_MQTT_URL, or give an address: --to."))
    faults = Faults(
        lost=given["lost"], duplicated=given["duplicates"], offline=given["bursts"],
        restarts=given["restarts"], down=given["failures"], alarms=given["alarms"],
        failed=given["failed"], jumps=given["clock_jumps"],
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
        recordings=_recordings(folder) if folder else (),
    )  # fmt: skip


def _recordings(folder: Path) -> list[list[Row]]:
    try:
        return bidmc.recordings(folder)
    except ValueError as error:
        raise ValueError(
            _("%(folder)s holds no *_Numerics.csv of BIDMC that can be read: %(why)s.",
              folder=folder, why=error)
        ) from error  # fmt: skip


async def _all(run: Run, given: dict[str, Any], settings: Settings, tally: Tally) -> None:
    await _answers(run.address)
    fleet = await _fleet(given, settings)
    run = _fitting(run, frozenset(given["metric"]) or fleet.metrics)
    told = number(len(fleet.credentials))
    click.echo(_("Devices: %(count)s → %(address)s", count=told, address=run.address))
    click.echo(_("Ctrl-C ends it."))
    saying = asyncio.create_task(_say(tally))
    try:
        await run.devices(fleet.credentials, tally)
    finally:
        saying.cancel()
        await asyncio.wait([saying])


async def _answers(address: str) -> None:
    """Find out before anything else whether somebody is there.

    Raises:
        NothingToSimulate: nobody is.
    """
    parts = urlsplit(address)
    port = parts.port or PORTS.get(parts.scheme)
    if port is None or not parts.hostname:
        raise enrolling.NothingToSimulate(
            _("%(address)s is no address: begin with mqtt://, mqtts://, http:// or https://.",
              address=address)
        )  # fmt: skip
    try:
        async with asyncio.timeout(5):
            _reader, writer = await asyncio.open_connection(parts.hostname, port)
    except (OSError, TimeoutError) as error:
        raise enrolling.NothingToSimulate(
            _("Nobody answers at %(address)s. Start the portal with « make run » in another window "
              "and wait until it says that it is ready, or give another address: --to.",
              address=address)
        ) from error  # fmt: skip
    writer.close()


def _fitting(run: Run, metrics: frozenset[str]) -> Run:
    """Return a run that sends these metrics only, as a device is set up for its protocol."""
    has = {name for rows in run.recordings for name in rows[0]} or {SPO2, PULSE}
    left_out = has - metrics if metrics else set()
    if has == left_out:
        raise enrolling.NothingToSimulate(
            _("What would be sent (%(metrics)s) is not in the protocol: choose with --metric.",
              metrics=", ".join(sorted(has)))
        )  # fmt: skip
    if left_out:
        click.echo(_("Not in the protocol, not sent: %(metrics)s",
                     metrics=", ".join(sorted(left_out))))  # fmt: skip
    return replace(run, plan=msgspec.structs.replace(run.plan, metrics=metrics & has))


async def _fleet(given: dict[str, Any], settings: Settings) -> enrolling.Fleet:
    if given["credentials"] is not None:
        return enrolling.read(given["credentials"])
    if not settings.is_local:
        raise enrolling.NothingToSimulate(
            _("Devices are enrolled by hand here: give their credentials with --credentials FILE.")
        )
    try:
        async with database.pool(min_size=1, max_size=1):
            return await enrolling.enrolled(given["devices"])
    except OSError as error:
        raise enrolling.NothingToSimulate(
            _("The portal's database does not answer. Start the portal with « make run » in "
              "another window and wait until it says that it is ready.")
        ) from error  # fmt: skip


async def _say(tally: Tally) -> None:
    """Say how it goes: on a terminal in one line that changes, else in a line now and then."""
    in_place = sys.stdout.isatty()
    try:
        while True:
            await asyncio.sleep(1.0 if in_place else SAY_EVERY_S)
            line = words.progress(tally)
            if in_place:
                line = "\r" + line[: shutil.get_terminal_size().columns - 1] + "\x1b[K"
            click.echo(line, nl=not in_place)
    finally:
        if in_place:
            click.echo()
