"""A manufacturer's list of devices: hand it in, look at what it would do, confirm, follow it."""

import asyncio
from pathlib import PurePosixPath
from typing import Any, BinaryIO, cast
from urllib.parse import quote
from uuid import UUID

from litestar import Request, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath
from litestar.response import Redirect, Response, Template

from catalog.access import DEVICE_REGISTER
from catalog.errors import ImportNotFound
from catalog.importers import previews, uploads
from catalog.importers.columns import COLUMNS, heading, names
from catalog.importers.jobs import enqueue_import, enqueue_look_up
from catalog.importers.reasons import WORDS, FileRefused
from catalog.importers.refused import MOST_IN_WORKBOOK, given_back
from catalog.importers.templates import csv_template, explained, xlsx_template
from catalog.importers.uploads import Run
from catalog.pages.own import own_organisations
from catalog.pages.places import under_own
from portal.permissions import Actor
from portal.web.guards import actor_of, allow, require
from portal.web.i18n import gettext as _
from portal.web.i18n import language
from portal.web.page import page, see_other, url

GUARDS = [allow(DEVICE_REGISTER)]
FOLDER = "/my/devices/import"
KINDS = {
    "csv": ("text/csv; charset=utf-8", csv_template),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx_template),
}


@get(FOLDER, name="catalog.import", guards=GUARDS)
async def import_form(request: Request[Any, Any, Any]) -> Template:
    """Show where to hand in a file, what it may hold, and the last imports."""
    return await _form(request, {})


async def _form(
    request: Request[Any, Any, Any], errors: dict[str, str], status_code: int = 200
) -> Template:
    organisations = own_organisations(request)
    return page(
        request,
        "catalog/imports/new.html",
        status_code=status_code,
        title=_("Import devices"),
        lead=_("Hand in a table of your devices, look at what would change, then confirm."),
        breadcrumbs=under_own(request, (_("Import devices"), "")),
        organisations=[(str(one), name) for one, name in organisations],
        runs=await uploads.runs_of([one for one, _name in organisations]),
        columns=[(heading(column, language.get()), explained(column)) for column in COLUMNS],
        typed={},
        errors=errors,
    )


@get(FOLDER + "/template/{kind:str}", name="catalog.import.template", guards=GUARDS)
async def import_template(kind: FromPath[str]) -> Response[bytes]:
    """Give the empty table with the headings of this language."""
    if kind not in KINDS:
        raise ImportNotFound
    media_type, make = KINDS[kind]
    name = f"tajhiz-{language.get()}.{kind}"
    return Response(
        make(),
        media_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@post(FOLDER, name="catalog.import.hand_in", guards=GUARDS)
async def hand_in(request: Request[Any, Any, Any]) -> Template | Redirect:
    """Keep a file and show what it would do."""
    form = await request.form()
    upload, chosen = form.get("file"), str(form.get("organisation") or "")
    own = {str(one): one for one, _name in own_organisations(request)}
    organisation_id = own.get(chosen) or (next(iter(own.values())) if len(own) == 1 else None)
    if organisation_id is None:
        return await _form(request, {"organisation": _("Choose one of your organisations.")}, 422)
    if not isinstance(upload, UploadFile) or not upload.filename:
        return await _form(request, {"file": _("Choose a file.")}, 422)
    try:
        run_id = await uploads.keep(
            upload.filename, cast(BinaryIO, upload.file), organisation_id, actor=actor_of(request)
        )
    except FileRefused as refused:
        return await _form(request, {"file": _(refused.message, **refused.values)}, 422)
    finally:
        await upload.close()
    if run := await uploads.run_of(run_id):
        await _look(request, run)
    return see_other(request, "catalog.import.run", run_id=run_id)


async def _own(request: Request[Any, Any, Any], run_id: UUID) -> tuple[Run, Actor]:
    """Return an import of one's own organisation."""
    run = await uploads.run_of(run_id)
    if run is None:
        raise ImportNotFound
    return run, require(request, DEVICE_REGISTER, run)


@get(FOLDER + "/{run_id:uuid}", name="catalog.import.run", guards=GUARDS)
async def import_run(request: Request[Any, Any, Any], run_id: FromPath[UUID]) -> Template:
    """Show what an import would do, how far it is, or what it did."""
    run, _actor = await _own(request, run_id)
    if run.confirmed_at is not None:
        return _progress(request, run)
    return _looked_at(request, run, await _look(request, run))


async def _look(request: Request[Any, Any, Any], run: Run) -> previews.Look | None:
    """Return what importing a file would do: as kept, looked up at once, or soon by the worker."""
    look = await previews.look_at(run) or await previews.look_up_small(run)
    if look is None or look.content is None:
        await enqueue_look_up(request.app.state.queue, run)
    return look


def _looked_at(request: Request[Any, Any, Any], run: Run, look: previews.Look | None) -> Template:
    content = look.content if look else None
    return page(
        request,
        "catalog/imports/preview.html",
        part="catalog/imports/_preview.html",
        title=_("What this import would do"),
        lead=_("Nothing is written yet. Look at it, then confirm or discard it."),
        breadcrumbs=_crumbs(request, run),
        run=run,
        rows=look.rows if look else 0,
        preview=content,
        trouble=_(content.trouble, **content.values) if content and content.trouble else "",
        shown=sorted(content.refusals, key=lambda one: one.line) if content else [],
        words=WORDS,
        names=names(language.get()),
        **_refused_rows(run, content.refused if content else 0),
    )


def _refused_rows(run: Run, count: int) -> dict[str, bool]:
    """Say in which forms the refused rows can be had."""
    exist = uploads.spool_of(run.id).exists()
    return {"has_report": exist, "has_workbook": exist and count <= MOST_IN_WORKBOOK}


def _progress(request: Request[Any, Any, Any], run: Run) -> Template:
    return page(
        request,
        "catalog/imports/run.html",
        part="catalog/imports/_progress.html",
        title=_("Import of %(file)s", file=run.file_name),
        breadcrumbs=_crumbs(request, run),
        run=run,
        **_refused_rows(run, run.refused),
    )


def _crumbs(request: Request[Any, Any, Any], run: Run) -> list[tuple[str, str]]:
    return under_own(
        request, (_("Import devices"), url(request, "catalog.import")), (run.file_name, "")
    )


@post(FOLDER + "/{run_id:uuid}/confirm", name="catalog.import.confirm", guards=GUARDS)
async def confirm_import(request: Request[Any, Any, Any], run_id: FromPath[UUID]) -> Redirect:
    """Begin the import; the worker carries it out."""
    run, actor = await _own(request, run_id)
    # Out of date, it is looked up again: nobody confirms what they have not seen.
    look = await previews.look_at(run)
    content = look.content if look else None
    if content and content.writes and await uploads.confirm(run, content.total, actor=actor):
        await enqueue_import(request.app.state.queue, run.id)
    return see_other(request, "catalog.import.run", run_id=run_id)


@post(FOLDER + "/{run_id:uuid}/discard", name="catalog.import.discard", guards=GUARDS)
async def discard_import(request: Request[Any, Any, Any], run_id: FromPath[UUID]) -> Redirect:
    """Give up an import that was not confirmed."""
    run, actor = await _own(request, run_id)
    await uploads.discard(run, actor=actor)
    return see_other(request, "catalog.import")


@get(FOLDER + "/{run_id:uuid}/refused/{kind:str}", name="catalog.import.refused", guards=GUARDS)
async def refused_rows(
    request: Request[Any, Any, Any], run_id: FromPath[UUID], kind: FromPath[str]
) -> Response[bytes]:
    """Give the rows that are not taken over as they stood, with the reasons of each."""
    run, _actor = await _own(request, run_id)
    spool = uploads.spool_of(run.id)
    if kind not in KINDS or not spool.exists():
        raise ImportNotFound
    path = await asyncio.to_thread(given_back, spool, kind)
    name = f"{PurePosixPath(run.file_name).stem}-{_('Refused rows')}.{kind}"
    return Response(
        await asyncio.to_thread(path.read_bytes),
        media_type=KINDS[kind][0],
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"},
    )


PAGES = (
    import_form,
    import_template,
    hand_in,
    import_run,
    confirm_import,
    discard_import,
    refused_rows,
)
