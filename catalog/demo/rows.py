"""The demonstration's values as rows of the tables."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from catalog.actions.attributes import definitions
from catalog.demo.reading import (
    DemoDevice,
    demo_id,
    organisations,
    people,
    terms,
)
from catalog.states import Agency, DeviceState, Move, Origin, Registration

DOMAIN = "demo.example"
# A record lives through these moves before it is in the state the demonstration shows.
LIVES = {
    DeviceState.DRAFT: (),
    DeviceState.SUBMITTED: (Move.SUBMIT,),
    DeviceState.PUBLISHED: (Move.SUBMIT, Move.PUBLISH),
    DeviceState.SUSPENDED: (Move.SUBMIT, Move.PUBLISH, Move.SUSPEND),
    DeviceState.RETIRED: (Move.SUBMIT, Move.PUBLISH, Move.RETIRE),
}
TARGETS = {
    Move.SUBMIT: DeviceState.SUBMITTED, Move.PUBLISH: DeviceState.PUBLISHED,
    Move.SUSPEND: DeviceState.SUSPENDED, Move.RETIRE: DeviceState.RETIRED,
}  # fmt: skip
SAID = (
    "is_sterile", "is_single_use", "is_implantable", "is_active", "is_measuring",
    "contains_latex", "needs_maintenance",
)  # fmt: skip
SUSPENDED_BECAUSE = "Fiche suspendue pour la démonstration\u00a0: une alarme est en cours d'examen."


def term_rows() -> list[dict[str, Any]]:
    """Return the rows of the EMDN codes in use."""
    return [
        {
            "code": one.code,
            "parent": one.parent,
            "level": one.level,
            "terminal": bool(one.terminal),
            **{f"name_{name}": one.names.get(name, "") for name in ("en", "fr", "ar")},
        }
        for one in terms()
    ]


def organisation_rows() -> list[dict[str, Any]]:
    """Return the fictional organisations."""
    now = datetime.now(UTC)
    return [
        {
            "id": demo_id("organisation", key),
            "kind": one["kind"],
            "name_fr": one["fr"],
            "name_ar": one["ar"],
            "name_en": one["en"],
            "region": one["province"][:2],
            "province": one["province"],
            "description": one.get("about_fr", ""),
            "state": one.get("state", "verified"),
            "verified_at": now if one.get("state", "verified") == "verified" else None,
            "fictional": True,
            "other_kinds": [],
        }
        for key, one in organisations().items()
    ]


def profile_rows() -> list[dict[str, Any]]:
    """Return what the makers tell about themselves."""
    return [
        {
            "organisation_id": demo_id("organisation", key),
            **{f"about_{name}": one[f"about_{name}"] for name in ("fr", "ar", "en")},
            "founded_year": one.get("founded"),
            "employees_band": one.get("employees", ""),
            "export_countries": one.get("exports", []),
            "is_exporter": bool(one.get("exports")),
            "contact_email": f"contact@{key}.example",
        }
        for key, one in organisations().items()
        if "about_fr" in one
    ]


def person_rows(hashes: dict[str, str]) -> list[dict[str, Any]]:
    """Return the people for whom there is a password hash: the missing ones."""
    return [
        {
            "id": demo_id("person", key),
            "email": f"{key}@{DOMAIN}",
            "name": people()[key]["name"],
            "language": people()[key]["language"],
            "password_hash": password_hash,
            "email_confirmed_at": datetime.now(UTC),
        }
        for key, password_hash in hashes.items()
    ]


def membership_rows() -> list[dict[str, Any]]:
    """Return who works where."""
    return [
        {
            "id": demo_id("membership", key),
            "person": demo_id("person", key),
            "organisation": demo_id("organisation", one["organisation"]),
            "role": one["role"],
        }
        for key, one in people().items()
        if "organisation" in one
    ]


def device_id(one: DemoDevice) -> UUID:
    """Return the identifier of a device."""
    return demo_id("device", one.reference)


def model_row(one: DemoDevice) -> dict[str, Any]:
    """Return the record of a device."""
    return {
        "id": device_id(one),
        "organisation_id": demo_id("organisation", one.maker),
        **_texts(one),
        "brand": organisations()[one.maker]["fr"].split()[0],
        "reference": one.reference,
        "emdn_code": one.emdn,
        "emdn_known": True,
        "risk_class": one.risk_class,
        **{flag: one.flags.get(flag) for flag in SAID},
        "is_software": False,
        "origin": Origin.MOROCCO.value,
        "origin_level": one.origin_level,
        "country": "MA",
        "maturity": one.maturity,
        **_registration(one),
        "instruction_languages": ["fr", "ar"],
        "price_min_centimes": one.price[0] * 100,
        "price_max_centimes": one.price[1] * 100,
        **_state(one),
    }


def _texts(one: DemoDevice) -> dict[str, str]:
    languages = ("fr", "ar", "en")
    kinds = {"name": one.names, "summary": one.summaries, "purpose": one.purposes}
    return {
        f"{kind}_{language}": text
        for kind, texts in kinds.items()
        for language, text in zip(languages, texts, strict=True)
    }


def _registration(one: DemoDevice) -> dict[str, Any]:
    today = date.today()  # noqa: DTZ011 — a day on a certificate, not a moment
    said = one.registration in (Registration.REGISTERED, Registration.EXPIRED)
    issued, expires = (-1900, -75) if one.expired else (-400, 1425)
    return {
        "registration": one.registration,
        "registration_number": f"FICTIF-{one.reference}" if said else "",
        "registration_issued_on": today + timedelta(days=issued) if said else None,
        "registration_expires_on": today + timedelta(days=expires) if said else None,
    }


def _state(one: DemoDevice) -> dict[str, Any]:
    now, moves = datetime.now(UTC), LIVES[DeviceState(one.state)]
    return {
        "state": one.state,
        "state_reason": SUSPENDED_BECAUSE if one.state == DeviceState.SUSPENDED else "",
        "submitted_at": now if Move.SUBMIT in moves else None,
        "published_at": now if Move.PUBLISH in moves else None,
    }


def variant_rows(one: DemoDevice) -> list[dict[str, Any]]:
    """Return what of a device can be ordered."""
    return [
        {
            "id": demo_id("variant", variant.reference),
            "device": device_id(one),
            "position": position,
            "name": variant.name,
            "reference": variant.reference,
            "udi_di": variant.udi_di,
            "agency": Agency.GS1.value,
        }
        for position, variant in enumerate(one.variants)
    ]


def pack_rows(one: DemoDevice) -> list[dict[str, Any]]:
    """Return the box of every variant that is sold by the box; its GTIN is the indicator 1 one."""
    return [
        {
            "id": demo_id("pack", variant.reference),
            "variant": demo_id("variant", variant.reference),
            "level": 1,
            "name": "Boîte",
            "contains": variant.quantity,
            "udi_di": boxed(variant.udi_di),
            "agency": Agency.GS1.value,
        }
        for variant in one.variants
        if variant.quantity > 1
    ]


def boxed(udi_di: str) -> str:
    """Return the GTIN of the box: the same item reference under the packaging indicator 1."""
    body = "1" + udi_di[1:13]
    total = sum(int(digit) * (3, 1)[place % 2] for place, digit in enumerate(body))
    return f"{body}{-total % 10}"


def fact_rows(one: DemoDevice) -> list[dict[str, Any]]:
    """Return the values of the attributes."""
    return [
        {
            "id": demo_id("fact", one.reference, key),
            "device": device_id(one),
            "key": key,
            "number": None if isinstance(value, str) else float(value),
            "text": value if isinstance(value, str) else "",
            "typed": "" if isinstance(value, str) else f"{value:g} {definitions()[key]['unit']}",
        }
        for key, value in one.facts.items()
    ]


def move_rows(one: DemoDevice) -> list[dict[str, Any]]:
    """Return the life of the record so far."""
    rows, source, now = [], DeviceState.DRAFT, datetime.now(UTC)
    moves = LIVES[DeviceState(one.state)]
    for place, move in enumerate(moves):
        rows.append(
            {
                "id": demo_id("move", one.reference, move),
                "device": device_id(one),
                "move": move.value,
                "source": source.value,
                "target": TARGETS[move].value,
                "reason": SUSPENDED_BECAUSE if move is Move.SUSPEND else "",
                "actor_name": "Démonstration",
                "moved_at": now - timedelta(days=len(moves) - place),
            }
        )
        source = TARGETS[move]
    return rows
