"""What an import would do is looked up once, and again only when it could be something else."""

import asyncio
import io
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from catalog.importers import jobs, previews, uploads
from catalog.importers.jobs import import_devices, look_up_import
from catalog.importers.reasons import FileRefused
from catalog.tables import ImportPreview
from portal import database
from portal.permissions import Actor
from portal.queue import queue
from tests.people import make_organisation

TABLE = "reference;nom;couleur\n" + "".join(f"P-{n};Pompe;\n" for n in range(450)) + "Q;;\n"


async def received(table: str = TABLE, name: str = "l.csv"):
    """Hand in a file and return its run."""
    owner = await make_organisation()
    stream = io.BytesIO(table.encode())
    run = await uploads.run_of(await uploads.keep(name, stream, owner.id, actor=Actor(None)))
    assert run is not None
    return run


async def test_a_file_is_looked_through_once(db, monkeypatch):
    run = await received()
    assert await previews.look_at(run) is None
    await previews.look_up_small(run)
    monkeypatch.setattr(previews, "previewed", None)

    look = await previews.look_at(run)

    assert look is not None
    assert look.content is not None
    content = look.content
    assert (content.created, content.refused, look.rows) == (450, 1, 451)
    assert len(content.devices) == 300
    assert [(one.line, one.mistakes[0].reason) for one in content.refusals] == [
        (452, "name-missing")
    ]
    assert [(one.heading, one.nearest) for one in content.unread] == [("couleur", "")]


@pytest.mark.parametrize("changed", ["file", "edition", "nomenclature", "devices"])
async def test_what_is_kept_is_out_of_date_when_something_it_depends_on_changed(
    db, monkeypatch, changed
):
    run = await received()
    await previews.look_up_small(run)
    assert await previews.look_at(run) is not None

    match changed:
        case "file":
            await database.fetch("UPDATE import_run SET digest = repeat('0', 64)")
        case "edition":
            monkeypatch.setattr(previews, "EDITION", previews.EDITION + 1)
        case "nomenclature":
            await database.fetch(
                "INSERT INTO import_run (id, source, file_name, digest, created)"
                " VALUES (gen_random_uuid(), 'emdn', 'e.csv', '', 1)"
            )
        case "devices":
            await database.fetch(
                "INSERT INTO device_model (id, organisation_id, reference, updated_at)"
                " VALUES (gen_random_uuid(), $1, 'P-1', now())",
                run.organisation_id,
            )

    assert await previews.look_at(run) is None
    look = await previews.look_up_small(run)
    assert look is not None
    assert look.content is not None
    assert look.content.created == (449 if changed == "devices" else 450)


async def test_a_file_that_is_refused_is_not_read_again(db, monkeypatch):
    run = await received("a;b\n1;2\n")
    await previews.look_up_small(run)
    monkeypatch.setattr(previews, "previewed", None)

    look = await previews.look_at(run)

    assert look is not None
    assert look.content is not None
    assert "%(missing)s" in look.content.trouble
    assert look.content.values["found"] == "a, b"


async def test_a_big_file_is_the_workers(db, monkeypatch):
    monkeypatch.setattr(previews, "SMALL", 100)
    run = await received()

    assert await previews.look_up_small(run) is None
    async with queue() as waiting:
        await waiting.flushdb()
        await jobs.enqueue_look_up(waiting, run)
        await jobs.enqueue_look_up(waiting, run)  # asked for again while it is under way
        names = [(one.function, *one.args) for one in await waiting.queued_jobs()]
        await waiting.flushdb()
    assert names == [("catalog.look_up_import", str(run.id))]
    under_way = await previews.look_at(run)
    assert under_way is not None
    assert under_way.content is None

    assert await look_up_import({}, str(run.id)) == 451
    assert await look_up_import({}, str(run.id)) == 0  # safe to run twice
    look = await previews.look_at(run)
    assert look is not None
    assert look.content is not None


async def test_what_takes_too_long_for_a_page_is_the_workers(db, monkeypatch):
    monkeypatch.setattr(previews, "AT_ONCE_S", 0)
    run = await received()

    assert await previews.look_up_small(run) is None
    assert not uploads.spool_of(run.id).exists()


async def test_a_lookup_that_fell_silent_is_begun_again(db):
    run = await received()
    first = await previews.begin(run)
    assert first is not None
    assert await previews.begin(run) is None

    late = datetime.now(UTC) - previews.SILENT - timedelta(seconds=1)
    await database.fetch("UPDATE import_preview SET updated_at = $1", late)

    again = await previews.begin(run)
    assert again is not None
    assert again > first


async def test_nothing_stays_of_a_discarded_import(db):
    run = await received()
    await previews.look_up_small(run)
    assert uploads.spool_of(run.id).exists()

    await uploads.discard(run, actor=Actor(None))

    assert await ImportPreview.count() == 0
    assert list(uploads.folder().glob(f"{run.id}*")) == []
    await previews.look_up_small(run)  # a lookup that ends after the import was given up
    assert await ImportPreview.count() == 0


async def test_what_waited_for_a_month_is_forgotten_with_its_files(db):
    run = await received()
    await previews.look_up_small(run)
    now = datetime.now(UTC)

    assert await uploads.forget_old(now + timedelta(days=uploads.KEPT_DAYS - 1)) == 0
    assert await uploads.forget_old(now + timedelta(days=uploads.KEPT_DAYS + 1)) == 1
    assert list(uploads.folder().glob(f"{run.id}*")) == []


async def test_the_import_refuses_what_was_said(db):
    run = await received()
    await previews.look_up_small(run)
    before = uploads.spool_of(run.id).read_bytes()
    await uploads.confirm(run, 451, actor=Actor(None))

    assert await import_devices({}, str(run.id)) == 450

    done = await uploads.run_of(UUID(str(run.id)))
    assert done is not None
    assert (done.created, done.refused, done.is_finished) == (450, 1, True)
    assert uploads.spool_of(run.id).read_bytes() == before


async def test_an_organisation_has_only_so_many_files_waiting(db, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_WAITING", 2)
    owner = await make_organisation()
    other = await make_organisation(name="Autre (fictif)")

    async def hand_in(organisation):
        stream = io.BytesIO(TABLE.encode())
        return await uploads.keep("l.csv", stream, organisation.id, actor=Actor(None))

    results = await asyncio.gather(*(hand_in(owner) for _ in range(4)), return_exceptions=True)

    refused = [one for one in results if isinstance(one, FileRefused)]
    assert [one.values for one in refused] == [{"most": 2}, {"most": 2}]
    assert await hand_in(other)
    kept = [one for one in results if isinstance(one, UUID)]
    assert {path.stem for path in uploads.folder().iterdir()} >= {str(one) for one in kept}
    run = await uploads.run_of(kept[0])
    assert run is not None
    await uploads.discard(run, actor=Actor(None))
    assert await hand_in(owner)
