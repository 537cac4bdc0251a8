"""What the worker does for imports: carry out a confirmed one, and heal those that broke off."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from arq.cron import cron
from arq.worker import func

from catalog.importers import uploads
from catalog.importers.offers import imported
from catalog.importers.reasons import FileRefused
from catalog.importers.reports import Report
from portal.permissions import Actor

NAME = "catalog.import_devices"


async def import_devices(ctx: dict[str, Any], run_id: str) -> int:
    """Import the file of a confirmed run and count what was written; safe to run twice."""
    run = await uploads.run_of(UUID(run_id))
    if run is None or not run.is_running:
        return 0
    path = uploads.file_of(run)
    try:
        done = await imported(path, run.id, run.organisation_id, actor=Actor(run.person_id))
    except FileRefused as refused:
        await uploads.fail(run.id, str(refused))
        return 0
    with Report(uploads.report_of(run.id)) as report:
        report.add(done.refusals)
    path.unlink(missing_ok=True)
    return done.writes


async def sweep_imports(ctx: dict[str, Any]) -> int:
    """Enqueue again what a lost job or a killed worker left undone; forget what nobody wanted."""
    now = datetime.now(UTC)
    runs = await uploads.broken_off(now)
    for run in runs:
        await ctx["redis"].enqueue_job(NAME, str(run), _job_id=f"import:{run}")
    await uploads.forget_old(now)
    return len(runs)


JOBS = (func(import_devices, name=NAME, timeout=timedelta(hours=1), keep_result=0, max_tries=3),)
CRONS = (
    cron(
        sweep_imports,
        name="catalog.sweep_imports",
        minute=set(range(0, 60, 5)),
        second=20,
        timeout=timedelta(minutes=5),
        keep_result=0,
    ),
)
