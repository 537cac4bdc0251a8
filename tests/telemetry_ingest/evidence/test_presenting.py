"""A kept pack is read once for a language; a form that nobody knows is said in words."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from portal.web.i18n import language
from telemetry_ingest.errors import UnknownForm
from telemetry_ingest.evidence import presenting
from telemetry_ingest.evidence.pack import Pack
from telemetry_ingest.evidence.presenting import opened, presented, report
from telemetry_ingest.queries.evidence import PackView
from tests.telemetry_ingest.evidence.packs import a_pack


@pytest.fixture(scope="module")
def pack() -> Pack:
    return a_pack()


def kept(pack: Pack, content: bytes | None = None) -> PackView:
    return PackView(
        uuid4(), UUID(int=4), 1, pack.head, content or pack.written(), datetime.now(UTC)
    )


def test_it_is_read_once_for_a_language(pack, monkeypatch):
    reads = []
    monkeypatch.setattr(
        presenting, "loaded", lambda content, do=presenting.loaded: reads.append(1) or do(content)
    )
    view = kept(pack)
    for code in ("fr", "ar", "fr", "ar"):
        language.set(code)
        found = presented(view)
        assert "SN-1" in found.shown.devices[0].summary
        assert report(view).startswith(b"%PDF-")

    assert len(reads) == 4
    assert found.key == pack.data["signature"]["public_key"]
    assert found.held == {1: 1440, 2: 0}
    assert opened(view).head == pack.head


def test_an_unknown_form_is_said(pack):
    older = pack.written().replace(b'"lost":', b'"losx":')
    for make in (presented, report):
        with pytest.raises(UnknownForm):
            make(kept(pack, older))
    with pytest.raises(UnknownForm):
        opened(kept(pack, b"{}"))
