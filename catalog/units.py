"""Units as people write them, wherever a number is shown."""

from portal.web.i18n import gettext as _
from portal.web.i18n import lazy

# UCUM codes that people write otherwise; the rest is written as it is.
UNIT_SIGNS = {
    "1": "", "Cel": "°C", "[degF]": "°F", "mm[Hg]": "mmHg", "cm[H2O]": "cmH₂O", "[psi]": "psi",
    "[in_i]": "in", "[lb_av]": "lb", "um": "µm", "ug": "µg", "uL": "µL", "uA": "µA", "m2": "m²",
    "cm2": "cm²", "mm2": "mm²", "m3": "m³", "m3/h": "m³/h", "deg": "°", "[Ch]": "Ch",
    "W.h": "Wh", "kW.h": "kWh",
}  # fmt: skip
UNIT_WORDS = {"d": lazy("days"), "mo": lazy("months"), "a": lazy("years"), "[in_i]": lazy("inches")}


def unit_words(unit: str) -> str:
    """Return a unit as people write it."""
    return _(UNIT_WORDS[unit]) if unit in UNIT_WORDS else UNIT_SIGNS.get(unit, unit)
