"""Read the demonstration's files into values (pure)."""

import csv
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from catalog.importers.records import Term

FOLDER = Path(__file__).parent
NAMESPACE = UUID("5d0f3b52-7d1c-4b60-9a5e-7a6a697a6f64")
FLAGS = {
    "active": ("is_active", True), "measuring": ("is_measuring", True),
    "maintenance": ("needs_maintenance", True), "sterile": ("is_sterile", True),
    "single_use": ("is_single_use", True), "implantable": ("is_implantable", True),
    "latex": ("contains_latex", True), "latex_free": ("contains_latex", False),
}  # fmt: skip
# Flags that a record without them denies: every maker knows these about its device.
DENIED = ("is_sterile", "is_single_use", "is_implantable", "is_active", "is_measuring")


def demo_id(*names: str) -> UUID:
    """Return the identifier of a demonstration row: always the same one."""
    return uuid5(NAMESPACE, "/".join(names))


@cache
def _toml(name: str) -> dict[str, Any]:
    with (FOLDER / name).open("rb") as file:
        return tomllib.load(file)


def organisations() -> dict[str, dict[str, Any]]:
    """Return the fictional organisations by key."""
    return _toml("organisations.toml")


def people() -> dict[str, dict[str, Any]]:
    """Return the fictional people by key."""
    return _toml("people.toml")


def terms() -> list[Term]:
    """Return the EMDN codes the devices use, with their ancestors.

    English names are the Commission's; French ones too where its sample has them, else ours, as
    the Arabic ones are: the official files replace them when they are imported.
    """
    with (FOLDER / "nomenclature.csv").open(encoding="utf-8", newline="") as file:
        return [
            Term(
                row["code"],
                row["code"][:-2] if len(row["code"]) > 2 else "",
                int(row["level"]),
                row["terminal"] == "YES",
                {name: row[f"term_{name}"] for name in ("en", "fr", "ar") if row[f"term_{name}"]},
            )
            for row in csv.DictReader(file)
        ]


@dataclass(frozen=True)
class DemoVariant:
    """One thing that can be ordered."""

    reference: str
    name: str
    quantity: int
    udi_di: str


@dataclass(frozen=True)
class DemoDevice:
    """One fictional device, with everything its record holds."""

    reference: str
    maker: str
    emdn: str
    risk_class: str
    names: tuple[str, str, str]  # French, Arabic, English, here and below
    summaries: tuple[str, str, str]
    purposes: tuple[str, str, str]
    price: tuple[int, int]
    facts: dict[str, Any]
    variants: tuple[DemoVariant, ...]
    flags: dict[str, bool]
    state: str
    registration: str
    expired: bool
    origin_level: str
    maturity: str


def devices() -> list[DemoDevice]:
    """Return the fictional devices."""
    raw = {**_toml("devices_equipment.toml"), **_toml("devices_consumables.toml")}
    makers = [key for key, one in organisations().items() if one["kind"] == "manufacturer"]
    numbers = dict.fromkeys(makers, 0)
    found = []
    for reference, one in raw.items():
        maker = one["maker"]
        first = numbers[maker] + 1
        numbers[maker] += len(one["variants"])
        found.append(_device(reference, one, makers.index(maker), first))
    return found


def _device(reference: str, one: dict[str, Any], maker: int, first: int) -> DemoDevice:
    said = dict(FLAGS[flag] for flag in one.get("flags", ()))
    texts = [one["fr"], one["ar"], one["en"]]
    return DemoDevice(
        reference=reference,
        maker=one["maker"],
        emdn=one["emdn"],
        risk_class=one["class"],
        names=(texts[0][0], texts[1][0], texts[2][0]),
        summaries=(texts[0][1], texts[1][1], texts[2][1]),
        purposes=_purposes(one["emdn"]),
        price=(one["price"][0], one["price"][1]),
        facts=one.get("facts", {}),
        variants=tuple(_variant(text, maker, first + n) for n, text in enumerate(one["variants"])),
        flags={**dict.fromkeys(DENIED, False), **said},
        state=one.get("state", "published"),
        registration=one.get("registration", "registered"),
        expired=one.get("expired", False),
        origin_level=one.get("origin", "declared"),
        maturity=one.get("maturity", "series"),
    )


def _variant(text: str, maker: int, item: int) -> DemoVariant:
    reference, name, *quantity = text.split("|")
    return DemoVariant(reference, name, int(quantity[0]) if quantity else 1, gtin(maker, item))


def gtin(maker: int, item: int) -> str:
    """Return a GTIN-14 under Morocco's prefix 611, in a block kept for the demonstration.

    « 611 99… » stands for fictional companies here; it says nothing about numbers in use.
    """
    body = f"061199{maker:02d}{item:05d}"
    weights = [3 if place % 2 == 0 else 1 for place in range(13)]
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    return f"{body}{-total % 10}"


def _purposes(emdn: str) -> tuple[str, str, str]:
    table = _toml("purposes.toml")
    prefix = max((code for code in table if emdn.startswith(code)), key=len)
    french, arabic, english = table[prefix]
    return french, arabic, english
