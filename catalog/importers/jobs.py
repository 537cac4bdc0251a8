"""What the worker does for imports: look through a file, carry it out, heal what broke off."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from arq.cron import cron
from arq.worker import func

from catalog.importers import previews, uploads
from catalog.importers.offers import imported
from catalog.importers.reasons import FileRefused
from catalog.importers.refused import Spool
from portal.permissions import Actor

NAME = "catalog.import_devices"
LOOK_UP = "catalog.look_up_import"


async def import_devices(ctx: dict[str, Any], run_id: str) -> int:
    """Import the file of a confirmed run and count what was written; safe to run twice."""
    run = await uploads.run_of(UUID(run_id))
    if run is None or not run.is_running:
        return 0
    path, actor = uploads.file_of(run), Actor(run.person_id)
    try:
        with Spool(uploads.spool_of(run.id)) as spool:
            done = await imported(path, run.id, run.organisation_id, actor=actor, sink=spool.add)
    except FileRefused as refused:
        await uploads.fail(run.id, str(refused))
        return 0
    path.unlink(missing_ok=True)
    return done.writes


async def look_up_import(ctx: dict[str, Any], run_id: str) -> int:
    """Look through a file that waits to be confirmed, and keep what it would do."""
    run = await uploads.run_of(UUID(run_id))
    if run is None or run.confirmed_at is not None:
        return 0
    look = await previews.look_at(run)
    if look is None or look.content is None:
        return (await previews.look_up(run)).total
    return 0


async def enqueue_import(queue: Any, run: UUID, moved_at: datetime | None = None) -> None:
    """Have the worker carry out an import.

    A killed worker's job stays marked as running for as long as it might have taken; so an import
    that stopped moving goes on under another name, once for each place where it stopped.
    """
    place = f":{moved_at.timestamp():.0f}" if moved_at else ""
    await queue.enqueue_job(NAME, str(run), _job_id=f"import:{run}{place}")


async def enqueue_look_up(queue: Any, run: uploads.Run) -> None:
    """Have the worker look through a file, unless it is doing so."""
    begun_at = await previews.begin(run)
    if begun_at:
        name = f"look-up:{run.id}:{begun_at.timestamp():.0f}"
        await queue.enqueue_job(LOOK_UP, str(run.id), _job_id=name)


async def sweep_imports(ctx: dict[str, Any]) -> int:
    """Enqueue again what a lost job or a killed worker left undone; forget what nobody wanted."""
    now = datetime.now(UTC)
    runs = await uploads.broken_off(now)
    for run, moved_at in runs:
        await enqueue_import(ctx["redis"], run, moved_at)
    await uploads.forget_old(now)
    return len(runs)


JOBS = (
    func(import_devices, name=NAME, timeout=timedelta(hours=1), keep_result=0, max_tries=3),
    func(look_up_import, name=LOOK_UP, timeout=timedelta(minutes=10), keep_result=0, max_tries=3),
)
CRONS = (
    cron(
        sweep_imports,
        name="catalog.sweep_imports",
        second=20,
        run_at_startup=True,
        timeout=timedelta(minutes=5),
        keep_result=0,
    ),
)
