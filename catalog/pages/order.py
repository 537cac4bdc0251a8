"""The buttons that move a photo or a variant one place up or down."""

from typing import Any, Literal
from uuid import UUID

from litestar import Request, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from catalog.access import DEVICE_EDIT
from catalog.actions.order import place
from catalog.errors import DeviceChangedMeanwhile
from catalog.forms import PlaceForm
from catalog.pages.contents import EDIT, FOLDER, changed_meanwhile
from catalog.pages.own import step_page
from catalog.queries.devices import device
from catalog.queries.records import Device
from catalog.rules.completeness import Step
from portal.web.forms import as_typed, read
from portal.web.guards import require
from portal.web.i18n import gettext as _
from portal.web.i18n import number
from portal.web.page import url, wants_partial

Kind = Literal["photo", "variant"]
STEPS: dict[Kind, Step] = {"photo": Step.FILES, "variant": Step.VARIANTS}


@post(FOLDER + "/photo/{item_id:uuid}/place", name="catalog.photo.place", guards=EDIT)
async def place_photo(
    request: Request[Any, Any, Any], device_id: FromPath[UUID], item_id: FromPath[UUID]
) -> Template | Redirect:
    """Move a photo; the first one stands for the device in lists."""
    return await _place(request, "photo", device_id, item_id)


@post(FOLDER + "/variant/{item_id:uuid}/place", name="catalog.variant.place", guards=EDIT)
async def place_variant(
    request: Request[Any, Any, Any], device_id: FromPath[UUID], item_id: FromPath[UUID]
) -> Template | Redirect:
    """Move a variant in the list buyers see."""
    return await _place(request, "variant", device_id, item_id)


async def _place(
    request: Request[Any, Any, Any], kind: Kind, device_id: UUID, item_id: UUID
) -> Template | Redirect:
    one = await device(device_id)
    actor = require(request, DEVICE_EDIT, one)
    form, errors = read(PlaceForm, as_typed((await request.form()).multi_items()))
    if form is None:
        return await step_page(request, one, STEPS[kind], {}, errors)
    by = -1 if form.way == "up" else 1
    try:
        await place(kind, one.id, item_id, by=by, version=form.version, actor=actor)
    except DeviceChangedMeanwhile as error:
        return await changed_meanwhile(request, one.id, STEPS[kind], {}, error)
    if wants_partial(request):
        present = await device(device_id)
        told = _told(present, kind, item_id)
        return await step_page(request, present, STEPS[kind], {}, {}, announced=told)
    # The fragment keeps the place on the page, and the keyboard's, without JavaScript.
    path = url(request, "catalog.step", device_id=one.id, step=STEPS[kind].value)
    return Redirect(f"{path}#{kind}-{item_id}", status_code=303)


def _told(one: Device, kind: Kind, item_id: UUID) -> str:
    """Say where the moved one stands now, for those who do not see it."""
    ids = [item.id for item in (one.photos if kind == "photo" else one.variants)]
    return _("Now number %(place)s of %(total)s.", place=number(ids.index(item_id) + 1),
             total=number(len(ids)))  # fmt: skip
