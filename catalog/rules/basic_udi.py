"""The Basic UDI-DI, which groups the variants of one model: who issued it, and whether it is right.

Sources: EUDAMED help, « Basic UDI-DI generators depending on issuing entity » (GS1, HIBCC, IFA);
GS1 General Specifications 21, 7.9.5 (check character pair); IFA, « Basic UDI-DI », November 2019;
MDCG 2019-1 (at most 25 characters, a check sign of the issuing entity). The form that ICCBBA and
EUDAMED itself give is not checked: such a code is kept and shown as not checked.
"""

import re
from dataclasses import dataclass

from catalog.rules.identifiers import tidy
from catalog.states import Agency

SHORTEST, LONGEST = 8, 25
SIGNS = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
WEIGHTS = (83, 79, 73, 71, 67, 61, 59, 53, 47, 43, 41, 37, 31, 29, 23, 19, 17, 13, 11, 7, 5, 3, 2)
PAIR_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
GS1_FORM = re.compile(rf"\d{{5}}[{re.escape(SIGNS)}]+")
HIBCC_FORM = re.compile(r"\+\+[A-Z][A-Z0-9]{3}[A-Z0-9]{1,17}[2-9A-HJ-NP-Z]{2}")
IFA_FORM = re.compile(r"PP\d{5}[0-9A-Z.]{1,16}\d{2}")


@dataclass(frozen=True)
class BasicUdi:
    """A code as it is kept, and who issued it; with ``NONE`` nobody can check it."""

    value: str
    agency: Agency
    expected_check: str = ""  # set when the check sign is wrong


class NotABasicUdi(ValueError):
    """The text is too short, too long, or has signs that no agency uses."""


def read_basic_udi(text: str) -> BasicUdi:
    """Return a Basic UDI-DI with its issuing agency, and the right check sign of a wrong one.

    Raises:
        NotABasicUdi: it cannot be one of any agency.
    """
    code = "".join(tidy(text).split())
    if not SHORTEST <= len(code) <= LONGEST or not set(code) <= set(SIGNS):
        raise NotABasicUdi(text)
    agency = agency_of_basic(code)
    if agency is Agency.NONE:
        return BasicUdi(code, agency)
    if agency is not Agency.GS1:
        code = code.upper()
    right = check_digits(code[:-2]) if agency is Agency.IFA else check_pair(code[:-2])
    return BasicUdi(code, agency, "" if code[-2:] == right else right)


def agency_of_basic(code: str) -> Agency:
    """Tell the issuing agency by the form: digits first, « ++ », « PP » and digits; or nobody."""
    if HIBCC_FORM.fullmatch(code.upper()):
        return Agency.HIBCC
    if IFA_FORM.fullmatch(code.upper()):
        return Agency.IFA
    return Agency.GS1 if GS1_FORM.fullmatch(code) else Agency.NONE


def check_pair(text: str) -> str:
    """Return the two check characters of GS1 and HIBCC: modulo 1021, five bits a character."""
    weights = WEIGHTS[len(WEIGHTS) - len(text) :]
    total = sum(SIGNS.index(sign) * weight for sign, weight in zip(text, weights, strict=True))
    first, second = divmod(total % 1021, 32)
    return PAIR_SIGNS[first] + PAIR_SIGNS[second]


def check_digits(text: str) -> str:
    """Return the two check digits of IFA: modulo 97 of the ASCII values, weighted from 2 up."""
    total = sum(weight * ord(sign) for weight, sign in enumerate(text, start=2))
    return f"{total % 97:02d}"


def is_right(text: str) -> bool:
    """Say whether a code that is kept is right: a list may bring one that nobody could check."""
    try:
        found = read_basic_udi(text)
    except NotABasicUdi:
        return False
    return found.agency is not Agency.NONE and not found.expected_check
