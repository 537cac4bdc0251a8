"""Which part of a record may be changed in which state of its life."""

from catalog.rules.completeness import Step
from catalog.states import DeviceState

# What was verified stays as it was verified; prices and files may follow the market.
EDITABLE: dict[DeviceState, frozenset[Step]] = {
    DeviceState.DRAFT: frozenset(Step),
    DeviceState.SUBMITTED: frozenset(),
    DeviceState.PUBLISHED: frozenset({Step.PRICE, Step.FILES}),
    DeviceState.SUSPENDED: frozenset({Step.FILES}),
    DeviceState.RETIRED: frozenset(),
}

# The columns each page of the registration writes, and no other.
COLUMNS: dict[Step, tuple[str, ...]] = {
    Step.NAMES: (
        "name_fr", "name_ar", "name_en", "brand", "reference", "manufacturer_name",
    ),
    Step.PURPOSE: (
        "summary_fr", "summary_ar", "summary_en", "purpose_fr", "purpose_ar", "purpose_en",
    ),
    Step.CLASSIFICATION: (
        "emdn_code", "emdn_known", "gmdn_term", "risk_class", "basic_udi", "is_sterile",
        "is_single_use", "is_implantable", "is_active", "is_measuring", "is_software",
        "contains_latex", "needs_maintenance",
    ),
    Step.ORIGIN: ("origin", "country", "maturity"),
    Step.REGISTRATION: (
        "registration", "registration_number", "registration_issued_on",
        "registration_expires_on", "exhibition_authorisation", "instruction_languages",
    ),
    Step.PRICE: ("price_min_centimes", "price_max_centimes", "currency", "price_tax"),
}  # fmt: skip


def may_edit(state: DeviceState, step: Step) -> bool:
    """Say whether this part of a record may be changed in this state."""
    return step in EDITABLE[state]
