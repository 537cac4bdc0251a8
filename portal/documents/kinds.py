"""Kinds of files, by what is in them; the name and what the browser says count for nothing."""

import unicodedata

from portal.documents.errors import KindRefused, KindUnknown

IMAGES = frozenset({"image/jpeg", "image/png", "image/webp"})
PDF = frozenset({"application/pdf"})
ENDINGS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "application/pdf": ".pdf",
}
SHORT = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WebP", "application/pdf": "PDF"}
LONGEST_NAME = 120


def kind_of(data: bytes) -> str:
    """Return the media type that the first bytes say, or nothing for what is never taken."""
    if data.startswith(b"%PDF-"):
        return "application/pdf"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return ""


def check_kind(data: bytes, wanted: frozenset[str], found: str) -> str:
    """Return the media type of a file, or refuse it; ``found`` is how to name another content."""
    kind = kind_of(data)
    if kind not in wanted:
        names = ", ".join(sorted(SHORT[one] for one in wanted))
        content = SHORT.get(kind, found)
        raise KindRefused(wanted=names, found=content) if content else KindUnknown(wanted=names)
    return kind


def clean_name(given: str, kind: str) -> str:
    """Return a name safe to show and to save under: no path, no control or bidi characters.

    The ending is that of the content, so that ``photo.exe`` and a name turned around by a
    right-to-left override end as what they are.
    """
    last = given.replace("\\", "/").rsplit("/", 1)[-1]
    visible = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in last)
    stem = " ".join(visible.split())
    if "." in stem:
        stem = stem.rsplit(".", 1)[0]
    stem = " ".join("".join(" " if c in '<>:"|?*' else c for c in stem).split()).strip(" .")
    return (stem[:LONGEST_NAME].strip(" .") or "document") + ENDINGS[kind]
