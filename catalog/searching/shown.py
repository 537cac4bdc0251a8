"""What a search page shows: facets with words, chips, cards, all ready for the template."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from catalog import proofs
from catalog.labels import CLASSES
from catalog.proofs import Proof
from catalog.rules.emdn import calm
from catalog.search import ATTRIBUTE
from catalog.searching import names
from catalog.searching.asked import Asked
from catalog.searching.labels import FACETS, VALUES
from catalog.units import unit_words
from portal.accounts.naming import KINDS
from portal.search.index import FacetCounts, FacetKind, FacetValue, Hit, Index, Result
from portal.web.address import Address
from portal.web.i18n import CASABLANCA, language, money, number
from portal.web.i18n import gettext as _

# Their values say by themselves what they are.
SPEAKING = {"class", "origin", "registration", "emdn"}

Term = tuple[str, str, int, bool]
Node = tuple[str, str, int, bool, list[Any]]


@dataclass(frozen=True)
class ShownFacet:
    """One facet as the template draws it."""

    name: str
    label: str
    kind: str
    values: list[Any] = field(default_factory=list)
    lowest: float | None = None
    highest: float | None = None
    low: str = ""
    high: str = ""
    unit: str = ""


@dataclass(frozen=True)
class DeviceCard:
    """One device among the results, in the language of the reader."""

    id: str
    exact: bool
    handle: str
    name: str
    summary: str
    maker: str
    reference: str
    emdn: str
    emdn_name: str
    origin: str
    class_words: str
    origin_proof: Proof
    registration: Proof
    price: str
    is_reference: bool
    fictional: bool
    photo: str | None
    # In which other language they are, when nothing is said in the reader's.
    name_language: str = ""
    summary_language: str = ""
    emdn_language: str = ""

    @property
    def without_price(self) -> "DeviceCard":
        """Return the card for a place where the price stands elsewhere."""
        return replace(self, price="")


@dataclass(frozen=True)
class SupplierCard:
    """One supplier among the results, in the language of the reader."""

    id: str
    exact: bool
    name: str
    summary: str
    kind_words: str
    region_words: str
    devices: int
    moroccan: int
    fictional: bool
    logo: str | None
    name_language: str = ""
    summary_language: str = ""


def said(texts: Mapping[str, str]) -> str:
    """Return a text in the language of the reader, else in French, English or Arabic."""
    return texts.get(_spoken(texts), "")


def other_language(texts: Mapping[str, str]) -> str:
    """Return the language ``said`` answers in when it is not the reader's, for ``lang``."""
    code = _spoken(texts)
    return "" if code == language.get() else code


def _spoken(texts: Mapping[str, str]) -> str:
    codes = (language.get(), "fr", "en", "ar")
    return next((code for code in codes if texts.get(code)), "")


def device_card(hit: Hit) -> DeviceCard:
    """Return a device as the template draws it."""
    card = hit.card
    return DeviceCard(
        id=str(hit.id),
        exact=hit.exact,
        handle=card["handle"],
        name=said(card["name"]),
        summary=said(card["summary"]),
        maker=card["maker"] or said(card["supplier"]),
        reference=card["reference"],
        emdn=card["emdn"],
        emdn_name=calm(said(card["emdn_name"])),
        origin=card["origin"],
        class_words=_(CLASSES.get(card["class"], "")) if card["class"] != "unknown" else "",
        origin_proof=proofs.origin(card["origin"], card["origin_level"]),
        registration=registration_proof(card),
        price=_price(card["price_min"], card["price_max"], card["currency"]),
        is_reference=card["is_reference"],
        fictional=card["fictional"],
        photo=card["photo"],
        name_language=other_language(card["name"]),
        summary_language=other_language(card["summary"]),
        emdn_language=other_language(card["emdn_name"]),
    )


def registration_proof(card: Mapping[str, Any]) -> Proof:
    """Return where the registration of a device among the results stands today."""
    expires_on = card.get("registration_expires_on")
    return proofs.registration(
        card["registration"],
        date.fromisoformat(expires_on) if expires_on else None,
        datetime.now(CASABLANCA).date(),
        has_certificate=card.get("certificate", False),
    )


def supplier_card(hit: Hit) -> SupplierCard:
    """Return a supplier as the template draws it."""
    card = hit.card
    return SupplierCard(
        id=str(hit.id),
        exact=hit.exact,
        name=said(card["name"]),
        summary=said(card["about"]),
        kind_words=_(KINDS.get(card["kind"], "")),
        region_words=said(card["region"]),
        devices=card["devices"],
        moroccan=card["moroccan"],
        fictional=card["fictional"],
        logo=card["logo"],
        name_language=other_language(card["name"]),
        summary_language=other_language(card["about"]),
    )


def _price(low: int | None, high: int | None, currency: str) -> str:
    """Write an indicative price: one amount, or from one to another."""
    if low is None:
        return ""
    if high is None or high <= low:
        return _amount(low, currency)
    return f"{_amount(low, currency)} – {_amount(high, currency)}"


def _amount(centimes: int, currency: str) -> str:
    """Write an amount; an indicative price is a whole one nearly always."""
    return money(centimes, currency, whole=not centimes % 100)


async def facets(index: Index, asked: Asked, result: Result) -> list[ShownFacet]:
    """Return the facets with their words; those without any value are left out."""
    kinds = {one.name: one.kind for one in index.facets}
    shown = []
    for name, counts in result.facets.items():
        kind = kinds.get(name, FacetKind.NUMBER)
        if kind is FacetKind.NUMBER:
            shown.append(await _range(name, counts, asked))
        elif counts.values:
            words = await _words(name, counts.values)
            values = (
                _tree(counts.values, words) if kind is FacetKind.TREE else _terms(counts, words)
            )
            shown.append(ShownFacet(name, _label(name), kind.value, values))
    return shown


async def chips(index: Index, asked: Asked, path: str) -> list[tuple[str, str]]:
    """Return every applied filter in words, with the address of the search without it."""
    here = Address(path, tuple(asked.on_page(1).pairs()))
    found = []
    for name, values in asked.query.chosen.items():
        words = await _words(name, tuple(FacetValue(one, 0) for one in values))
        found += [(_chip(name, words[one]), str(here.without(name, one))) for one in values]
    for name, (low, high) in asked.query.ranges.items():
        label, unit = await _measure(name)
        without = here.without(f"{name}_min").without(f"{name}_max")
        span = f"{_span(low, high)} {unit}".strip()
        found.append((_("%(facet)s: %(value)s", facet=label, value=span), str(without)))
    return found


def _chip(name: str, words: str) -> str:
    """Write a filter so that it can be read alone."""
    if name in SPEAKING:
        return words
    return _("%(facet)s: %(value)s", facet=_label(name), value=words)


def _span(low: float | None, high: float | None) -> str:
    if low is None:
        return _("up to %(number)s", number=number(high or 0.0))
    if high is None:
        return _("from %(number)s", number=number(low))
    return f"{number(low)} – {number(high)}"


def _label(name: str) -> str:
    return _(FACETS.get(name, name))


async def _words(name: str, values: tuple[FacetValue, ...]) -> dict[str, str]:
    """Return the words for the values of a facet."""
    found = {one.value: one.value for one in values}
    if name in ("emdn", "category"):
        codes = {value: value.rpartition("/")[2] for value in found}
        known = await names.term_names(codes.values())
        for value, code in codes.items():
            name_of = names.in_words(known.get(code), "")
            found[value] = f"{code} {calm(name_of)}".strip()
    elif name == "region":
        regions = await names.region_names()
        found = {code: names.in_words(regions.get(code), code) for code in found}
    elif name == "price":
        found = {value: _band(value) for value in found}
    elif name in VALUES:
        words = VALUES[name]
        found = {value: _(words[value]) if value in words else value for value in found}
    return found


def _band(value: str) -> str:
    low, _dash, high = value.partition("-")
    return _span(float(low) if low not in ("", "0") else None, float(high) if high else None)


def _terms(counts: FacetCounts, words: dict[str, str]) -> list[Term]:
    return [(one.value, words[one.value], one.count, one.chosen) for one in counts.values]


def _tree(values: tuple[FacetValue, ...], words: dict[str, str]) -> list[Node]:
    """Return the values as nested nodes; they come sorted, parents first."""
    nodes: dict[str, Node] = {}
    top: list[Node] = []
    for one in values:
        node: Node = (one.value, words[one.value], one.count, one.chosen, [])
        nodes[one.value] = node
        parent = nodes.get(one.value.rpartition("/")[0])
        (parent[4] if parent else top).append(node)
    return top


async def _measure(name: str) -> tuple[str, str]:
    key = name.removeprefix(ATTRIBUTE)
    known = (await names.attributes([key])).get(key)
    return (
        (names.in_words(known.names, key), unit_words(known.unit)) if known else (_label(name), "")
    )


async def _range(name: str, counts: FacetCounts, asked: Asked) -> ShownFacet:
    label, unit = await _measure(name)
    return ShownFacet(
        name,
        label,
        FacetKind.NUMBER.value,
        lowest=counts.lowest,
        highest=counts.highest,
        low=asked.typed.get(f"{name}_min", ""),
        high=asked.typed.get(f"{name}_max", ""),
        unit=unit,
    )
