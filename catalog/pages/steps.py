"""The list of a record's pages beside its forms: how far each one is, and what is done last."""

from dataclasses import dataclass
from typing import Any

from litestar import Request

from catalog.access import DEVICE_EDIT
from catalog.labels import STATES, STEPS
from catalog.queries.records import Device
from catalog.rules.completeness import Completeness, Step, StepState, StepStatus
from catalog.states import DeviceState
from portal.permissions import may
from portal.web.guards import actor_of
from portal.web.i18n import gettext as _
from portal.web.i18n import ngettext, number
from portal.web.page import url


@dataclass(frozen=True)
class StepLink:
    """One page of the record: how far it is, as a sign and in words.

    ``look`` is a status, or "action" for the page where the record is submitted.
    """

    step: Step
    title: str
    address: str
    look: str
    words: str
    is_here: bool


def step_links(
    request: Request[Any, Any, Any], one: Device, found: Completeness, here: Step
) -> list[StepLink]:
    """Return the pages of a record with what is still to do on each."""
    links = []
    for step in Step:
        look, words = _last(request, one, found) if step is Step.CHECK else _state(found, step)
        address = url(request, "catalog.step", device_id=one.id, step=step.value)
        title = step_title(request, one, step)
        links.append(StepLink(step, title, address, look, words, step is here))
    return links


def step_title(request: Request[Any, Any, Any], one: Device, step: Step) -> str:
    """Return what a page is called: the last one is read when there is nothing to submit."""
    if step is Step.CHECK and not _submits(request, one):
        return _("Record of the device")
    return _(STEPS[step])


def _submits(request: Request[Any, Any, Any], one: Device) -> bool:
    return one.state is DeviceState.DRAFT and may(actor_of(request), DEVICE_EDIT, one)


def _last(request: Request[Any, Any, Any], one: Device, found: Completeness) -> tuple[str, str]:
    """Return what there is to do on the last page: it is an action and never « complete »."""
    if not _submits(request, one):
        return "record", _(STATES[one.state])
    if found.ready:
        return "action", _("ready to be submitted")
    count = len(found.errors)
    return "action", ngettext(
        "%(num)s needed item is missing", "%(num)s needed items are missing", count
    )


def _state(found: Completeness, step: Step) -> tuple[str, str]:
    state = found.state_of(step)
    return state.status.value, step_words(state)


def step_words(state: StepState) -> str:
    """Say how far a page is: complete, how much there is to complete, or left empty."""
    if state.status is StepStatus.DONE:
        return _("complete")
    if state.status is StepStatus.EMPTY:
        return _("optional, empty")
    items = ngettext("%(num)s item to complete", "%(num)s items to complete", state.missing)
    if state.status is StepStatus.TODO:
        return items
    return _("%(items)s (needed: %(needed)s)", items=items, needed=number(state.needed))
