"""Make one cell fit to be kept: text, codes, numbers, dates, identifiers."""

import re
import unicodedata
from datetime import date, datetime
from functools import lru_cache

from catalog.importers.reasons import Reason, Refused
from catalog.rules.identifiers import is_gtin

# Control characters, and the marks that turn the direction of text: both can hide or forge text.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_SPACES = re.compile(r"[ \t\r\n\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_NOTHING = {"", "-", "--", "n/a", "na", "null", "none", "nan", "nil", "#n/a", "#ref!", "#value!"}
_EMDN = re.compile(r"[A-Z](\d\d){0,6}")
_YES = {"true", "yes", "oui", "1", "x", "vrai", "y", "o", "نعم"}
_NO = {"false", "no", "non", "0", "faux", "n", "لا"}
_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?([eE][-+]?\d{1,3})?")
_ROUNDED = re.compile(r"\d([.,]\d+)?[eE]\+?\d+")
EARLIEST, LATEST = date(1900, 1, 1), date(2200, 1, 1)


def text(value: object, longest: int = 500) -> str:
    """Return one line of text: composed, without control characters, cut to ``longest``."""
    if value is None:
        return ""
    words = value if isinstance(value, str) else str(value)
    if not words.isascii():
        words = unicodedata.normalize("NFC", words)
    words = _INVISIBLE.sub("", _SPACES.sub(" ", words)).strip()
    if words.lower() in _NOTHING:
        return ""
    return words if len(words) <= longest else words[: longest - 1].rstrip() + "…"


def key(value: object, field: str, longest: int = 128) -> str:
    """Return an identifier; one that is too long is refused, for a cut one would be another.

    Raises:
        Refused: it is missing or too long.
    """
    words = text(value, 10_000)
    if not words:
        raise Refused(Reason.KEY_MISSING, field)
    if len(words) > longest:
        raise Refused(Reason.TOO_LONG, field, words)
    return words


def emdn(value: object) -> str:
    """Return a well-formed EMDN code, or "" when there is none.

    Raises:
        Refused: it does not have the form of a code.
    """
    code = text(value, 50).upper().replace(" ", "")
    if code and not _EMDN.fullmatch(code):
        raise Refused(Reason.WRONG_CODE, "emdn", code)
    return code


def emdn_as_given(value: object) -> str:
    """Return the code a register gives, well-formed or not; what cannot be a code is dropped."""
    code = text(value, 50).upper().replace(" ", "")
    return code if len(code) <= 20 else ""


@lru_cache(maxsize=1 << 12)
def yes_no(value: str | bool | None) -> bool | None:
    """Return what a cell says, in three languages; ``None`` when it says nothing."""
    if isinstance(value, bool):
        return value
    word = (value or "").strip().lower()
    return True if word in _YES else False if word in _NO else None


def is_rounded(words: str) -> bool:
    """Say whether a spreadsheet turned an identifier into a number ("6,11999E+12")."""
    return _ROUNDED.fullmatch(words) is not None


def gtin(value: object, field: str) -> str:
    """Return a GTIN of 14 digits, or "" when there is none.

    Raises:
        Refused: it does not check, or a spreadsheet rounded it.
    """
    words = text(value, 50).replace(" ", "").replace("-", "")
    if not words:
        return ""
    if is_rounded(words):
        raise Refused(Reason.ROUNDED_NUMBER, field, words)
    if not is_gtin(words):
        raise Refused(Reason.WRONG_GTIN, field, words)
    return words.zfill(14)


def number(value: object, field: str) -> float | None:
    """Return a number written in French or English (« 1 234,5 »), or ``None`` for an empty cell.

    Raises:
        Refused: it is not a number, or too large to be a measurement.
    """
    words = text(value, 60).replace(" ", "").replace("'", "")
    if not words:
        return None
    if "," in words:
        words = words.replace(",", "") if "." in words else words.replace(",", ".")
    words = words.translate(str.maketrans("٠١٢٣٤٥٦٧٨٩٫", "0123456789."))
    if not _NUMBER.fullmatch(words) or abs(float(words)) > 1e15:
        raise Refused(Reason.WRONG_NUMBER, field, value)
    return float(words)


def day(value: object, field: str) -> date | None:
    """Return a date between 1900 and 2200, or ``None`` for an empty cell.

    Raises:
        Refused: there is no such day.
    """
    if isinstance(value, datetime):
        value = value.date()
    if not isinstance(value, date):
        words = text(value, 40)[:10]
        if not words:
            return None
        value = _parsed(words)
    if value is None or not EARLIEST <= value <= LATEST:
        raise Refused(Reason.WRONG_DATE, field, value or "")
    return value


def _parsed(words: str) -> date | None:
    for pattern in ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y/%m/%d"):
        try:
            return datetime.strptime(words, pattern).date()  # noqa: DTZ007 — a day has no zone
        except ValueError:
            continue
    return None
