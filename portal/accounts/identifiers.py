"""Moroccan identifiers of organisations: tidied, and checked as far as they can be.

Sources: ICE — 15 digits (enterprise 9, establishment 4, control 2), divisible by 97, confirmed on
seven real numbers; no public register answers, so a wrong key is a warning and never a refusal.
RC has no checksum and its number is unique only together with the court that keeps the register.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from stdnum.exceptions import InvalidChecksum, InvalidFormat, InvalidLength
from stdnum.ma import ice as stdnum_ice

DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
SEPARATORS = re.compile(r"[\s.\-/  ‎‏]+")
ICE_LENGTH = 15
ENTERPRISE_LENGTH = 9


class Doubt(StrEnum):
    """Why an identifier looks wrong."""

    LENGTH = "length"
    DIGITS = "digits"
    CONTROL = "control"
    EMPTY_ENTERPRISE = "enterprise"


@dataclass(frozen=True)
class Ice:
    """An ICE as it is kept, and what is doubtful about it."""

    number: str
    doubt: Doubt | None


def tidy(text: str) -> str:
    """Return ``text`` with Latin digits and without the separators people type."""
    return SEPARATORS.sub("", text.translate(DIGITS)).upper()


def read_ice(text: str) -> Ice:
    """Return the ICE in ``text``, left-padded to 15 digits, with the doubt it raises if any."""
    number = tidy(text)
    if number.isascii() and number.isdigit():
        number = number.zfill(ICE_LENGTH)
    return Ice(number, _doubt(number))


def _doubt(number: str) -> Doubt | None:
    try:
        stdnum_ice.validate(number)
    except InvalidLength:
        return Doubt.LENGTH
    except InvalidFormat:
        return Doubt.DIGITS
    except InvalidChecksum:
        return Doubt.CONTROL
    # Zeros divide by 97 too, and belong to nobody.
    return Doubt.EMPTY_ENTERPRISE if not int(number[:ENTERPRISE_LENGTH]) else None


def is_tax_id(text: str) -> bool:
    """Say whether ``text`` can be an IF: digits that do not start with 0 (rule of the ICE form)."""
    return re.fullmatch(r"[1-9][0-9]{0,14}", text) is not None


def is_cnss(text: str) -> bool:
    """Say whether ``text`` can be a CNSS number: digits; seven were seen, no rule is public."""
    return re.fullmatch(r"[0-9]{5,10}", text) is not None
