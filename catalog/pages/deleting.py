"""Deleting a draft, after a page that says what goes with it."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from catalog.access import DEVICE_EDIT
from catalog.actions.deleting import delete_draft
from catalog.forms import Step as VersionForm
from catalog.pages.own import own_record
from catalog.pages.places import under_own
from catalog.rules.completeness import Step
from portal.web.forms import as_typed, read
from portal.web.guards import allow, require
from portal.web.i18n import gettext as _
from portal.web.page import page, see_other, url

ADDRESS = "/devices/mine/{device_id:uuid}/delete"


@get(ADDRESS, name="catalog.deletion", guards=[allow(DEVICE_EDIT)])
async def ask_delete(
    request: Request[Any, Any, Any], device_id: FromPath[UUID]
) -> Template | Redirect:
    """Ask before a draft is deleted; what is not one stays, and its page says what can be done."""
    one = await own_record(request, device_id)
    require(request, DEVICE_EDIT, one)
    if not one.is_deletable:
        return see_other(request, "catalog.step", device_id=one.id, step=Step.CHECK.value)
    check = url(request, "catalog.step", device_id=one.id, step=Step.CHECK.value)
    title = _("Delete this draft")
    return page(
        request,
        "catalog/own/delete.html",
        title=title,
        breadcrumbs=under_own(request, (one.name or one.reference, check), (title, "")),
        device=one,
        consequences=[
            _("Everything in the record goes: texts, variants, technical data, photos, documents."),
            _("It cannot be brought back. The audit keeps that it was deleted, and by whom."),
        ],
        back=check,
    )


@post(ADDRESS, name="catalog.deletion.post", guards=[allow(DEVICE_EDIT)])
async def delete(request: Request[Any, Any, Any], device_id: FromPath[UUID]) -> Redirect:
    """Delete a draft and go back to the list."""
    one = await own_record(request, device_id)
    actor = require(request, DEVICE_EDIT, one)
    form, _errors = read(VersionForm, as_typed((await request.form()).multi_items()))
    await delete_draft(one.id, version=form.version if form else 0, actor=actor)
    return see_other(request, "catalog.own")
