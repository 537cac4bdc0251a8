"""Attribute values: what a person typed, checked and brought to the unit of its definition."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from catalog.rules.identifiers import tidy
from catalog.states import AttributeKind

# UCUM code → (dimension, factor to the first unit of the dimension).
UNITS: dict[str, tuple[str, Decimal]] = {
    unit: (dimension, Decimal(factor))
    for dimension, units in {
        "length": {"m": "1", "cm": "0.01", "mm": "0.001", "um": "1e-6", "[in_i]": "0.0254"},
        "area": {"m2": "1", "cm2": "1e-4", "mm2": "1e-6"},
        "mass": {"kg": "1", "g": "0.001", "mg": "1e-6", "ug": "1e-9", "[lb_av]": "0.45359237"},
        "volume": {"L": "1", "dL": "0.1", "mL": "0.001", "uL": "1e-6", "m3": "1000"},
        "flow": {"L/min": "1", "mL/min": "0.001", "mL/h": "0.0000166666666666666666666667",
                 "L/h": "0.0166666666666666666666666667", "m3/h": "16.6666666666666666666667"},
        "pressure": {"kPa": "1", "Pa": "0.001", "bar": "100", "mbar": "0.1", "hPa": "0.1",
                     "mm[Hg]": "0.133322387415", "cm[H2O]": "0.0980665",
                     "[psi]": "6.894757293168"},
        "time": {"s": "1", "ms": "0.001", "min": "60", "h": "3600", "d": "86400",
                 "mo": "2629800", "a": "31557600"},
        "power": {"W": "1", "kW": "1000", "mW": "0.001"},
        "energy": {"J": "1", "kJ": "1000", "W.h": "3600", "kW.h": "3600000"},
        "voltage": {"V": "1", "mV": "0.001", "kV": "1000"},
        "current": {"A": "1", "mA": "0.001", "uA": "1e-6"},
        "frequency": {"Hz": "1", "kHz": "1000", "MHz": "1e6", "/min": "0.0166666666666666666667"},
        "ratio": {"%": "1", "1": "100"},
        "sound": {"dB": "1"},
        "angle": {"deg": "1"},
        "temperature": {"Cel": "1", "K": "1", "[degF]": "1"},
        "gauge": {"[Ch]": "1", "G": "1"},
    }.items()
    for unit, factor in units.items()
}  # fmt: skip

# How people write the units above.
SPELLINGS = {
    "l": "L", "ml": "mL", "cl": "cL", "µl": "uL", "ul": "uL", "μl": "uL", "µm": "um", "μm": "um",
    "µg": "ug", "μg": "ug", "°c": "Cel", "°f": "[degF]", "c": "Cel", "mmhg": "mm[Hg]",
    "cmh2o": "cm[H2O]", "psi": "[psi]", "in": "[in_i]", "pouces": "[in_i]", "lb": "[lb_av]",
    "hz": "Hz", "khz": "kHz", "mhz": "MHz", "w": "W", "kw": "kW", "v": "V", "kv": "kV",
    "ml/h": "mL/h", "ml/min": "mL/min", "l/min": "L/min", "l/h": "L/h", "m³/h": "m3/h",
    "kpa": "kPa", "pa": "Pa", "wh": "W.h", "kwh": "kW.h", "an": "a", "ans": "a", "mois": "mo",
    "j": "J", "sec": "s", "bpm": "/min", "°": "deg", "ch": "[Ch]", "fr": "[Ch]", "db": "dB",
    "cmh₂o": "cm[H2O]", "inches": "[in_i]", "jours": "d", "days": "d", "months": "mo",
    "years": "a", "µa": "uA", "m²": "m2", "cm²": "cm2", "mm²": "mm2", "m³": "m3",
    "يوم": "d", "أيام": "d", "شهر": "mo", "أشهر": "mo", "سنة": "a", "سنوات": "a", "بوصة": "[in_i]",
}  # fmt: skip

KELVIN = Decimal("273.15")
NUMBER = re.compile(r"([+\-]?(?:\d{1,3}(?:[  \u202f]\d{3})+|\d+)(?:[.,]\d+)?)\s*(.*)")
YES = {"yes", "oui", "true", "1", "on", "نعم"}
NO = {"no", "non", "false", "0", "off", "لا"}


@dataclass(frozen=True)
class Definition:
    """What a value is checked against."""

    key: str
    kind: AttributeKind
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Value:
    """A checked value; the one field that its kind uses is set."""

    number: float | None = None
    text: str = ""
    flag: bool | None = None


class NotAValue(ValueError):
    """What was typed cannot be a value; ``reason`` is a key, ``limit`` or ``unit`` explains it."""

    def __init__(self, reason: str, **facts: object) -> None:
        super().__init__(f"{reason} {facts}")
        self.reason = reason
        self.facts = facts


def read_value(typed: str, definition: Definition) -> Value:
    """Return what was typed as a value in the unit of its definition.

    Raises:
        NotAValue: no number, an unknown or other unit, out of bounds, or not one of the choices.
    """
    typed = typed.strip()
    match definition.kind:
        case AttributeKind.NUMBER:
            return Value(number=_number(typed, definition))
        case AttributeKind.BOOLEAN:
            return Value(flag=_flag(typed))
        case AttributeKind.CHOICE:
            if typed not in definition.choices:
                raise NotAValue("choice")
            return Value(text=typed)
        case AttributeKind.TEXT:
            return Value(text=typed)


def _flag(typed: str) -> bool:
    if typed.lower() in YES:
        return True
    if typed.lower() in NO:
        return False
    raise NotAValue("flag")


def _number(typed: str, definition: Definition) -> float:
    found = NUMBER.fullmatch(tidy(typed).replace("٫", "."))
    if found is None:
        raise NotAValue("number")
    digits = re.sub(r"\s", "", found[1]).replace(",", ".")
    try:
        amount = Decimal(digits)
    except InvalidOperation as error:
        raise NotAValue("number") from error
    value = float(convert(amount, unit_code(found[2]) or definition.unit, definition.unit))
    if definition.minimum is not None and value < definition.minimum:
        raise NotAValue("too_small", limit=definition.minimum, unit=definition.unit)
    if definition.maximum is not None and value > definition.maximum:
        raise NotAValue("too_large", limit=definition.maximum, unit=definition.unit)
    return value


def unit_code(typed: str) -> str:
    """Return the UCUM code of a unit as people write it; what is unknown comes back as it is."""
    unit = typed.strip()
    return unit if unit in UNITS else SPELLINGS.get(unit.lower(), unit)


def convert(amount: Decimal, source: str, target: str) -> Decimal:
    """Return ``amount`` of ``source`` in ``target`` (UCUM codes).

    Raises:
        NotAValue: a unit is unknown, or the two measure different things.
    """
    if source == target:
        return amount
    if source not in UNITS or target not in UNITS or UNITS[source][0] != UNITS[target][0]:
        raise NotAValue("unit", unit=target)
    if UNITS[source][0] == "temperature":
        return _from_kelvin(_to_kelvin(amount, source), target)
    if UNITS[source][0] == "gauge":
        raise NotAValue("unit", unit=target)  # needle gauges are a table, not a factor
    return (amount * UNITS[source][1] / UNITS[target][1]).normalize()


def _to_kelvin(amount: Decimal, unit: str) -> Decimal:
    match unit:
        case "Cel":
            return amount + KELVIN
        case "[degF]":
            return (amount - 32) / Decimal("1.8") + KELVIN
        case _:
            return amount


def _from_kelvin(amount: Decimal, unit: str) -> Decimal:
    match unit:
        case "Cel":
            return amount - KELVIN
        case "[degF]":
            return (amount - KELVIN) * Decimal("1.8") + 32
        case _:
            return amount


def units_beside(unit: str) -> tuple[str, ...]:
    """Return the units a value of ``unit`` may also be typed in."""
    if unit not in UNITS or UNITS[unit][0] == "gauge":
        return (unit,) if unit else ()
    return tuple(other for other in UNITS if UNITS[other][0] == UNITS[unit][0])
