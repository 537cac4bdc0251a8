"""Downloading a document or a preview of it."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import Request, Response, get
from litestar.params import FromPath
from litestar.response import Stream

from portal.documents.actions import preview_key, storage
from portal.documents.errors import DocumentNotFound, DocumentWaits
from portal.documents.images import PREVIEW_WIDTHS
from portal.documents.queries import DocumentRow, document, names_of
from portal.documents.states import DocumentState
from portal.package import Concerned
from portal.permissions import Action, Actor, authority, either, member, verifier
from portal.web.guards import public, require

READ = Action("documents.read", either(member(), verifier, authority))
PICTURE_S = 300  # how long a picture may be shown after it was withdrawn


@get("/documents/{document_id:uuid}", name="documents.download", guards=[public])
async def download(
    request: Request[Any, Any, Any], document_id: FromPath[UUID]
) -> Response[Any] | Stream:
    """Send a document: an image to be shown, anything else to be saved."""
    row = await readable(request, document_id)
    place = "inline" if row.is_image else "attachment"
    disposition = f"{place}; filename*=UTF-8''{quote(row.name, safe='')}"
    return answer(request, row, row.sha256, row.media_type, disposition)


@get(
    "/documents/{document_id:uuid}/preview/{width:int}",
    name="documents.preview",
    guards=[public],
)
async def show_preview(
    request: Request[Any, Any, Any], document_id: FromPath[UUID], width: FromPath[int]
) -> Response[Any] | Stream:
    """Send a small WebP of an image, in one of the widths there are."""
    row = await readable(request, document_id)
    if not row.is_image or width not in PREVIEW_WIDTHS:
        raise DocumentNotFound
    return answer(request, row, preview_key(row.sha256, width), "image/webp", "inline")


async def readable(request: Request[Any, Any, Any], document_id: UUID) -> DocumentRow:
    """Return a document that this person may read now."""
    row = await document(document_id)
    if row is None:
        raise DocumentNotFound
    if not row.public:
        require(request, READ, row)
    if row.state is DocumentState.QUARANTINED:
        raise DocumentWaits
    if row.state is DocumentState.REFUSED:
        raise DocumentNotFound
    return row


def answer(
    request: Request[Any, Any, Any], row: DocumentRow, key: str, kind: str, disposition: str
) -> Response[Any] | Stream:
    """Send a file, or say that the browser has it already.

    It is asked for each time, so that one that is withdrawn, or whose reader loses the right to
    it, is gone at once. Only public pictures, of which a page shows many, are kept for minutes.
    """
    caching = "public, no-cache" if row.public else "private, no-cache"
    if row.public and kind.startswith("image/"):
        caching = f"public, max-age={PICTURE_S}, must-revalidate"
    headers = {"ETag": f'"{key}"', "Cache-Control": caching, "Vary": "Cookie"}
    if f'"{key}"' in request.headers.get("if-none-match", ""):
        return Response(None, status_code=304, headers=headers)
    return Stream(
        storage().read(key),
        media_type=kind,
        headers=headers
        | {
            "Content-Disposition": disposition,
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )


async def recorded_documents(ids: Sequence[str], actor: Actor) -> dict[str, Concerned]:
    """Return the documents that records are about; who reads the audit may read these as well."""
    return {
        key: Concerned(name, "documents.download", {"document_id": key})
        if there
        else Concerned(name)
        for key, (name, there) in (await names_of(ids)).items()
    }
