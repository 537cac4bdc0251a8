"""The drafting help as a page and as a PDF, in the look of the evaluation report."""

from __future__ import annotations

from typing import Any

from portal.web import i18n
from procurement.evaluation import report
from procurement.evaluation.draft import Draft

STYLE = "draft.css"


def html(found: Draft, *, style: str = STYLE) -> str:
    """Return the help as a whole page in the present language."""
    return _page(found, style=style, printed=False)


def pdf(found: Draft) -> bytes:
    """Return the help as an accessible PDF (PDF/UA-1) with its fonts inside."""
    written: bytes = rendered(found).write_pdf(
        pdf_variant="pdf/ua-1", pdf_tags=True, pdf_identifier=found.digest.encode()
    )
    return written


def rendered(found: Draft) -> Any:
    """Return WeasyPrint's document: pages that can be counted before they are written."""
    page = _page(found, style=STYLE, printed=True)
    return report.laid_out(page, [chart for lot in found.lots for chart in lot.charts])


def _page(found: Draft, *, style: str, printed: bool) -> str:
    page = report.environment().get_template("draft.html")
    code, direction = i18n.language.get(), i18n.direction()
    return page.render(draft=found, style=style, code=code, direction=direction, printed=printed)
