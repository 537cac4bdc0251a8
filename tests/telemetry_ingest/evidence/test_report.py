"""The report of a pack: accessible, the same bytes again, the answer on its first page."""

import pytest

from telemetry_ingest.evidence.report import html, kept_pdf, pdf
from tests.telemetry_ingest.evidence.packs import a_pack


@pytest.fixture(scope="module")
def pack():
    return a_pack()


@pytest.mark.parametrize("code", ["fr", "ar", "en"])
def test_it_says_everything_in_every_language(pack, code):
    text = html(pack, code)

    assert (f'lang="{code}"' in text, pack.head in text, "SN-1" in text) == (True, True, True)
    assert "%(" not in text
    assert "%%" not in text
    assert (
        text.index('class="answer"')
        < text.index('class="thresholds"')
        < text.index('class="proof"')
    )
    assert (text.count('role="img"'), text.count("style=")) == (3, 0)


def test_it_is_made_again_the_same(pack):
    first = pdf(pack, "ar")

    assert first.startswith(b"%PDF-")
    assert pdf(pack, "ar") == first


def test_it_is_kept_under_what_it_says(pack, cold):
    first = kept_pdf(pack, "fr")
    (kept,) = (cold / "evidence").iterdir()
    kept.write_bytes(b"kept")

    assert first.startswith(b"%PDF-")
    assert kept_pdf(pack, "fr") == b"kept"
