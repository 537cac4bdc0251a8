"""Lines of explanation as sentences: the code's translation with its values written by locale."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from portal.web.i18n import day, lazy, number
from procurement.evaluation.words import exact, isolated, money, tidy
from procurement.evaluation.words import gettext as _
from procurement.scoring import wording
from procurement.scoring.outcome import Line

UNSURE = " (à confirmer)"
NOT_ANNOUNCED = lazy("not announced")  # what a tender's preference says by itself
UNITS = {
    "day": lazy("days"),
    "month": lazy("months"),
    "year": lazy("years"),
    "hour": lazy("hours"),
    "percent": lazy("per cent"),
    "point": lazy("points"),
    "piece": lazy("pieces"),
    "centime": lazy("centimes"),
    "one": lazy("without unit"),
}
FORMULAS = {
    "linear_between_bounds": lazy("linear between the published bounds"),
    "reference_over_price": lazy("published reference divided by the price"),
    "points_per_percent": lazy("points lost for each percent above the published reference"),
    "low_over_price": lazy("lowest price divided by the price"),
    "world_bank": lazy("lowest cost divided by the cost (World Bank)"),
    "linear_min_max": lazy("linear between the lowest and the highest price"),
    "difference_to_lowest": lazy("difference to the lowest price"),
    "multiple_of_lowest": lazy("linear up to a published multiple of the lowest price"),
    "belleville": lazy("compressed differences of price (Belleville)"),
    "closest_to_mean": lazy("closeness to the mean of the prices"),
    "closest_to_estimate": lazy("closeness to the buyer's estimate"),
    "entropy": lazy("weights computed from the bids by entropy"),
    "critic": lazy("weights computed from the bids by their correlation (CRITIC)"),
    "fuzzy": lazy("fuzzy marks"),
    "language_model": lazy("marks of a language model"),
}
"""What the price formulas are called: those of the catalogue, then those that are refused."""
TEXTS = {
    "décret n° 2-22-431": lazy("decree no. 2-22-431"),
    "règlement de consultation": lazy("the tender's rules"),
}
"""Texts of the law that rules cite by their French names."""
_ARTICLE = re.compile(r"art\. (?P<number>\S.*)")
_RATIONAL = re.compile(r"-?[0-9]+/[1-9][0-9]*")
_DECIMAL = re.compile(r"-?[0-9]{1,15}\.[0-9]{1,6}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SHARE = re.compile(r"(?P<name>.+) (?P<count>[0-9]+(\.[0-9]+)?)(?P<percent> %)?")


@cache
def _centimes() -> Mapping[str, frozenset[str]]:
    """Return which values of an area's sentences are centimes."""
    names = [one.name for one in iter_modules(wording.__path__)]
    modules = [import_module(f"{wording.__name__}.{name}") for name in names]
    return {
        code: getattr(module, "MONEY", frozenset()) for module in modules for code in module.WORDING
    }


def sentence(line: Line, currency: str, titles: Mapping[str, str] | None = None) -> str:
    """Return a line in the present language; ``titles``: what criteria are called, by name.

    Raises:
        KeyError: its code has no sentence.
    """
    centimes = _centimes().get(line.code, frozenset())
    values: dict[str, object] = {
        name: money(Fraction(value), currency)
        if name in centimes
        else _named(name, value, titles or {})
        for name, value in line.values.items()
    }
    values |= {"subject": isolated(line.subject), "rule": cited(line.rule)}
    return tidy(_(wording.sentences()[line.code]) % values)


def _named(name: str, value: int | str, titles: Mapping[str, str]) -> str:
    """Write a value that is no amount; criteria by their title, an exact fraction as it is."""
    if name in {"unit", "exposure_unit"}:
        return _(UNITS[str(value)])
    if name == "why" or value == NOT_ANNOUNCED:
        return _(str(value))
    if name == "formula":
        return formula_name(str(value))
    if name == "text":
        return text_of(str(value))
    if name == "criterion":
        return isolated(titles.get(str(value), str(value)))
    if name == "weights":
        return _shares(str(value), titles)
    return isolated(str(value)) if name == "exact" else written(value)


def _shares(text: str, titles: Mapping[str, str]) -> str:
    """Write « price 16.6 %, quality 83.4 % » with the criteria's titles and the reader's numbers.

    A name that holds a comma cannot be told from two: such a text stays as it is.
    """
    found = [_SHARE.fullmatch(part) for part in text.split(", ")]
    if not all(found):
        return isolated(text)
    return " · ".join(
        f"{isolated(titles.get(one['name'], one['name']))} "
        f"{written(one['count'])}{one['percent'] or ''}"
        for one in found
        if one
    )


def formula_name(name: str) -> str:
    """Return what a price formula is called; one outside the catalogue by the name it was given."""
    return _(FORMULAS[name]) if name in FORMULAS else isolated(name)


def cited(rule: str) -> str:
    """Return an article; where the reading is not sure, it says so in the present language."""
    if rule.endswith(UNSURE):
        return isolated(_("%(rule)s (to be confirmed)", rule=text_of(article(rule))))
    return text_of(rule)


def text_of(rule: str) -> str:
    """Name an article or a text of the law in the present language; others stay as written."""
    if rule in TEXTS:
        return _(TEXTS[rule])
    if found := _ARTICLE.fullmatch(rule):
        return _("art. %(number)s", number=isolated(found["number"]))
    return isolated(rule)


def article(rule: str) -> str:
    """Return a rule without the words that its reading has still to be confirmed."""
    return rule.removesuffix(UNSURE)


def unsure(rule: str) -> bool:
    """Say whether the reading of a rule has still to be confirmed."""
    return rule.endswith(UNSURE)


def written(value: int | str) -> str:
    """Write a value of a line: numbers and days by locale, other text as it is."""
    if isinstance(value, int):
        return exact(value)
    if _RATIONAL.fullmatch(value):
        return exact(Fraction(value), 4)
    if _DECIMAL.fullmatch(value):
        return number(Decimal(value), decimals=len(value.partition(".")[2]))
    if _DAY.fullmatch(value):
        return day(date.fromisoformat(value))
    return isolated(value)
