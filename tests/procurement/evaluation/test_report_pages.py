"""The PDF: the result on its first page, nothing beside a page, fonts and tags inside."""

import re
import zlib

import pytest

from procurement.evaluation import report, words
from tests.procurement.evaluation import files
from tests.procurement.evaluation.records import LANGUAGES, made


def pages(document) -> list[str]:
    """Return the words of each page of WeasyPrint's document."""
    return [" ".join(_words(page._page_box)) for page in document.pages]


def _words(box):
    if text := getattr(box, "text", None):
        yield text
    for child in getattr(box, "children", ()):
        yield from _words(child)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_has_the_result_and_the_signatures_on_its_first_page(language):
    document = report.rendered(made("first"), language)
    first, *rest = pages(document)
    with words.speaking(language):
        president, seal = words.gettext("President of the commission"), words.gettext("Seal")

    assert (president in first, any(president in one for one in rest)) == (True, False)
    assert all(made("first")["head"] in one and seal in one for one in (first, *rest))
    assert len(rest) == 6


def test_fifty_bids_with_long_names_leave_the_first_page_one_page():
    document = report.rendered(files.many(50), "fr")
    first, second, *_rest = pages(document)

    assert ("Président de la commission" in first, "L’évaluation" in second) == (True, True)
    assert [page for page in document.pages if _beyond(page)] == []


def _beyond(page) -> bool:
    """Say whether a line of text ends beyond the edge of the page."""
    boxes = [page._page_box]
    while boxes:
        box = boxes.pop()
        boxes.extend(getattr(box, "children", ()))
        if getattr(box, "text", "") and not 0 <= box.position_x <= page.width - box.width:
            return True
    return False


def test_a_long_title_and_a_long_name_leave_the_first_page_one_page():
    file = files.supplies({f"{place}": 90_000_000 + place for place in range(9)})
    file["tender"]["title"] = "Acquisition d’équipements biomédicaux " * 6
    for one in file["dossier"]["bidders"]:
        one["name"] = "Groupement solidaire fictif de sociétés " * 4
    second = pages(report.rendered(files.made(file), "ar"))[1]

    assert "التقييم" in second


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_is_one_with_its_fonts_and_tags_inside(language):
    written = report.pdf(made("first"), language)

    assert written.startswith(b"%PDF-")
    streams = re.findall(rb"stream\r?\n(.*?)endstream", written, re.DOTALL)
    inside = written + b"".join(_inflated(stream) for stream in streams)
    assert b"pdfuaid" in inside
    assert b"IBM-Plex-Sans" in inside


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(stream)
    except zlib.error:
        return stream
