import asyncio
import hashlib
import os
import struct
from uuid import UUID

import pytest

from portal import database
from portal.documents import actions
from portal.documents.actions import preview_key, remove_document, set_public, storage, store_upload
from portal.documents.errors import FileEmpty, FileTooLarge, Infected, KindRefused
from portal.documents.jobs import remove_orphans, scan_quarantine
from portal.documents.kinds import IMAGES, PDF
from portal.documents.queries import document
from portal.documents.states import DOCUMENT_MOVES, DocumentState
from portal.permissions import Actor
from portal.settings import get_settings
from tests.portal.documents.files import image, pdf, upload

SAM, WORKS = Actor(person_id=UUID(int=5), name="Sam"), UUID(int=50)


async def keep(data: bytes, name: str = "photo.png") -> UUID:
    return await store_upload(
        upload(data, name), organisation_id=WORKS, actor=SAM, kinds=IMAGES | PDF
    )


async def events() -> list[str]:
    return [row["event"] for row in await database.fetch("SELECT event FROM audit_record")]


async def content(key: str) -> bytes:
    return b"".join([piece async for piece in storage().read(key)])


async def test_store_upload_keeps_a_pdf_as_it_is(db):
    row = await document(await keep(pdf(), "../notice d'emploi.PDF"))

    assert (row.name, row.media_type, row.state) == (
        "notice d'emploi.pdf",
        "application/pdf",
        DocumentState.AVAILABLE,
    )
    assert (row.organisation_id, row.actor, row.public) == (WORKS, str(UUID(int=5)), False)
    assert await content(row.sha256) == pdf()
    assert row.sha256 == hashlib.sha256(pdf()).hexdigest()
    assert await events() == ["document.stored"]


async def test_store_upload_makes_previews_of_an_image(db):
    row = await document(await keep(image("PNG", (1200, 600))))

    small = await content(preview_key(row.sha256, 320))
    assert (small[:4], small[8:12]) == (b"RIFF", b"WEBP")


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", FileEmpty),
        (b"\0" * (20 * 1024 * 1024 + 1), FileTooLarge),
        (b"MZ\x90\x00 an executable called photo.png", KindRefused),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", KindRefused),
        (b"<html><script>alert(1)</script>", KindRefused),
    ],
)
async def test_store_upload_refuses_and_keeps_nothing(db, data, error):
    with pytest.raises(error):
        await keep(data)

    assert await database.fetch("SELECT id FROM document") == []
    assert await events() == []


async def test_a_document_of_a_failed_action_does_not_exist(db):
    with pytest.raises(ZeroDivisionError):
        async with database.transaction():
            await keep(pdf())
            raise ZeroDivisionError

    assert await database.fetch("SELECT id FROM document") == []
    assert await events() == []


async def test_the_same_content_twice_at_once_is_one_file_and_two_documents(db):
    first, second = await asyncio.gather(keep(pdf()), keep(pdf()))

    rows = [await document(first), await document(second)]
    assert rows[0].sha256 == rows[1].sha256

    await remove_document(first, actor=SAM)
    await make_old(rows[0].sha256)
    assert await remove_orphans({}) == 0
    await remove_document(second, actor=SAM)
    await remove_document(second, actor=SAM)
    assert await remove_orphans({}) == 1
    assert await events() == ["document.stored"] * 2 + ["document.removed"] * 2


async def make_old(digest: str) -> None:
    for path in get_settings().documents_dir.rglob("*"):
        if path.is_file():
            os.utime(path, (1, 1)) if digest in path.name else path.unlink()


async def test_set_public_opens_and_closes(db):
    id_ = await keep(pdf())

    await set_public([id_], public=True)
    assert (await document(id_)).public is True
    await set_public([id_], public=False)
    assert (await document(id_)).public is False


@pytest.fixture
async def scanner(monkeypatch):
    """A server that speaks clamd's INSTREAM and takes any file with EICAR in it for a virus."""
    answered = {"on": True}

    async def serve(reader, writer):
        if not answered["on"]:
            writer.close()
            return
        assert await reader.readexactly(10) == b"zINSTREAM\0"
        data = b""
        while size := struct.unpack("!L", await reader.readexactly(4))[0]:
            data += await reader.readexactly(size)
        writer.write(b"stream: Eicar-Test FOUND\0" if b"EICAR" in data else b"stream: OK\0")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    monkeypatch.setenv("TAJHIZ_CLAMD_HOST", "127.0.0.1")
    monkeypatch.setenv("TAJHIZ_CLAMD_PORT", str(server.sockets[0].getsockname()[1]))
    get_settings.cache_clear()
    async with server:
        yield answered
    monkeypatch.undo()
    get_settings.cache_clear()


async def test_the_scanner_lets_clean_files_through_and_refuses_others(db, scanner):
    assert (await document(await keep(pdf()))).state is DocumentState.AVAILABLE
    with pytest.raises(Infected):
        await keep(pdf(b"/X (EICAR)"))


async def test_a_file_waits_in_quarantine_while_the_scanner_is_away(db, scanner):
    scanner["on"] = False
    good, bad = await keep(pdf()), await keep(pdf(b"/X (EICAR)"))
    assert [(await document(id_)).state for id_ in (good, bad)] == [DocumentState.QUARANTINED] * 2
    assert await scan_quarantine({}) == 0

    scanner["on"] = True
    assert await scan_quarantine({}) == 2
    assert await scan_quarantine({}) == 0

    assert (await document(good)).state is DocumentState.AVAILABLE
    assert (await document(bad)).state is DocumentState.REFUSED
    assert (await events())[2:] == ["document.released", "document.refused"]


def test_every_state_says_what_follows():
    assert set(DOCUMENT_MOVES) == set(DocumentState)
    assert actions.storage() is storage()
