"""The words of the report: translations that need no deployment, numbers and money by locale."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from fractions import Fraction
from functools import cache
from gettext import GNUTranslations
from pathlib import Path

from portal.web import i18n
from procurement.scoring.quantities import rounded

ROOT = Path(__file__).parents[2]
FOLDERS = (ROOT / "portal", ROOT / "procurement")
ISOLATE, END = "\u2068", "\u2069"


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Write in ``language`` until the block ends."""
    token = i18n.language.set(language)
    try:
        yield
    finally:
        i18n.language.reset(token)


@cache
def _translations(code: str) -> GNUTranslations:
    return i18n.merged(FOLDERS, code)


def gettext(message: str, **values: object) -> str:
    """Translate; whoever verifies a record has no deployment whose packages could be asked."""
    text = _translations(i18n.language.get()).gettext(message) if message else ""
    return tidy(text % values) if values else text


def tidy(text: str) -> str:
    """Keep « % » at its number, and put no second full stop after the dirham's Arabic sign."""
    return text.replace(".\u200f.", ".\u200f").replace(" %", "\u00a0%")


def ngettext(singular: str, plural: str, n: int, **values: object) -> str:
    """Translate the form for ``n``; ``%(num)s`` in it is the number."""
    text = _translations(i18n.language.get()).ngettext(singular, plural, n)
    return text % {"num": i18n.number(n), **values}


def decimal(value: Fraction | int, places: int) -> Decimal:
    """Round an exact number, half away from zero, to ``places`` decimals."""
    return Decimal(rounded(Fraction(value) * 10**places)).scaleb(-places)


def share(value: Fraction | int) -> str:
    """Write a share of 1 as a percentage with one decimal, never more."""
    return i18n.percent(decimal(value, 3), decimals=1).replace(" %", "\u00a0%")


def points(value: Fraction | int) -> str:
    """Write points rounded to two decimals, as charts do; lines have them exactly."""
    return i18n.number(decimal(value, 2), decimals=2)


def money(value: Fraction | int, currency: str) -> str:
    """Write exact centimes; ``≈`` says that a fraction of a centime was left out."""
    shown = rounded(Fraction(value))
    return _about(i18n.money(shown, currency), shown == value)


def exact(value: Fraction | int, places: int = 6) -> str:
    """Write a number with the decimals it has, at most ``places``."""
    shown = decimal(value, places)
    text = i18n.number(shown.normalize() if shown else Decimal(0))
    long = -int(shown.normalize().as_tuple().exponent) if shown else 0
    text = i18n.number(shown, decimals=long) if long > 0 else text
    return _about(text, Fraction(shown) == value)


def isolated(text: str) -> str:
    """Keep a name together in Arabic text, whatever letters it is written in."""
    return f"{ISOLATE}{text}{END}" if i18n.direction() == "rtl" else text


def _about(text: str, same: bool) -> str:
    return text if same else f"≈ {text}"
