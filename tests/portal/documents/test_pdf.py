import pytest

from portal.documents.errors import PdfActive, PdfLocked, PdfUnreadable
from portal.documents.pdf import check_pdf
from tests.portal.documents.files import object_stream, pdf


def test_an_ordinary_pdf_passes():
    check_pdf(pdf())
    check_pdf(pdf(b"/OpenAction [3 0 R /Fit]", object_stream(b"10 0 << /Type /Font >>")))


@pytest.mark.parametrize(
    "data",
    [
        pdf(b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"),
        pdf(b"/OpenAction << /S /J#61vaScript /J#53 (app.alert(1)) >>"),
        pdf(b"/AA<</O<</S/Launch/F(cmd.exe)>>>>"),
        pdf(b"/Names << /EmbeddedFiles 9 0 R >>"),
        pdf(b"/AcroForm << /XFA 9 0 R >>"),
        pdf(more=object_stream(b"10 0 << /S /JavaScript /JS (x) >>")),
        pdf(more=object_stream(b"10 0 << /S /JavaScript /JS (x) >>", b"/Obj#53tm")),
        pdf(more=object_stream(b"10 0 << /S /JavaScript /JS (x) >>", packed=False)),
        pdf(
            b"/X (>>\nstream\n)",
            b"8 0 obj\n<< /S /JavaScript /JS (x) >>\nendobj\n" + object_stream(b"a", b"/X"),
        ),
    ],
)
def test_a_pdf_that_would_do_something_is_refused(data):
    with pytest.raises(PdfActive):
        check_pdf(data)


def test_a_locked_pdf_is_refused():
    with pytest.raises(PdfLocked):
        check_pdf(pdf(more=b"trailer << /Encrypt 5 0 R >>\n"))


@pytest.mark.parametrize(
    "data",
    [
        pdf()[:-40],
        pdf(ending=b"%%EOF\nPK\x03\x04 a zip archive behind the end"),
        pdf(more=object_stream(b"x").replace(b"/FlateDecode", b"/ASCIIHexDecode")),
        pdf(more=object_stream(b"x").replace(b"x\x9c", b"zz")),
        pdf(more=object_stream(b"\0" * (65 * 1024 * 1024))),
        b"GIF89a" + pdf(),
    ],
    ids=["cut", "polyglot", "odd-filter", "damaged", "bomb", "other-beginning"],
)
def test_a_pdf_that_cannot_be_examined_is_refused(data):
    with pytest.raises(PdfUnreadable):
        check_pdf(data)
