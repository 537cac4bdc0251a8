"""What an import would do to each device of a manufacturer: compared field by field (pure)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from catalog.importers.devices import DraftDevice, DraftVariant
from catalog.importers.reasons import Mistake, Reason, Refusal
from catalog.rules.completeness import Step
from catalog.rules.editing import COLUMNS as STEP_COLUMNS
from catalog.rules.editing import may_edit
from catalog.states import DeviceState

STEP_OF = {column: step for step, columns in STEP_COLUMNS.items() for column in columns}
NAMES = ("name_fr", "name_ar", "name_en")


class Outcome(StrEnum):
    """What becomes of a device of the file."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Change:
    """One field that gets another value; ``place`` is the variant it belongs to, if any."""

    field: str
    before: Any
    after: Any
    place: str = ""


@dataclass(frozen=True)
class ExistingVariant:
    """A variant as it is kept."""

    id: UUID
    reference: str
    name: str
    udi_di: str | None
    sizes: str
    quantity: int


@dataclass(frozen=True)
class Existing:
    """A device as it is kept, with its variants."""

    id: UUID
    state: DeviceState
    version: int
    values: Mapping[str, Any]
    variants: tuple[ExistingVariant, ...] = ()


@dataclass
class Plan:
    """What would be done for one device of the file."""

    line: int
    reference: str
    name: str
    outcome: Outcome
    draft: DraftDevice
    existing: Existing | None = None
    changes: list[Change] = field(default_factory=list)
    new_variants: list[DraftVariant] = field(default_factory=list)
    changed_variants: dict[UUID, dict[str, Any]] = field(default_factory=dict)


def plan(draft: DraftDevice, found: Sequence[Existing], taken: frozenset[str]) -> Plan | Refusal:
    """Return what to do for a device of the file, or everything that forbids it.

    Args:
        draft: the device as the file gives it.
        found: the devices of this manufacturer with the same reference.
        taken: identifiers of the file that belong to other devices of this portal.
    """
    existing = found[0] if found and draft.reference else None
    made = _change(draft, existing) if existing else _creation(draft)
    mistakes = [(draft.line, one) for one in draft.mistakes]
    if existing and len(found) > 1:
        mistakes.append((draft.line, Mistake(Reason.AMBIGUOUS, "reference", draft.reference)))
    mistakes += [
        (variant.line, Mistake(Reason.IDENTIFIER_TAKEN, "udi_di", variant.udi_di))
        for variant in draft.variants
        if variant.udi_di in taken
    ]
    if existing:
        mistakes += [(draft.line, one) for one in _locked(made, existing)]
    elif _is_nameless(draft):
        mistakes.append((draft.line, Mistake(Reason.NAME_MISSING, "name_fr")))
    return _refusal(draft, mistakes) if mistakes else made


def _is_nameless(draft: DraftDevice) -> bool:
    """Say whether a new device has no name; one that could not be read is a mistake already."""
    told = any(draft.values.get(name) for name in NAMES)
    return not (told or draft.goes_on or any(one.field in NAMES for one in draft.mistakes))


def _refusal(draft: DraftDevice, mistakes: Sequence[tuple[int, Mistake]]) -> Refusal:
    (line, first), *more = mistakes
    return Refusal(
        line, first.reason, draft.reference[:60], first.field, first.value,
        more=tuple(one for _, one in more), rows=tuple(draft.rows),
    )  # fmt: skip


def _creation(draft: DraftDevice) -> Plan:
    made = Plan(draft.line, draft.reference, _name(draft.values), Outcome.CREATED, draft)
    made.changes = [Change(name, None, value) for name, value in draft.values.items()]
    made.new_variants = draft.variants
    return made


def _change(draft: DraftDevice, existing: Existing) -> Plan:
    name = _name({**existing.values, **draft.values})
    made = Plan(draft.line, draft.reference, name, Outcome.UNCHANGED, draft, existing)
    made.changes = [
        Change(column, existing.values[column], value)
        for column, value in draft.values.items()
        if existing.values[column] != value
    ]
    for variant in draft.variants:
        _match(made, variant)
    if made.changes or made.new_variants:
        made.outcome = Outcome.CHANGED
    return made


def _locked(made: Plan, existing: Existing) -> list[Mistake]:
    """Return the fields that may not change any more in the state the device is in."""
    fields = [change.field for change in made.changes]
    fields += ["udi_di"] if made.new_variants else []
    return [
        Mistake(Reason.LOCKED, field)
        for field in dict.fromkeys(fields)
        if not may_edit(existing.state, STEP_OF.get(field, Step.VARIANTS))
    ]


def _match(made: Plan, variant: DraftVariant) -> None:
    """Find the variant among those kept: by its identifier, else by its reference."""
    assert made.existing is not None
    kept = next(
        (one for one in made.existing.variants if variant.udi_di and one.udi_di == variant.udi_di),
        None,
    ) or next(
        (
            one
            for one in made.existing.variants
            if one.reference == variant.reference
            and not (one.udi_di and variant.udi_di)
            and one.id not in made.changed_variants
        ),
        None,
    )
    if kept is None:
        made.new_variants.append(variant)
        return
    said = {
        "reference": variant.reference, "name": variant.name, "udi_di": variant.udi_di,
        "sizes": variant.sizes, "quantity": variant.quantity,
    }  # fmt: skip
    changed = {key: value for key, value in said.items() if value and value != getattr(kept, key)}
    if changed:
        made.changed_variants[kept.id] = changed
        place = kept.reference or kept.udi_di or kept.name
        made.changes += [
            Change(f"variant.{key}", getattr(kept, key), value, place)
            for key, value in changed.items()
        ]


def _name(values: Mapping[str, Any]) -> str:
    return next((str(values[name]) for name in NAMES if values.get(name)), "")
