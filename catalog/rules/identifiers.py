"""Device identifiers: check digits, one normal form each, and the keys they are found by."""

import unicodedata
from collections.abc import Iterable

from catalog.states import Agency

HIBC_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%"
GTIN_LENGTHS = frozenset({8, 12, 13, 14})
# Marks that steer the direction of text and stick to pasted codes, and NUL, which no table holds.
INVISIBLE = dict.fromkeys(
    [
        0,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
        0x061C,
        0xFEFF,
        0xAD,
    ]
)


def tidy(text: str) -> str:
    """Return pasted text without invisible marks, with ASCII digits and plain letters."""
    folded = unicodedata.normalize("NFKC", text.translate(INVISIBLE))
    if folded.isascii():
        return folded.strip()
    return "".join(
        str(unicodedata.digit(sign)) if sign.isdigit() and not sign.isascii() else sign
        for sign in folded
    ).strip()


def gtin_check_digit(digits: str) -> str:
    """Return the check digit that follows ``digits`` (GS1 General Specifications, 7.9)."""
    total = sum(int(digit) * (3 if i % 2 == 0 else 1) for i, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def is_gtin(text: str) -> bool:
    """Say whether ``text`` is a GTIN of 8, 12, 13 or 14 digits with the right check digit."""
    return (
        len(text) in GTIN_LENGTHS
        and text.isascii()
        and text.isdigit()
        and text.strip("0") != ""
        and gtin_check_digit(text[:-1]) == text[-1]
    )


def gtin14(text: str) -> str:
    """Return a valid GTIN in its 14-digit form.

    Raises:
        ValueError: it is no GTIN, or its check digit is wrong.
    """
    digits = "".join(sign for sign in tidy(text) if sign not in " -")
    if not is_gtin(digits):
        raise ValueError(f"not a GTIN: {text!r}")
    return digits.zfill(14)


def hibc_check(text: str) -> str | None:
    """Return the check character of a HIBC text with its ``+``, or ``None`` for a wrong sign.

    Source: ANSI/HIBC 2.6, appendix B: modulo 43 of the sum of the values of the signs.
    """
    try:
        return HIBC_SIGNS[sum(HIBC_SIGNS.index(sign) for sign in text) % 43]
    except ValueError:
        return None


def hibc_forms(di: str) -> tuple[str, ...]:
    """Return the ways a HIBCC identifier is written: as given, without and with its check sign.

    Registers disagree on whether the check character belongs to the identifier.
    """
    forms = [di]
    if len(di) > 7 and hibc_check("+" + di[:-1]) == di[-1] and di[-2].isdigit():
        forms.append(di[:-1])
    elif (check := hibc_check("+" + di)) is not None:
        forms.append(di + check)
    return tuple(forms)


def agency_of(text: str) -> Agency:
    """Guess who issued a device identifier from its form."""
    code = compact(text)
    if is_gtin(code):
        return Agency.GS1
    if len(code) == 16 and code[0].isalpha() and code[1:5].isdigit():
        return Agency.ICCBBA
    # Only its check sign tells a HIBCC identifier from any other reference.
    if 7 <= len(code) <= 24 and code[0].isalpha() and hibc_check("+" + code[:-1]) == code[-1]:
        return Agency.HIBCC
    return Agency.NONE


def normal_di(text: str, agency: Agency) -> str:
    """Return a device identifier as it is stored: a GTIN with 14 digits, others in capitals.

    Raises:
        ValueError: the identifier cannot be one of this agency.
    """
    if agency is Agency.GS1:
        return gtin14(text)
    code = tidy(text).upper().replace(" ", "").removeprefix("+").removeprefix("=/")
    if not code or len(code) > 50 or not code.isascii():
        raise ValueError(f"not an identifier: {text!r}")
    if agency is Agency.ICCBBA and len(code) != 16:
        raise ValueError(f"an ICCBBA identifier has 16 characters: {text!r}")
    if agency is Agency.HIBCC and not (6 <= len(code) <= 24 and code[0].isalpha()):
        raise ValueError(f"not a HIBCC identifier: {text!r}")
    return code


def compact(text: str) -> str:
    """Return what is left of an identifier without punctuation: letters in capitals and digits."""
    return "".join(sign for sign in tidy(text).upper() if sign.isalnum())


def keys_of(identifiers: Iterable[str]) -> tuple[str, ...]:
    """Return the exact look-up keys of a device's identifiers, each once, in a stable order.

    A GTIN is found by its 14 digits and by the shorter form printed under the bars.
    """
    keys: dict[str, None] = {}
    for identifier in identifiers:
        key = compact(identifier)
        if not key:
            continue
        keys[key] = None
        if is_gtin(key):
            keys[key.zfill(14)] = None
            short = key.lstrip("0")
            for length in sorted(GTIN_LENGTHS):
                if len(short) <= length < len(key):
                    keys[key[-length:]] = None
    return tuple(keys)
