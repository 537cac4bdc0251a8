"""Keeping an upload: checked by its content, written durably, recorded in the audit."""

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

import puremagic
from litestar.datastructures import UploadFile

from portal import database
from portal.audit.actions import record
from portal.documents.antivirus import ScannerUnreachable, virus_in
from portal.documents.errors import FileEmpty, FileTooLarge, Infected, NoRoom
from portal.documents.images import PREVIEW_WIDTHS, preview, rewritten
from portal.documents.kinds import IMAGES, check_kind, clean_name
from portal.documents.pdf import check_pdf
from portal.documents.queries import document
from portal.documents.states import DocumentState
from portal.documents.storage import Disk, Storage
from portal.documents.tables import Document
from portal.permissions import SYSTEM, Actor
from portal.settings import get_settings

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Checked:
    """A file that may be kept: its content (an image written anew) and what it is."""

    data: bytes
    name: str
    kind: str

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the content."""
        return hashlib.sha256(self.data).hexdigest()


@lru_cache
def storage() -> Storage:
    """Return where the files of this deployment are."""
    return Disk(get_settings().documents_dir)


def preview_key(digest: str, width: int) -> str:
    """Return the key of a preview."""
    return f"{digest}.w{width}.webp"


async def store_upload(
    upload: UploadFile,
    *,
    organisation_id: UUID | None,
    actor: Actor,
    kinds: frozenset[str],
    public: bool = False,
) -> UUID:
    """Check and keep an upload, in the caller's transaction if there is one; return its id.

    Args:
        upload: what the browser sent.
        organisation_id: whose it is; its members may read it.
        actor: who sent it.
        kinds: what is wanted: ``IMAGES``, ``PDF`` or ``IMAGES | PDF`` (``portal.documents.kinds``).
        public: whether everybody may read it; ``set_public`` changes it.

    Raises:
        FileRefused: one of its kinds, each with words that say what to do.
    """
    limit = get_settings().upload_max_bytes
    try:
        data = await upload.read(limit + 1)
    finally:
        await upload.close()  # it may be a temporary file
    if len(data) > limit:
        raise FileTooLarge(megabytes=limit // 2**20)
    checked = await asyncio.to_thread(check, data, upload.filename, kinds)
    await _check_room(checked, organisation_id)  # before anything is written to the disk
    state = await _scanned(checked)
    await _keep_files(checked)
    async with _transaction():
        await _lock_room(organisation_id)
        await _check_room(checked, organisation_id)
        return await _insert(checked, state, organisation_id, actor, public=public)


async def _lock_room(organisation_id: UUID | None) -> None:
    """Have two uploads of one organisation counted one after the other."""
    await database.fetch(
        "SELECT pg_advisory_xact_lock(hashtextextended('room ' || $1, 0))", str(organisation_id)
    )


async def _check_room(checked: Checked, organisation_id: UUID | None) -> None:
    """Refuse a file that would bring its organisation above what it may keep."""
    if organisation_id is None:
        return
    most = get_settings().bytes_per_organisation
    rows = await database.fetch(
        "SELECT coalesce(sum(size_bytes), 0) AS bytes FROM document"
        " WHERE organisation_id = $1 AND state <> 'refused'",
        organisation_id,
    )
    if rows[0]["bytes"] + len(checked.data) > most:
        raise NoRoom(megabytes=most // 2**20)


def check(data: bytes, name: str, kinds: frozenset[str]) -> Checked:
    """Return what may be kept of a file, or refuse it."""
    if not data:
        raise FileEmpty
    kind = check_kind(data, kinds, _content(data))
    if kind in IMAGES:
        data = rewritten(data, kind)
    else:
        check_pdf(data)
    return Checked(data, clean_name(name, kind), kind)


def _content(data: bytes) -> str:
    """Name what a refused file is, or nothing if it cannot be told."""
    try:
        return puremagic.from_string(data[:65536]).lstrip(".").upper()
    except (puremagic.PureError, ValueError):
        return ""


async def _scanned(checked: Checked) -> DocumentState:
    settings = get_settings()
    if settings.clamd_host is None:
        return DocumentState.AVAILABLE
    try:
        found = await virus_in(checked.data, settings.clamd_host, settings.clamd_port)
    except ScannerUnreachable as error:
        logger.error("the virus scanner cannot be asked, a document waits: %s", error)
        return DocumentState.QUARANTINED
    if found:
        raise Infected(found=found)
    return DocumentState.AVAILABLE


async def _keep_files(checked: Checked) -> None:
    """Write the file and its previews before its row: a row without a file would be a loss."""
    await storage().keep(checked.digest, checked.data)
    if checked.kind not in IMAGES:
        return
    for width in PREVIEW_WIDTHS:
        small = await asyncio.to_thread(preview, checked.data, checked.kind, width)
        await storage().keep(preview_key(checked.digest, width), small)


async def _insert(
    checked: Checked,
    state: DocumentState,
    organisation_id: UUID | None,
    actor: Actor,
    *,
    public: bool,
) -> UUID:
    row = Document(
        organisation_id=organisation_id,
        sha256=checked.digest,
        name=checked.name,
        media_type=checked.kind,
        size_bytes=len(checked.data),
        state=state,
        public=public,
        actor=actor.label,
    )
    await Document.insert(row)
    await record(
        "document.stored",
        subject=("document", row.id),
        actor=actor,
        organisation_id=organisation_id,
        sha256=checked.digest,
        media_type=checked.kind,
        state=state,
    )
    return row.id


@asynccontextmanager
async def _transaction() -> AsyncIterator[None]:
    if database.DB.current_transaction.get() is not None:
        yield
        return
    async with database.transaction():
        yield


async def set_public(document_ids: Sequence[UUID], *, public: bool) -> None:
    """Let everybody read these documents, or only their organisations; the caller records why."""
    await database.fetch(
        "UPDATE document SET public = $2 WHERE id = ANY($1)", list(document_ids), public
    )


async def remove_document(document_id: UUID, *, actor: Actor) -> None:
    """Forget a document; a sweep removes its file when no other document has the same content."""
    async with _transaction():
        rows = await database.fetch(
            "DELETE FROM document WHERE id = $1 RETURNING organisation_id, sha256", document_id
        )
        if rows:
            await record(
                "document.removed",
                subject=("document", document_id),
                actor=actor,
                organisation_id=rows[0]["organisation_id"],
                sha256=rows[0]["sha256"],
            )


async def release(document_id: UUID) -> DocumentState | None:
    """Ask the virus scanner about a document in quarantine, and let it out or refuse it."""
    row = await document(document_id)
    if row is None or row.state is not DocumentState.QUARANTINED:
        return None
    data = b"".join([piece async for piece in storage().read(row.sha256)])
    details: dict[str, object] = {}
    try:
        state = await _scanned(Checked(data, row.name, row.media_type))
    except Infected as error:
        state, details = DocumentState.REFUSED, dict(error.values)
    if state is DocumentState.QUARANTINED:
        return None
    return state if await _leave_quarantine(document_id, state, details) else None


async def _leave_quarantine(
    document_id: UUID, state: DocumentState, details: dict[str, object]
) -> bool:
    async with database.transaction():
        rows = await database.fetch(
            "UPDATE document SET state = $2 WHERE id = $1 AND state = 'quarantined'"
            " RETURNING organisation_id",
            document_id,
            state.value,
        )
        if rows:
            await record(
                f"document.{'released' if state is DocumentState.AVAILABLE else 'refused'}",
                subject=("document", document_id),
                actor=SYSTEM,
                organisation_id=rows[0]["organisation_id"],
                **details,
            )
        return bool(rows)
