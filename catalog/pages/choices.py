"""What each page of a record shows besides its fields: what is saved, and what to choose from."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from catalog import labels
from catalog.forms import (
    ClassificationForm,
    NamesForm,
    OriginForm,
    PriceForm,
    PurposeForm,
    RegistrationForm,
)
from catalog.forms import Step as StepForm
from catalog.pages.facts import sections
from catalog.pages.places import countries
from catalog.queries import lists, nomenclature
from catalog.queries.records import FLAGS, Device
from catalog.rules.completeness import Step
from catalog.rules.editing import COLUMNS
from catalog.rules.values import units_beside
from catalog.states import Maturity, Origin, Registration, RiskClass
from catalog.units import unit_words
from portal.web.i18n import gettext as _

FORMS: dict[Step, type[StepForm]] = {
    Step.NAMES: NamesForm,
    Step.PURPOSE: PurposeForm,
    Step.CLASSIFICATION: ClassificationForm,
    Step.ORIGIN: OriginForm,
    Step.REGISTRATION: RegistrationForm,
    Step.PRICE: PriceForm,
}


def options(words: dict[str, str], *, but: str = "") -> list[tuple[str, str]]:
    """Return the values of a closed list with their words, for a field to choose from."""
    return [(value, _(text)) for value, text in words.items() if value != but and text]


def saved(one: Device, step: Step) -> dict[str, Any]:
    """Return what the record holds, as the fields of a page show it."""
    values: dict[str, Any] = {name: getattr(one, name) for name in COLUMNS.get(step, ())}
    for name in FLAGS:
        if name in values:
            values[name] = {True: "yes", False: "no"}.get(values[name], "")
    for name in ("price_min_centimes", "price_max_centimes"):
        if values.get(name) is not None:
            values[name] = f"{values[name] // 100},{values[name] % 100:02d}"
    for name, unknown in (
        ("risk_class", RiskClass.UNKNOWN),
        ("origin", Origin.UNKNOWN),
        ("maturity", Maturity.UNKNOWN),
        ("registration", Registration.UNKNOWN),
    ):
        if values.get(name) == unknown:
            values[name] = ""
    return values | {"version": one.version}


async def for_step(one: Device, step: Step, typed: dict[str, Any]) -> dict[str, Any]:
    """Return the context of one page: saved values under what was typed, and its choices."""
    context: dict[str, Any] = {"typed": {**saved(one, step), **typed}, "labels": labels}
    make = CHOICES.get(step)
    return context | (await make(one, typed) if make else {})


async def _classification(one: Device, typed: dict[str, Any]) -> dict[str, Any]:
    words = str(typed.get("emdn_words") or "")
    code = str(typed.get("emdn_pick") or typed.get("emdn_code") or one.emdn_code)
    return {
        "terms": await nomenclature.terms_with(words) if words else [],
        "words": words,
        "present": await nomenclature.term(code) if code else None,
        "classes": options(labels.CLASSES, but=RiskClass.UNKNOWN),
        "flags": options(labels.FLAGS),
    }


async def _origin(one: Device, typed: dict[str, Any]) -> dict[str, Any]:
    return {
        "origins": options(labels.ORIGINS, but=Origin.UNKNOWN),
        "maturities": options(labels.MATURITIES, but=Maturity.UNKNOWN),
        "countries": countries(but="MA"),
    }


async def _registration(one: Device, typed: dict[str, Any]) -> dict[str, Any]:
    return {
        "registrations": options(labels.REGISTRATIONS, but=Registration.UNKNOWN),
        "languages_offered": options(labels.LANGUAGES),
    }


async def _price(one: Device, typed: dict[str, Any]) -> dict[str, Any]:
    return {"taxes": options(labels.TAXES)}


async def _files(one: Device, typed: dict[str, Any]) -> dict[str, Any]:
    return {
        "document_kinds": options(labels.DOCUMENT_KINDS),
        "languages_offered": options(labels.LANGUAGES),
    }


async def _check(one: Device, typed: dict[str, Any]) -> dict[str, Any]:
    return {"events": await _events(one), "sections": sections(one)}


async def _events(one: Device) -> list[tuple[datetime, str, str]]:
    """Return the life of a record as the timeline shows it."""
    return [
        (
            move.moved_at,
            f"{_(labels.MOVES_DONE[move.move])} – {move.actor_name}".rstrip(" –"),
            move.reason,
        )
        for move in await lists.moves_of(one.id)
    ]


async def _attributes(one: Device, typed: dict[str, Any]) -> dict[str, Any]:
    fields = await nomenclature.attribute_fields(one.emdn_code)
    held = {value.key: value.typed for value in one.attributes}
    values = {f"value-{key}": text for key, text in held.items()}
    return {
        "fields": fields,
        "typed": {"version": one.version, **values, **typed},
        "unit_words": unit_words,
        "units": {
            field.key: [word for unit in units_beside(field.unit) if (word := unit_words(unit))]
            for field in fields
        },
    }


CHOICES: dict[Step, Callable[[Device, dict[str, Any]], Awaitable[dict[str, Any]]]] = {
    Step.CLASSIFICATION: _classification,
    Step.ATTRIBUTES: _attributes,
    Step.ORIGIN: _origin,
    Step.REGISTRATION: _registration,
    Step.PRICE: _price,
    Step.FILES: _files,
    Step.CHECK: _check,
}
