"""The report of a pack: accessible, the same bytes again, the answer on its first page."""

from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest

from telemetry_ingest.evidence import report
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
    (kept,) = (cold / "evidence").glob("*.pdf")
    kept.write_bytes(b"kept")

    assert first.startswith(b"%PDF-")
    assert kept_pdf(pack, "fr") == b"kept"


def test_two_first_visitors_of_two_processes_make_it_once(pack, cold, monkeypatch):
    """Two threads that know nothing of each other stand for two processes: the lock is a file's."""
    made = []

    def slowly(text: str, head: str) -> bytes:
        made.append(head)
        sleep(0.2)
        return b"%PDF-once"

    monkeypatch.setattr(report, "_printed", slowly)
    with ThreadPoolExecutor(4) as pool:
        found = [one.result() for one in [pool.submit(kept_pdf, pack, "fr") for _ in range(4)]]

    assert (found, made) == ([b"%PDF-once"] * 4, [pack.head])


def test_where_nothing_can_be_kept_it_is_made_all_the_same(pack, cold):
    cold.parent.mkdir(exist_ok=True)
    cold.write_bytes(b"a file where the folder should be")

    assert kept_pdf(pack, "en").startswith(b"%PDF-")
