"""``tajhiz telemetry health``: the health page as text, and an exit code for a supervisor."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack, suppress

import click
from valkey.asyncio import Valkey

from portal import database
from portal.settings import Settings, get_settings
from portal.web.i18n import gettext as _
from portal.web.i18n import language, number, percent
from telemetry_ingest.health.collecting import look
from telemetry_ingest.health.judging import judge, level_of
from telemetry_ingest.health.snapshot import Kept, Snapshot
from telemetry_ingest.health.wording import duties, lasting, late, lost, said, size, to_do

PATIENCE_S = 2.0


def tell(words_in: str) -> None:
    """Print how telemetry is; exit with 0 (well), 1 (look) or 2 (act)."""
    language.set(words_in)
    seen = asyncio.run(_look(get_settings()))
    for line in lines(seen):
        click.echo(line)
    sys.exit(level_of(judge(seen)))


async def _look(settings: Settings) -> Snapshot:
    """Look also when the database is away: that is when somebody asks."""
    url = settings.valkey_url.get_secret_value()
    async with AsyncExitStack() as stack:
        with suppress(Exception):
            async with asyncio.timeout(PATIENCE_S):
                await stack.enter_async_context(database.pool(min_size=1, max_size=2))
        valkey = await stack.enter_async_context(
            Valkey.from_url(url, socket_timeout=PATIENCE_S, socket_connect_timeout=PATIENCE_S)
        )
        return await look(settings, valkey)


def lines(seen: Snapshot) -> Iterator[str]:
    """Yield the answers, what was found, and the figures."""
    findings = judge(seen)
    yield f"{_('Is anything lost?')} {lost(seen, findings)}."
    yield f"{_('Is anything late?')} {late(seen, findings)}."
    yield f"{_('What must I do?')} {duties(findings)}."
    for one in findings:
        yield f"{'!!' if one.level > 1 else ' !'} {said(one)} {to_do(one)}"
    for text, value in figures(seen):
        yield f"   {text}: {value}"


def figures(seen: Snapshot) -> Iterator[tuple[str, str]]:
    """Yield what was counted, with its name."""
    if seen.broker is not None:
        yield _("Messages that wait"), number(seen.broker.behind)
        yield _("The oldest of them has waited"), lasting(seen.late_s or 0)
        yield _("Room of the stream that is taken"), percent(seen.broker.fullness)
    if seen.kept is not None:
        yield from _of_database(seen.kept)
    for one in (*seen.ingests, *seen.gateways):
        yield f"{one.kind} {one.name}", size(one.memory)


def _of_database(kept: Kept) -> Iterator[tuple[str, str]]:
    yield (
        _("Readings sent and not here, of running pilots"),
        _("%(part)s of %(all)s", part=number(kept.missing), all=number(kept.expected)),
    )
    yield _("Refused messages not played again"), number(kept.quarantined)
    yield _("Tries of devices at what they may not"), number(kept.violations)
    yield _("Hours to be summed up again"), number(kept.dirty_hours + kept.taken_hours)
    yield _("Days that have their partition ahead"), number(kept.days_ahead)
    yield _("Days moved to files"), number(kept.cold_days)
    yield (
        _("Devices not heard of for an hour"),
        _("%(part)s of %(all)s", part=number(kept.silent_devices), all=number(kept.devices)),
    )
