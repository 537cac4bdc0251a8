"""What the worker does for the health page: a sample every fifteen seconds."""

from typing import Any

from arq.cron import cron

from portal.settings import get_settings
from telemetry_ingest.health.collecting import look, remember
from telemetry_ingest.health.trends import EVERY_S, sample_of


async def sample_telemetry(ctx: dict[str, Any]) -> None:
    """Keep in Valkey, for an hour, how telemetry is at this moment."""
    await remember(ctx["redis"], sample_of(await look(get_settings(), ctx["redis"])))


CRONS = (
    cron(
        sample_telemetry,
        name="telemetry.sample",
        second=set(range(0, 60, EVERY_S)),
        run_at_startup=True,
        timeout=EVERY_S,
        keep_result=0,
    ),
)
