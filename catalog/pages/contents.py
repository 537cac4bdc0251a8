"""Pages of what a record contains: variants with packagings, technical data, files."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath
from litestar.response import Redirect, Template

from catalog.access import DEVICE_EDIT
from catalog.actions import contents as actions
from catalog.actions import files
from catalog.actions.contents import PackInput, VariantInput
from catalog.errors import DeviceChangedMeanwhile, IdentifierTaken, VariantNotFound
from catalog.forms import DocumentForm, PhotoForm, VariantForm
from catalog.forms import Step as VersionForm
from catalog.labels import AGENCIES
from catalog.pages.choices import options
from catalog.pages.own import step_page
from catalog.pages.places import under_own
from catalog.queries import nomenclature
from catalog.queries.devices import device
from catalog.queries.records import Device, Variant
from catalog.rules.completeness import Step
from catalog.rules.values import NotAValue, Value, read_value
from portal.documents.errors import FileRefused
from portal.permissions import Actor
from portal.web.forms import as_typed, read, storable
from portal.web.guards import allow, require
from portal.web.i18n import gettext as _
from portal.web.i18n import number
from portal.web.page import page, see_other, url

# A fixed part here may not be the name of a step: the router would no longer find that step.
FOLDER = "/devices/mine/{device_id:uuid}"
EDIT = [allow(DEVICE_EDIT)]


async def _typed(request: Request[Any, Any, Any]) -> dict[str, Any]:
    return as_typed((await request.form()).multi_items())


async def _file(request: Request[Any, Any, Any], name: str) -> UploadFile | None:
    found = (await request.form()).get(name)
    return found if isinstance(found, UploadFile) and found.filename else None


async def _held(request: Request[Any, Any, Any], device_id: UUID) -> tuple[Device, Actor]:
    one = await device(device_id)
    return one, require(request, DEVICE_EDIT, one)


def _back(request: Request[Any, Any, Any], one: Device, step: Step) -> Redirect:
    return see_other(request, "catalog.step", device_id=one.id, step=step.value)


async def changed_meanwhile(
    request: Request[Any, Any, Any],
    device_id: UUID,
    step: Step,
    typed: dict[str, Any],
    error: DeviceChangedMeanwhile,
) -> Template:
    """Show a page as it is saved now, with what was typed, and say that somebody was faster."""
    present = await device(device_id)
    newer = {**typed, "version": str(present.version)}
    return await step_page(request, present, step, newer, {"": error.text()}, status_code=409)


def _variant_of(one: Device, variant_id: UUID) -> Variant:
    found = next((variant for variant in one.variants if variant.id == variant_id), None)
    if found is None:
        raise VariantNotFound
    return found


def _variant_page(
    request: Request[Any, Any, Any],
    one: Device,
    variant_id: UUID | None,
    typed: dict[str, Any],
    errors: dict[str, str],
) -> Template:
    title = _("Change a variant") if variant_id else _("Add a variant")
    steps = url(request, "catalog.step", device_id=one.id, step=Step.VARIANTS.value)
    action = (
        url(request, "catalog.variant.post", device_id=one.id, variant_id=variant_id)
        if variant_id
        else url(request, "catalog.variant.add", device_id=one.id)
    )
    return page(
        request,
        "catalog/own/variant.html",
        status_code=422 if errors else 200,
        title=title,
        breadcrumbs=under_own(request, (one.name or one.reference, steps), (title, "")),
        device=one,
        back=steps,
        action=action,
        agencies=options(AGENCIES),
        typed={"version": one.version, "quantity": 1, "agency": "GS1", **typed},
        errors=errors,
    )


def _as_typed_before(variant: Variant) -> dict[str, Any]:
    typed: dict[str, Any] = {
        "name": variant.name,
        "reference": variant.reference,
        "sizes": variant.sizes,
        "quantity": variant.quantity,
        "agency": variant.agency,
        "udi_di": variant.udi_di or "",
    }
    for pack in variant.packs[:2]:
        typed[f"pack{pack.level}_name"] = pack.name
        typed[f"pack{pack.level}_contains"] = pack.contains
        typed[f"pack{pack.level}_udi_di"] = pack.udi_di or ""
    return typed


@get(FOLDER + "/variant/new", name="catalog.variant.new", guards=EDIT)
async def new_variant(request: Request[Any, Any, Any], device_id: FromPath[UUID]) -> Template:
    """Show the form of a new variant."""
    one, _actor = await _held(request, device_id)
    return _variant_page(request, one, None, {}, {})


@post(FOLDER + "/variant/new", name="catalog.variant.add", guards=EDIT)
async def add_variant(
    request: Request[Any, Any, Any], device_id: FromPath[UUID]
) -> Template | Redirect:
    """Keep a new variant."""
    return await _save_variant(request, device_id, None)


@get(FOLDER + "/variant/{variant_id:uuid}", name="catalog.variant", guards=EDIT)
async def show_variant(
    request: Request[Any, Any, Any], device_id: FromPath[UUID], variant_id: FromPath[UUID]
) -> Template:
    """Show the form of a variant with what is saved."""
    one, _actor = await _held(request, device_id)
    before = _as_typed_before(_variant_of(one, variant_id))
    return _variant_page(request, one, variant_id, before, {})


@post(FOLDER + "/variant/{variant_id:uuid}", name="catalog.variant.post", guards=EDIT)
async def change_variant(
    request: Request[Any, Any, Any], device_id: FromPath[UUID], variant_id: FromPath[UUID]
) -> Template | Redirect:
    """Keep the changes of a variant."""
    return await _save_variant(request, device_id, variant_id)


async def _save_variant(
    request: Request[Any, Any, Any], device_id: UUID, variant_id: UUID | None
) -> Template | Redirect:
    one, actor = await _held(request, device_id)
    typed = await _typed(request)
    form, errors = read(VariantForm, typed)
    if form is None:
        return _variant_page(request, one, variant_id, typed, errors)
    try:
        await actions.save_variant(
            one.id, _input(form), variant_id=variant_id, version=form.version, actor=actor
        )
    except IdentifierTaken as error:
        return _variant_page(request, one, variant_id, typed, {"udi_di": error.text()})
    except DeviceChangedMeanwhile as error:
        newer = {**typed, "version": str(one.version)}
        return _variant_page(request, one, variant_id, newer, {"": error.text()})
    return _back(request, one, Step.VARIANTS)


def _input(form: VariantForm) -> VariantInput:
    packs = [
        PackInput(name, contains, udi_di or None, form.agency)
        for name, contains, udi_di in (
            (form.pack1_name, form.pack1_contains, form.pack1_udi_di),
            (form.pack2_name, form.pack2_contains, form.pack2_udi_di),
        )
        if contains is not None
    ]
    return VariantInput(
        name=form.name,
        reference=form.reference,
        udi_di=form.udi_di or None,
        agency=form.agency,
        sizes=form.sizes,
        quantity=form.quantity,
        packs=tuple(packs),
    )


@post(FOLDER + "/variant/{variant_id:uuid}/remove", name="catalog.variant.remove", guards=EDIT)
async def remove_variant(
    request: Request[Any, Any, Any], device_id: FromPath[UUID], variant_id: FromPath[UUID]
) -> Template | Redirect:
    """Take a variant off the record."""
    one, actor = await _held(request, device_id)
    version = _version(await _typed(request))
    try:
        await actions.remove_variant(one.id, variant_id, version=version, actor=actor)
    except DeviceChangedMeanwhile as error:
        return await changed_meanwhile(request, one.id, Step.VARIANTS, {}, error)
    return _back(request, one, Step.VARIANTS)


def _version(typed: dict[str, Any]) -> int:
    form, _errors = read(VersionForm, typed)
    return form.version if form else 0


@post(FOLDER + "/values", name="catalog.attributes.post", guards=EDIT)
async def save_attributes(
    request: Request[Any, Any, Any], device_id: FromPath[UUID]
) -> Template | Redirect:
    """Keep the technical data; what is emptied is taken away."""
    one, actor = await _held(request, device_id)
    typed = await _typed(request)
    values: dict[str, tuple[Value, str] | None] = {}
    errors: dict[str, str] = {}
    for field in await nomenclature.attribute_fields(one.emdn_code):
        text = storable(str(typed.get(f"value-{field.key}") or ""))
        try:
            given = (read_value(text, field.definition), text) if text else None
            values[field.key] = given
        except NotAValue as refused:
            errors[f"value-{field.key}"] = _why(refused)
    if errors:
        return await step_page(request, one, Step.ATTRIBUTES, typed, errors)
    try:
        await actions.save_attributes(one.id, values, version=_version(typed), actor=actor)
    except DeviceChangedMeanwhile as error:
        return await changed_meanwhile(request, one.id, Step.ATTRIBUTES, typed, error)
    return _back(request, one, Step.ORIGIN)


def _why(refused: NotAValue) -> str:
    """Say what is wrong with a value and what to write instead."""
    unit = str(refused.facts.get("unit") or "")
    limit = refused.facts.get("limit")
    shown = number(limit) if isinstance(limit, (int, float)) else ""
    match refused.reason:
        case "unit":
            return _("Write the number in %(unit)s, or in a unit of the same kind.", unit=unit)
        case "too_small":
            return _("Write at least %(limit)s %(unit)s.", limit=shown, unit=unit)
        case "too_large":
            return _("Write at most %(limit)s %(unit)s.", limit=shown, unit=unit)
        case "number":
            return _("Write a number in digits, such as 12.5.")
        case _:
            return _("Choose one of the answers in the list.")


@post(FOLDER + "/photo", name="catalog.photo.add", guards=EDIT)
async def add_photo(
    request: Request[Any, Any, Any], device_id: FromPath[UUID]
) -> Template | Redirect:
    """Keep a photo."""
    one, actor = await _held(request, device_id)
    typed = await _typed(request)
    upload = await _file(request, "photo")
    form, errors = read(PhotoForm, typed)
    if upload is None:
        errors = {"photo": _("Choose a file."), **errors}
    if form is None or upload is None:
        return await step_page(request, one, Step.FILES, typed, errors)
    alt = {"fr": form.alt_fr, "ar": form.alt_ar, "en": form.alt_en}
    try:
        await files.add_photo(one.id, upload, alt=alt, version=form.version, actor=actor)
    except FileRefused as error:
        return await step_page(request, one, Step.FILES, typed, {"photo": error.text()})
    except DeviceChangedMeanwhile as error:
        return await changed_meanwhile(request, one.id, Step.FILES, typed, error)
    return _back(request, one, Step.FILES)


@post(FOLDER + "/document", name="catalog.document.add", guards=EDIT)
async def add_document(
    request: Request[Any, Any, Any], device_id: FromPath[UUID]
) -> Template | Redirect:
    """Keep a document."""
    one, actor = await _held(request, device_id)
    typed = await _typed(request)
    upload = await _file(request, "document")
    form, errors = read(DocumentForm, typed)
    if upload is None:
        errors = {"document": _("Choose a file."), **errors}
    if form is None or upload is None:
        return await step_page(request, one, Step.FILES, typed, errors)
    try:
        await files.add_document(
            one.id,
            upload,
            kind=form.kind,
            title=form.title,
            language=form.language,
            public=form.is_public,
            version=form.version,
            actor=actor,
        )
    except FileRefused as error:
        return await step_page(request, one, Step.FILES, typed, {"document": error.text()})
    except DeviceChangedMeanwhile as error:
        return await changed_meanwhile(request, one.id, Step.FILES, typed, error)
    return _back(request, one, Step.FILES)


@post(FOLDER + "/file/{file_id:uuid}/remove", name="catalog.file.remove", guards=EDIT)
async def remove_file(
    request: Request[Any, Any, Any], device_id: FromPath[UUID], file_id: FromPath[UUID]
) -> Template | Redirect:
    """Take a photo or document off the record."""
    one, actor = await _held(request, device_id)
    version = _version(await _typed(request))
    try:
        await files.remove_file(one.id, file_id, version=version, actor=actor)
    except DeviceChangedMeanwhile as error:
        return await changed_meanwhile(request, one.id, Step.FILES, {}, error)
    return _back(request, one, Step.FILES)
