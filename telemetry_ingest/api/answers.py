"""Answers of the read interfaces: JSON with a mark by which a program sees that nothing changed."""

import hashlib
from typing import Any

import msgspec
from litestar import Request, Response

HEADERS = {"Cache-Control": "private, no-cache"}


def written(body: Any, media: str, *, pretty: bool = False) -> Response[bytes]:
    """Return an answer, for people on many lines."""
    text = msgspec.json.encode(body)
    if pretty:
        text = msgspec.json.format(text, indent=2)
    return Response(text, media_type=media, headers=HEADERS)


def answered(
    request: Request[Any, Any, Any], body: Any, media: str, *, pretty: bool = False
) -> Response[bytes]:
    """Return one resource with its mark, or « not changed » to whoever has it."""
    answer = written(body, media, pretty=pretty)
    mark = f'"{hashlib.sha256(answer.content).hexdigest()[:20]}"'
    etag = f"W/{mark}"
    headers = {**HEADERS, "ETag": etag, "Vary": "Cookie, Authorization, Accept-Language"}
    known = request.headers.get("if-none-match", "")
    # Compared weakly (RFC 9110, 13.1.2): caches on the way may drop the « W/ ».
    if mark in known or known.strip() == "*":
        return Response(b"", status_code=304, media_type=media, headers=headers)
    return Response(answer.content, media_type=media, headers=headers)
