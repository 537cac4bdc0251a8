"""Languages: the one of this request, its catalogue of translations, numbers, dates and money.

English source strings are the message ids. Every folder of a package may have ``locale/fr.po``
and ``locale/ar.po``; they are read and merged at start-up, so there is nothing to compile.
"""

from collections.abc import Iterable
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal, localcontext
from functools import lru_cache
from gettext import GNUTranslations
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from babel import Locale, dates, numbers
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from portal.settings import DEFAULT_LANGUAGE, LANGUAGES, get_settings

CASABLANCA = ZoneInfo("Africa/Casablanca")
LOCALES = {"fr": "fr_MA", "ar": "ar_MA", "en": "en_GB"}
LANGUAGE_NAMES = {"fr": "Français", "ar": "العربية", "en": "English"}

WHOLE = "#,##0\u00a0¤"

_Length = Literal["full", "long", "medium", "short"]

ARABIC_PLURALS = (
    "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 :"
    " n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);"
)

language: ContextVar[str] = ContextVar("language", default=DEFAULT_LANGUAGE)


def lazy(message: str) -> str:
    """Mark a string for translation where there is no request yet; translate it when shown."""
    return message


def new_catalogue(code: str) -> Catalog:
    """Return an empty catalogue; for Arabic with gettext's order of plural forms.

    Babel has the last two the other way round (100 before 11), and no translator expects it.
    """
    catalogue = Catalog(locale=code, project="Tajhiz", charset="utf-8", fuzzy=False)
    if code == "ar":
        catalogue.mime_headers = [("Plural-Forms", ARABIC_PLURALS)]
    return catalogue


def catalogue_files(folders: Iterable[Path], code: str) -> list[Path]:
    """Return every ``locale/<code>.po`` below the folders, in a stable order."""
    return sorted(path for folder in folders for path in folder.rglob(f"locale/{code}.po"))


@lru_cache
def translations(code: str) -> GNUTranslations:
    """Return all translations of one language, of the portal and of every loaded package."""
    names = {name.split(".")[0] for name in get_settings().packages} | {"portal"}
    return merged([Path(str(import_module(name).__file__)).parent for name in sorted(names)], code)


def merged(folders: Iterable[Path], code: str) -> GNUTranslations:
    """Return the translations of all catalogues of one language below the folders."""
    catalogue = new_catalogue(code)
    for path in catalogue_files(folders, code):
        with path.open("rb") as file:
            for message in read_po(file, locale=code):
                if message.id and message.string and not message.fuzzy:
                    catalogue[message.id] = message
    binary = BytesIO()
    write_mo(binary, catalogue)
    binary.seek(0)
    return GNUTranslations(binary)


def gettext(message: str, **values: object) -> str:
    """Translate into the language of this request."""
    text = translations(language.get()).gettext(message) if message else ""
    return text % values if values else text


def ngettext(singular: str, plural: str, n: int, **values: object) -> str:
    """Translate the form for ``n``; ``%(num)s`` in it is the number, written by locale."""
    text = translations(language.get()).ngettext(singular, plural, n)
    return text % {"num": number(n), **values}


def direction(code: str | None = None) -> str:
    """Return ``rtl`` for Arabic and ``ltr`` otherwise."""
    return "rtl" if (code or language.get()) == "ar" else "ltr"


def locale(code: str | None = None) -> Locale:
    """Return the CLDR locale of a language, as used in Morocco."""
    return _locale(code or language.get())


@lru_cache
def _locale(code: str) -> Locale:
    return Locale.parse(LOCALES[code])


def number(value: float | Decimal, *, decimals: int | None = None) -> str:
    """Write a number as this language does; ``decimals`` fixes how many places are shown."""
    return _number(value, decimals, language.get())


@lru_cache(maxsize=4_000, typed=True)
def _number(value: float | Decimal, decimals: int | None, code: str) -> str:
    """Write a number; a list of facets writes a hundred, and mostly the same ones."""
    pattern = None if decimals is None else f"#,##0.{'0' * decimals}".rstrip(".")
    return str(numbers.format_decimal(value, format=pattern, locale=_locale(code)))


def money(centimes: int, currency: str = "MAD", *, whole: bool = False) -> str:
    """Write an amount of integer centimes as this language does; a ``whole`` one without them."""
    return _money(centimes, currency, whole, language.get())


@lru_cache(maxsize=4_000)
def _money(centimes: int, currency: str, whole: bool, code: str) -> str:
    with localcontext(prec=max(28, centimes.bit_length())):  # every digit, however many
        return str(
            numbers.format_currency(
                centimes // 100 if whole else Decimal(centimes) / 100,
                currency,
                format=WHOLE if whole else None,
                locale=_locale(code),
                currency_digits=not whole,
            )
        )


def percent(ratio: float | Decimal, *, decimals: int = 0, trim: bool = False) -> str:
    """Write a ratio (0.46) as a percentage; ``trim``: without zeros that say nothing."""
    pattern = f"#,##0{'.' + ('#' if trim else '0') * decimals if decimals else ''} %"
    return str(numbers.format_percent(ratio, format=pattern, locale=locale()))


def day(value: date | datetime, *, length: _Length = "long") -> str:
    """Write a date; a moment is first brought to Casablanca's time."""
    if isinstance(value, datetime):
        value = value.astimezone(CASABLANCA).date()
    return _first(str(dates.format_date(value, format=_named(length), locale=locale())))


def _first(written: str) -> str:
    """Write the first of a month as French does; CLDR leaves it a plain figure."""
    return f"1er {written[2:]}" if language.get() == "fr" and written.startswith("1 ") else written


def _named(length: _Length) -> _Length:
    """Return a length that names the month: CLDR's shorter Arabic dates are figures only."""
    return "long" if language.get() == "ar" else length


def moment(value: datetime, *, length: _Length = "medium") -> str:
    """Write a moment in Casablanca's time, to the minute."""
    here = locale()
    length = _named(length)
    written = str(dates.get_datetime_format(length, here)).replace("'", "")
    time = dates.format_time(value, format="short", tzinfo=CASABLANCA, locale=here)
    date = dates.format_date(value.astimezone(CASABLANCA), format=length, locale=here)
    return written.replace("{0}", str(time)).replace("{1}", _first(str(date)))


def best_language(remembered: str | None, accept_language: str) -> str:
    """Choose a language: the remembered one, else the best of ``Accept-Language``, else French."""
    if remembered in LANGUAGES:
        return remembered
    ranked: list[tuple[float, str]] = []
    for part in accept_language.lower().split(","):
        code, _, weight = part.partition(";q=")
        try:
            ranked.append((float(weight or 1), code.strip().split("-")[0]))
        except ValueError:
            continue
    for _, code in sorted(ranked, key=lambda pair: -pair[0]):
        if code in LANGUAGES:
            return code
    return DEFAULT_LANGUAGE
