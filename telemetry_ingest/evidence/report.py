"""The report of a pack as an accessible PDF, for whoever signs and files it."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from portal.web import i18n
from telemetry_ingest.evidence import keeping
from telemetry_ingest.evidence.pack import Pack
from telemetry_ingest.evidence.shown import shown

FOLDER = Path(__file__).parent


def html(pack: Pack, language: str) -> str:
    """Return the report as a whole page; the same pack gives the same bytes."""
    token = i18n.language.set(language)
    try:
        return (
            environment()
            .get_template("report.html")
            .render(shown=shown(pack), code=language, direction=i18n.direction())
        )
    finally:
        i18n.language.reset(token)


def kept_pdf(pack: Pack, language: str) -> bytes:
    """Return the report as PDF; it takes seconds: made once and kept under what it says."""
    text = html(pack, language)
    path = keeping.folder() / f"{hashlib.sha256(text.encode()).hexdigest()}.pdf"
    if path.is_file():
        return path.read_bytes()
    with keeping.alone():
        if path.is_file():  # another process made it meanwhile
            return path.read_bytes()
        made = _printed(text, pack.head)
        with suppress(OSError):  # where nothing can be kept it is made each time
            keeping.put(path, made)
    return made


def pdf(pack: Pack, language: str) -> bytes:
    """Return the report as PDF/UA-1 with its fonts inside."""
    return _printed(html(pack, language), pack.head)


def _printed(text: str, head: str) -> bytes:
    from weasyprint import HTML  # noqa: PLC0415 — it loads Pango, which only a PDF needs

    written: bytes = HTML(string=text, base_url=f"{FOLDER.as_uri()}/").write_pdf(
        pdf_variant="pdf/ua-1", pdf_tags=True, pdf_identifier=head.encode()
    )
    return written


@cache
def environment() -> Environment:
    """Return what renders the report."""
    found = Environment(
        loader=FileSystemLoader([FOLDER / "templates", FOLDER.parent / "templates" / "evidence"]),
        autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    found.globals["_"] = i18n.gettext
    return found
