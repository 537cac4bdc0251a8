"""Devices for tests: boring, complete unless told otherwise."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from catalog.states import DeviceState
from catalog.tables import (
    AttributeDefinition,
    DeviceModel,
    DeviceVariant,
    EmdnTerm,
    Packaging,
    new_id,
)
from portal.accounts.tables import Organisation, Person
from portal.permissions import Actor, Membership, OrganisationKind, Role
from tests.people import organisation_of

TERMS = (
    ("A", "", "DEVICES FOR ADMINISTRATION", False),
    ("A02", "A", "SYRINGES", False),
    ("A0201", "A02", "SYRINGES FOR SINGLE USE", True),
    ("Z", "", "MEDICAL EQUIPMENT", False),
    ("Z12", "Z", "INSTRUMENTS FOR FUNCTIONAL EXPLORATION", False),
    ("Z1203", "Z12", "INFUSION AND MONITORING", False),
    ("Z120301", "Z1203", "INFUSION PUMPS", True),
    ("Z120302", "Z1203", "PATIENT MONITORS", True),
)
WHOLE: Mapping[str, Any] = {
    "name_fr": "Pompe à perfusion",
    "name_ar": "مضخة التسريب",
    "name_en": "Infusion pump",
    "summary_fr": "Pompe volumétrique à une voie.",
    "summary_ar": "مضخة حجمية بقناة واحدة.",
    "purpose_fr": "Administrer des solutés par voie veineuse.",
    "brand": "Atlas",
    "reference": "PM-20",
    "emdn_code": "Z120301",
    "emdn_known": True,
    "risk_class": "IIb",
    "is_active": True,
    "origin": "morocco",
    "origin_level": "declared",
    "maturity": "series",
    "registration": "registered",
    "registration_number": "DM-2025-001",
    "registration_issued_on": date(2025, 1, 1),
    "registration_expires_on": date(2030, 1, 1),
    "instruction_languages": ["fr", "ar"],
}


async def make_terms() -> None:
    await EmdnTerm.insert(
        *[
            EmdnTerm(
                code=code,
                parent=parent,
                level=1 + len(code) // 2,
                terminal=terminal,
                name_en=name,
                name_fr="POMPES À PERFUSION" if code == "Z120301" else "",
            )
            for code, parent, name, terminal in TERMS
        ]
    ).on_conflict(action="DO NOTHING")


async def make_attributes() -> None:
    await AttributeDefinition.insert(
        AttributeDefinition(
            key="flow_max", label_fr="Débit maximal", label_ar="أقصى تدفق", label_en="Flow, max.",
            kind="number", unit="mL/h", emdn_scope="Z1203", minimum=0.1, maximum=2000,
        ),
        AttributeDefinition(
            key="supply", label_fr="Alimentation", label_ar="التغذية", label_en="Supply",
            kind="choice", emdn_scope="Z12",
            choices='{"mains": {"fr": "Secteur"}, "battery": {"fr": "Batterie"}}',
        ),
        AttributeDefinition(key="alarm", label_fr="Alarme", kind="boolean", emdn_scope="Z"),
    ).on_conflict(action="DO NOTHING")  # fmt: skip


async def make_device(
    organisation: Organisation | UUID | None = None,
    *,
    state: DeviceState = DeviceState.PUBLISHED,
    variants: int = 1,
    udi_di: str | None = "06111234567895",
    **columns: Any,
) -> DeviceModel:
    supplier = organisation.id if isinstance(organisation, Organisation) else organisation
    row = DeviceModel(id=new_id(), organisation_id=supplier, state=state, **{**WHOLE, **columns})
    await DeviceModel.insert(row)
    for place in range(variants):
        variant = DeviceVariant(
            id=new_id(), device=row.id, position=place, name=f"Variante {place + 1}",
            reference=f"PM-20-{place + 1}", udi_di=udi_di if place == 0 else None,
            agency="GS1" if place == 0 and udi_di else "none",
        )  # fmt: skip
        await DeviceVariant.insert(variant)
        if place == 0:
            await Packaging.insert(
                Packaging(variant=variant.id, level=1, name="Carton", contains=4)
            )
    found = await DeviceModel.objects().get(DeviceModel.id == row.id)
    assert found is not None
    return found


async def actor_for(person: Person, role: Role = Role.ADMIN) -> Actor:
    organisation = await organisation_of(person)
    return Actor(
        person_id=person.id,
        name=person.name,
        email_confirmed=True,
        memberships=(
            Membership(
                organisation.id,
                OrganisationKind(organisation.kind),
                role,
                verified=organisation.state == "verified",
                organisation_name=organisation.name_fr,
            ),
        ),
    )
