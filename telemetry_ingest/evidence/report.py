"""The report of a pack as an accessible PDF, for whoever signs and files it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from portal.web import i18n
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


def pdf(pack: Pack, language: str) -> bytes:
    """Return the report as PDF/UA-1 with its fonts inside."""
    from weasyprint import HTML  # noqa: PLC0415 — it loads Pango, which only a PDF needs

    written: bytes = HTML(string=html(pack, language), base_url=f"{FOLDER.as_uri()}/").write_pdf(
        pdf_variant="pdf/ua-1", pdf_tags=True, pdf_identifier=pack.head.encode()
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
