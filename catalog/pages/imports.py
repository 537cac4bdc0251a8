"""A manufacturer's list of devices: hand it in, look at what it would do, confirm, follow it."""

from typing import Any, BinaryIO, cast
from uuid import UUID

from litestar import Request, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath
from litestar.response import Redirect, Response, Template

from catalog.access import DEVICE_REGISTER
from catalog.errors import ImportNotFound
from catalog.importers import uploads
from catalog.importers.columns import COLUMNS, heading
from catalog.importers.jobs import NAME
from catalog.importers.offers import MOST_SHOWN, Preview, previewed
from catalog.importers.reasons import WORDS, FileRefused
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
        run = await uploads.keep(
            upload.filename, cast(BinaryIO, upload.file), organisation_id, actor=actor_of(request)
        )
    except FileRefused as refused:
        return await _form(request, {"file": _(refused.message, **refused.values)}, 422)
    finally:
        await upload.close()
    return see_other(request, "catalog.import.run", run_id=run)


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
    try:
        preview = await previewed(uploads.file_of(run), run.organisation_id)
    except FileRefused as refused:
        return _looked_at(request, run, Preview(), _(refused.message, **refused.values))
    return _looked_at(request, run, preview, "")


def headings() -> dict[str, str]:
    """Return what a field is called in the table, in the present language."""
    names = {column.field: heading(column, language.get()) for column in COLUMNS}
    variant = {"reference": "variant_reference", "name": "variant_name"}
    for field in ("reference", "name", "udi_di", "sizes", "quantity"):
        names[f"variant.{field}"] = names[variant.get(field, field)]
    return names | {"emdn": names["emdn_code"]}


def _looked_at(
    request: Request[Any, Any, Any], run: Run, preview: Preview, trouble: str
) -> Template:
    return page(
        request,
        "catalog/imports/preview.html",
        title=_("What this import would do"),
        lead=_("Nothing is written yet. Look at it, then confirm or discard it."),
        breadcrumbs=_crumbs(request, run),
        run=run,
        preview=preview,
        trouble=trouble,
        shown=sorted(preview.refusals, key=lambda one: one.line)[:MOST_SHOWN],
        words=WORDS,
        names=headings(),
    )


def _progress(request: Request[Any, Any, Any], run: Run) -> Template:
    return page(
        request,
        "catalog/imports/run.html",
        part="catalog/imports/_progress.html",
        title=_("Import of %(file)s", file=run.file_name),
        breadcrumbs=_crumbs(request, run),
        run=run,
        has_report=run.is_finished and uploads.report_of(run.id).exists(),
    )


def _crumbs(request: Request[Any, Any, Any], run: Run) -> list[tuple[str, str]]:
    return under_own(
        request, (_("Import devices"), url(request, "catalog.import")), (run.file_name, "")
    )


@post(FOLDER + "/{run_id:uuid}/confirm", name="catalog.import.confirm", guards=GUARDS)
async def confirm_import(request: Request[Any, Any, Any], run_id: FromPath[UUID]) -> Redirect:
    """Begin the import; the worker carries it out."""
    run, actor = await _own(request, run_id)
    if run.confirmed_at is None:
        try:
            preview = await previewed(uploads.file_of(run), run.organisation_id)
        except FileRefused:
            return see_other(request, "catalog.import.run", run_id=run_id)
        total = preview.total + len(preview.refusals)
        if await uploads.confirm(run, total, actor=actor):
            await request.app.state.queue.enqueue_job(NAME, str(run.id), _job_id=f"import:{run.id}")
    return see_other(request, "catalog.import.run", run_id=run_id)


@post(FOLDER + "/{run_id:uuid}/discard", name="catalog.import.discard", guards=GUARDS)
async def discard_import(request: Request[Any, Any, Any], run_id: FromPath[UUID]) -> Redirect:
    """Give up an import that was not confirmed."""
    run, actor = await _own(request, run_id)
    await uploads.discard(run, actor=actor)
    return see_other(request, "catalog.import")


@get(FOLDER + "/{run_id:uuid}/refused.csv", name="catalog.import.refused", guards=GUARDS)
async def refused_rows(request: Request[Any, Any, Any], run_id: FromPath[UUID]) -> Response[bytes]:
    """Give the rows that were not taken over, with the reason of each."""
    run, _actor = await _own(request, run_id)
    path = uploads.report_of(run.id)
    if not path.exists():
        raise ImportNotFound
    return Response(
        path.read_bytes(),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="refused.csv"'},
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
