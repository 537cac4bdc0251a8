"""The logo of a supplier, and how its presentation looks before it is saved."""

from dataclasses import asdict, replace
from typing import Any
from uuid import UUID

from litestar import Request, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_200_OK

from catalog.access import PROFILE_EDIT
from catalog.actions.logos import remove_logo, set_logo
from catalog.errors import DeviceChangedMeanwhile
from catalog.forms import ProfileForm
from catalog.forms import Step as VersionForm
from catalog.pages.suppliers import form_page, seen_by_buyers, told_by
from catalog.queries.suppliers import SupplierPage, supplier
from portal.documents.errors import FileRefused
from portal.web.forms import as_typed, read
from portal.web.guards import allow, require
from portal.web.i18n import gettext as _
from portal.web.page import page, see_other, wants_partial

EDIT = [allow(PROFILE_EDIT)]


def _version(typed: dict[str, Any]) -> int:
    form, _errors = read(VersionForm, typed)
    return form.version if form else 0


async def _changed(
    request: Request[Any, Any, Any], organisation_id: UUID, error: DeviceChangedMeanwhile
) -> Template:
    present = await supplier(organisation_id)
    return await form_page(request, present, {}, {"": error.text()}, status_code=409)


@post("/suppliers/{organisation_id:uuid}/logo", name="catalog.logo", guards=EDIT)
async def set_up(
    request: Request[Any, Any, Any], organisation_id: FromPath[UUID]
) -> Template | Redirect:
    """Keep a logo."""
    one = await supplier(organisation_id)
    actor = require(request, PROFILE_EDIT, one)
    form = await request.form()
    upload = form.get("logo")
    if not isinstance(upload, UploadFile) or not upload.filename:
        return await form_page(request, one, {}, {"logo": _("Choose a file.")})
    version = _version(as_typed(form.multi_items()))
    try:
        await set_logo(one.id, upload, version=version, actor=actor)
    except FileRefused as error:
        return await form_page(request, one, {}, {"logo": error.text()})
    except DeviceChangedMeanwhile as error:
        return await _changed(request, one.id, error)
    return see_other(request, "catalog.profile", organisation_id=one.id)


@post("/suppliers/{organisation_id:uuid}/logo/remove", name="catalog.logo.remove", guards=EDIT)
async def take_away(
    request: Request[Any, Any, Any], organisation_id: FromPath[UUID]
) -> Template | Redirect:
    """Take the logo away."""
    one = await supplier(organisation_id)
    actor = require(request, PROFILE_EDIT, one)
    version = _version(as_typed((await request.form()).multi_items()))
    try:
        await remove_logo(one.id, version=version, actor=actor)
    except DeviceChangedMeanwhile as error:
        return await _changed(request, one.id, error)
    return see_other(request, "catalog.profile", organisation_id=one.id)


@post(
    "/suppliers/{organisation_id:uuid}/preview",
    name="catalog.profile.preview",
    guards=EDIT,
    status_code=HTTP_200_OK,
)
async def preview(request: Request[Any, Any, Any], organisation_id: FromPath[UUID]) -> Template:
    """Show how a buyer would see what stands in the form; nothing is saved."""
    one = await supplier(organisation_id)
    require(request, PROFILE_EDIT, one)
    typed = as_typed((await request.form()).multi_items())
    form, errors = read(ProfileForm, typed)
    if form is None:  # a field half typed is no error yet: it is left out
        right = {name: value for name, value in typed.items() if name not in errors}
        form, _errors = read(ProfileForm, right)
    seen = as_seen(one, form) if form else one
    if wants_partial(request):
        return page(
            request, "catalog/supplier/_preview.html", supplier=seen, **await seen_by_buyers(seen)
        )
    return await form_page(request, one, typed, errors, previewed=seen)


def as_seen(one: SupplierPage, form: ProfileForm) -> SupplierPage:
    """Return a supplier with the presentation that stands in a form."""
    return replace(one, profile=replace(one.profile, **asdict(told_by(form))))
