"""The report of an evaluation: a page, a PDF for whoever signs and an archive, plain text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from portal.web import i18n
from procurement.evaluation import figures, sensitivity, words
from procurement.evaluation.contents import Contents, Said, Source, contents, source
from procurement.evaluation.drawing import FONTS, Chart, short

FOLDER = Path(__file__).parent
STYLE = "report.css"
ROWS_ON_FIRST_PAGE, LOTS_ON_FIRST_PAGE = 6, 8


def html(
    record: Mapping[str, Any],
    language: str,
    *,
    robustness: sensitivity.ByLot | None = None,
    style: str = STYLE,
) -> str:
    """Return a record as a whole page; the same record gives the same bytes.

    Args:
        record: as ``procurement.scoring.record`` makes it.
        language: « fr », « ar » or « en ».
        robustness: what other weights would change, by lot; without it the part says so.
        style: address of the style sheet.

    Raises:
        RecordBroken: the record's chain does not hold.
    """
    return _page(record, language, robustness, style=style, printed=False)[0]


def pdf(
    record: Mapping[str, Any],
    language: str,
    *,
    robustness: sensitivity.ByLot | None = None,
) -> bytes:
    """Return a record as an accessible PDF (PDF/UA-1) with its fonts inside.

    Raises:
        RecordBroken: the record's chain does not hold.
    """
    document = rendered(record, language, robustness=robustness)
    written: bytes = document.write_pdf(
        pdf_variant="pdf/ua-1", pdf_tags=True, pdf_identifier=str(record["head"]).encode()
    )
    return written


def rendered(
    record: Mapping[str, Any],
    language: str,
    *,
    robustness: sensitivity.ByLot | None = None,
) -> Any:
    """Return WeasyPrint's document: pages that can be counted before they are written."""
    return laid_out(*_page(record, language, robustness, style=STYLE, printed=True))


def laid_out(page: str, charts: Iterable[Chart]) -> Any:
    """Return WeasyPrint's document of a page whose charts' words are laid over the drawings."""
    from weasyprint import CSS, HTML  # noqa: PLC0415 — it loads Pango, which only a PDF needs

    return HTML(string=page, base_url=f"{FOLDER.as_uri()}/").render(
        stylesheets=[CSS(string=places(charts))], pdf_variant="pdf/ua-1", pdf_tags=True
    )


def _page(
    record: Mapping[str, Any],
    language: str,
    robustness: sensitivity.ByLot | None,
    *,
    style: str,
    printed: bool,
) -> tuple[str, list[Chart]]:
    """Render the page; ``printed``: words of charts are laid over the drawing, see chart.html."""
    found = source(record)
    with words.speaking(language):
        robust = sensitivity.parts(found, robustness)
        told = {part.lot: part.told for part in robust}
        report = contents(found, figures.of_lots(found), told=told)
        page = (
            environment()
            .get_template("report.html")
            .render(
                report=report,
                sensitivity=robust,
                style=style,
                code=language,
                direction=i18n.direction(),
                qr=_qr(found.head),
                printed=printed,
            )
        )
    drawn = [*(lot.charts for lot in report.lots), *(part.charts for part in robust)]
    return str(page), [chart for charts in drawn for chart in charts]


def places(charts: Iterable[Chart]) -> str:
    """Return the style sheet that lays the words of charts over their drawings, on paper."""
    return "\n".join(
        f"#{chart.name}-w{number} {{ left: {one.attributes['x']}px; top: {one.attributes['y']}px }}"
        for chart in charts
        for number, one in enumerate(chart.words(), 1)
    )


def text(record: Mapping[str, Any], language: str) -> str:
    """Return a record as plain text for the command line."""
    found = source(record)
    with words.speaking(language):
        lines = list(_text(contents(found, {}, whole=True), found))
    return "\n".join(lines) + "\n"


def _text(report: Contents, found: Source) -> list[str]:
    _ = words.gettext
    lines = [report.title, f"{report.method} · {report.rules}", ""]
    lines += [_plain(one) for one in report.lines]
    for lot in report.lots:
        head = f"{lot.id} {lot.title}".strip()
        lines += ["", head, "-" * len(head), f"{lot.status}  {lot.winner}  {lot.amount}".rstrip()]
        lines += [_plain(one) for one in lot.why]
        for place in lot.ranking:
            lines.append(f"{place.rank:>4}  {place.bid}  {place.name}  {place.price}  {place.key}")
        lines += [f"   –  {one.bid}  {one.name}: {_plain(one.reason)}" for one in lot.aside]
        lines += ["", *(_plain(one) for one in lot.lines)]
        for bid in lot.bids:
            lines += ["", f"{bid.place.bid}  {bid.place.name}"]
            lines += [f"  {_plain(one)}" for one in bid.lines]
        lines += [f"! {_plain(one)}" for one in lot.warnings]
    digest = _("Digest of the record: %(digest)s", digest=report.proof.digest)
    return [*lines, "", digest]


def _plain(one: Said) -> str:
    """Write a sentence with its mark in words."""
    return f"{one.text} [{words.gettext('To be confirmed')}]" if one.unsure else one.text


def _qr(digest: str) -> Markup:
    drawn = segno.make(f"sha256:{digest}", error="m").svg_inline(
        scale=3,
        border=0,
        title=words.gettext("The digest of the record as a QR code"),
        dark="#1c1a17",
    )
    return Markup(drawn)  # noqa: S704 — segno escapes the title


_NUMBERED = re.compile(r"(?<![\w-])[0-9]{1,3}(?:-[0-9A-Z]{1,4})+(?![\w-])")
"""An article or a text of the law, such as « 44-B-1 » or « 2-22-431 »."""


def unbroken(text: str) -> Markup:
    """Keep the numbers of articles, whose hyphens may end a line, on one and in their order."""
    kept = _NUMBERED.sub(
        lambda found: f'<bdi class="kept" dir="ltr">{found[0]}</bdi>', str(escape(text))
    )
    return Markup(kept)  # noqa: S704 — escaped, and what was added is ours


@cache
def environment() -> Environment:
    """Return what renders the templates of this folder, with words in the present language."""
    found = Environment(
        loader=FileSystemLoader(FOLDER / "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.i18n"],
    )  # fmt: skip
    found.install_gettext_callables(words.gettext, words.ngettext, newstyle=False)  # type: ignore[attr-defined]
    found.globals |= {
        "_": words.gettext,
        "fonts": FONTS,
        "most_rows": ROWS_ON_FIRST_PAGE,
        "most_lots": LOTS_ON_FIRST_PAGE,
    }
    found.filters |= {
        "day": i18n.day,
        "moment": i18n.moment,
        "number": i18n.number,
        "short": short,
        "unbroken": unbroken,
    }
    return found
