"""Files that manufacturers hand in: kept until imported or discarded, with what became of them."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from uuid import UUID, uuid4

from catalog.actions.quotas import check_drafts
from catalog.errors import TooManyDrafts
from catalog.importers.offers import digest_of
from catalog.importers.reasons import FileRefused
from catalog.tables import ImportRun
from portal import database
from portal.audit.actions import record
from portal.permissions import Actor
from portal.settings import get_settings
from portal.web.i18n import lazy

SUFFIXES = (".csv", ".xlsx", ".txt", ".tsv", ".gz", ".zip")
CHUNK = 1 << 20
KEPT_DAYS = 30
MOST_WAITING = 20  # files of one organisation that nobody has confirmed yet
SILENT = timedelta(minutes=1)  # a batch takes less than a second
COLUMNS = (
    "id, organisation_id, person_id, file_name, position, total, created, changed, unchanged,"
    " refused, is_finished, trouble, confirmed_at, started_at, updated_at"
)


@dataclass(frozen=True)
class Run:
    """One file of a manufacturer, and how far its import has come."""

    id: UUID
    organisation_id: UUID
    person_id: UUID | None
    file_name: str
    position: int
    total: int
    created: int
    changed: int
    unchanged: int
    refused: int
    is_finished: bool
    trouble: str
    confirmed_at: datetime | None
    started_at: datetime
    updated_at: datetime

    @property
    def is_running(self) -> bool:
        """Say whether it was confirmed and has not ended."""
        return self.confirmed_at is not None and not self.is_finished


def folder() -> Path:
    """Return where the files wait."""
    return get_settings().documents_dir / "imports"


def file_of(run: Run) -> Path:
    """Return the file of a run; it is gone when the import has ended."""
    return folder() / f"{run.id}{PurePosixPath(run.file_name.lower()).suffix}"


def spool_of(run_id: UUID) -> Path:
    """Return where the rows that were refused are kept, as they stood."""
    return folder() / f"{run_id}.refused"


def _forget_files(run_id: object) -> None:
    for path in folder().glob(f"{run_id}.*"):
        path.unlink(missing_ok=True)


async def keep(name: str, stream: BinaryIO, organisation_id: UUID, *, actor: Actor) -> UUID:
    """Keep a file that was handed in and return its run; it waits for a confirmation.

    Raises:
        FileRefused: it is not a table, is too large, or too many wait already.
        TooManyDrafts: the organisation has as many drafts as it may.
    """
    name = plain_name(name)[:200]
    if not name.lower().endswith(SUFFIXES):
        raise FileRefused(lazy("Choose a CSV or Excel file (.csv, .xlsx)."))
    run = ImportRun(
        id=uuid4(),
        source="devices",
        organisation_id=organisation_id,
        person_id=actor.person_id,
        file_name=name,
        digest="",
    )
    path = folder() / f"{run.id}{PurePosixPath(name.lower()).suffix}"
    _write(path, stream)
    run.digest = digest_of(path)
    try:
        async with database.transaction():
            await _check_waiting(organisation_id)
            await check_drafts(organisation_id)
            await ImportRun.insert(run)
            await record(
                "import.received",
                subject=("import", run.id),
                actor=actor,
                organisation_id=organisation_id,
                digest=run.digest,
            )
    except (FileRefused, TooManyDrafts):
        path.unlink(missing_ok=True)
        raise
    return run.id


async def _check_waiting(organisation_id: UUID) -> None:
    """Refuse one more file while too many wait; two at the same time count one after the other."""
    await database.fetch(
        "SELECT pg_advisory_xact_lock(hashtext('imports ' || $1))", str(organisation_id)
    )
    rows = await database.fetch(
        "SELECT count(*) AS waiting FROM import_run"
        " WHERE organisation_id = $1 AND confirmed_at IS NULL",
        organisation_id,
    )
    if rows[0]["waiting"] >= MOST_WAITING:
        raise FileRefused(
            lazy(
                "You have %(most)s imports that wait: confirm or discard one before you hand in"
                " another."
            ),
            most=MOST_WAITING,
        )


def plain_name(given: str) -> str:
    """Return a file's name without a path and without characters that hide or turn text."""
    last = PurePosixPath(given.replace("\\", "/")).name
    return "".join(one if one.isprintable() else " " for one in last).strip()


def _write(path: Path, stream: BinaryIO) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    size, most = 0, get_settings().upload_max_bytes
    try:
        with path.open("wb") as file:
            while data := stream.read(CHUNK):
                size += len(data)
                if size > most:
                    raise FileRefused(
                        lazy(
                            "The file is larger than %(megabytes)s MB. Cut it into several files."
                        ),
                        megabytes=most >> 20,
                    )
                file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if not size:
            raise FileRefused(lazy("The file is empty."))
    except FileRefused:
        path.unlink(missing_ok=True)
        raise


async def run_of(run_id: UUID) -> Run | None:
    """Return a manufacturer's import."""
    rows = await database.fetch(
        f"SELECT {COLUMNS} FROM import_run WHERE id = $1 AND organisation_id IS NOT NULL",  # noqa: S608 — names above
        run_id,
    )
    return Run(**dict(rows[0])) if rows else None


async def runs_of(organisation_ids: Sequence[UUID], *, limit: int = 20) -> list[Run]:
    """Return the latest imports of some organisations."""
    rows = await database.fetch(
        f"SELECT {COLUMNS} FROM import_run WHERE organisation_id = ANY($1)"  # noqa: S608 — names above
        " ORDER BY started_at DESC LIMIT $2",
        list(organisation_ids),
        limit,
    )
    return [Run(**dict(row)) for row in rows]


async def confirm(run: Run, total: int, *, actor: Actor) -> bool:
    """Have an import begin; say whether it was this call that did it."""
    async with database.transaction():
        rows = await database.fetch(
            "UPDATE import_run SET confirmed_at = now(), updated_at = now(), total = $2"
            " WHERE id = $1 AND confirmed_at IS NULL AND NOT is_finished RETURNING id",
            run.id,
            total,
        )
        if rows:
            await record(
                "import.confirmed",
                subject=("import", run.id),
                actor=actor,
                organisation_id=run.organisation_id,
                devices=total,
            )
    return bool(rows)


async def discard(run: Run, *, actor: Actor) -> None:
    """Give up an import that was not confirmed, and forget its file."""
    async with database.transaction():
        rows = await database.fetch(
            "DELETE FROM import_run WHERE id = $1 AND confirmed_at IS NULL RETURNING id", run.id
        )
        if rows:
            await record(
                "import.discarded",
                subject=("import", run.id),
                actor=actor,
                organisation_id=run.organisation_id,
            )
    if rows:
        _forget_files(run.id)


async def broken_off(now: datetime) -> list[tuple[UUID, datetime]]:
    """Return the imports that were confirmed and have not moved lately, with when they last did."""
    rows = await database.fetch(
        "SELECT id, updated_at FROM import_run WHERE organisation_id IS NOT NULL"
        " AND NOT is_finished AND confirmed_at IS NOT NULL AND updated_at < $1",
        now - SILENT,
    )
    return [(UUID(int=row["id"].int), row["updated_at"]) for row in rows]


async def forget_old(now: datetime) -> int:
    """Forget files that nobody confirmed for a month, and refused rows that are as old."""
    rows = await database.fetch(
        "DELETE FROM import_run WHERE organisation_id IS NOT NULL AND confirmed_at IS NULL"
        " AND started_at < $1 RETURNING id",
        now - timedelta(days=KEPT_DAYS),
    )
    for row in rows:
        _forget_files(row["id"])
    oldest = (now - timedelta(days=KEPT_DAYS)).timestamp()
    for path in folder().glob("*.refused*"):
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
    return len(rows)


async def fail(run_id: UUID, trouble: str) -> None:
    """End an import that cannot go on, with the reason its owner reads."""
    await database.fetch(
        "UPDATE import_run SET is_finished = true, trouble = $2, updated_at = now() WHERE id = $1",
        run_id,
        trouble,
    )
