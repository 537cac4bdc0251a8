"""The sweep that applies the retention of law 09-08 every night."""

from datetime import UTC, datetime
from typing import Any

from arq.cron import CronJob, cron
from arq.worker import Function, func

from portal.accounts.actions import privacy, waiting
from portal.settings import get_settings


async def apply_retention(ctx: dict[str, Any], at: float | None = None) -> int:
    """Forget what may not be kept any longer; safe to run twice. Return how much it was."""
    now = datetime.now(UTC) if at is None else datetime.fromtimestamp(at, UTC)
    forgotten = await privacy.forget_spent_links(now)
    forgotten += await privacy.forget_unconfirmed(now)
    forgotten += await privacy.erase_inactive(now)
    await privacy.warn_inactive(now, get_settings().inactive_account_days)
    return forgotten


async def tell_verifiers(ctx: dict[str, Any], at: float | None = None) -> int:
    """Tell verifiers what came to wait for them, each at most every four hours; return how many."""
    now = datetime.now(UTC) if at is None else datetime.fromtimestamp(at, UTC)
    return await waiting.tell_verifiers(now)


JOBS: tuple[Function, ...] = (
    func(apply_retention, name="accounts.apply_retention", timeout=600, keep_result=0, max_tries=1),
    func(tell_verifiers, name="accounts.tell_verifiers", timeout=300, keep_result=0, max_tries=1),
)
CRONS: tuple[CronJob, ...] = (
    cron(
        apply_retention,
        name="accounts.retention",
        hour=2,
        minute=40,
        timeout=600,
        keep_result=0,
        unique=True,
    ),
    cron(
        tell_verifiers,
        name="accounts.verifiers",
        minute=set(range(0, 60, 5)),
        timeout=300,
        keep_result=0,
        unique=True,
    ),
)
