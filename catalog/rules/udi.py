"""Reading a UDI as scanned or pasted: which device it is (UDI-DI) and which item (UDI-PI), apart.

The two never share a field: a production identifier may lead to a patient, and one 50-character
field was too small for both in systems that tried.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from catalog.rules.identifiers import (
    GTIN_LENGTHS,
    gtin_check_digit,
    hibc_check,
    is_gtin,
    tidy,
)
from catalog.states import Agency

if TYPE_CHECKING:
    from biip.gs1_element_strings import GS1ElementString, GS1ElementStrings

# What scanners, keyboards and web pages put in the place of the GS1 separator (FNC1).
SEPARATORS = re.compile(r"<GS>|\{GS\}|␝|\\x1d|\^\]|\x1e|\|", re.IGNORECASE)
SYMBOLOGY = re.compile(r"^\](C1|d[0-9]|e0|Q[0-9]|J1)")
GS = "\x1d"


class Trouble(StrEnum):
    """Why a text is not a UDI we can read."""

    EMPTY = "empty"
    NO_DEVICE = "no_device"
    FORM = "form"


class NotAUdi(ValueError):
    """The text cannot be read as a UDI; ``trouble`` says why and ``hint`` names the place."""

    def __init__(self, trouble: Trouble, hint: str = "") -> None:
        super().__init__(f"{trouble}: {hint}")
        self.trouble = trouble
        self.hint = hint


@dataclass(frozen=True)
class UdiDi:
    """The device identifier: which model and packaging, and who issued the number."""

    value: str
    agency: Agency


@dataclass(frozen=True)
class UdiPi:
    """The production identifier: which item. Dates keep the form they were written in."""

    lot: str = ""
    serial: str = ""
    expires_on: date | None = None
    expires_as_written: str = ""
    expires_format: str = ""
    made_on: date | None = None
    made_as_written: str = ""
    made_format: str = ""
    donation: str = ""

    def __bool__(self) -> bool:
        return self != UdiPi()


@dataclass(frozen=True)
class Udi:
    """A UDI taken apart.

    ``expected_check`` is set when the check digit is wrong: a typing error, or a label printed
    wrong (the GUDID holds such), so that it is told and looked up all the same.
    """

    di: UdiDi
    pi: UdiPi
    expected_check: str = ""


def read_udi(text: str) -> Udi:
    """Read a scanned or pasted UDI of any issuing agency, or a bare GTIN.

    Raises:
        NotAUdi: the text is empty, names no device or is no UDI.
    """
    code = SYMBOLOGY.sub("", SEPARATORS.sub(GS, tidy(text))).strip(GS + " ")
    if not code:
        raise NotAUdi(Trouble.EMPTY)
    if code.startswith("+"):
        return _hibcc(code)
    if code.startswith(("=", "&")):
        return _iccbba(code)
    if code.startswith(("[)>", "9N")):
        return _ifa(code)
    if bare := _bare_gtin(code):
        return bare
    return _gs1(code)


def _bare_gtin(code: str) -> Udi | None:
    digits = code.replace(" ", "").replace("-", "")
    if not digits.isdigit() or len(digits) not in GTIN_LENGTHS:
        return None
    return Udi(UdiDi(digits.zfill(14), Agency.GS1), UdiPi(), _expected(digits))


def _expected(gtin: str) -> str:
    """Return the right check digit of a number that has a wrong one."""
    return "" if is_gtin(gtin) else gtin_check_digit(gtin[:-1])


def _gs1(code: str) -> Udi:
    elements = _gs1_elements(code)
    gtin = elements.get(ai="01")
    if gtin is None:
        raise NotAUdi(Trouble.NO_DEVICE, "(01)")
    lot, serial = elements.get(ai="10"), elements.get(ai="21")
    expires, made = _gs1_date(elements.get(ai="17")), _gs1_date(elements.get(ai="11"))
    return Udi(
        UdiDi(gtin.value, Agency.GS1),
        UdiPi(
            lot=lot.value if lot else "",
            serial=serial.value if serial else "",
            expires_on=expires[0],
            expires_as_written=expires[1],
            expires_format="YYMMDD" if expires[1] else "",
            made_on=made[0],
            made_as_written=made[1],
            made_format="YYMMDD" if made[1] else "",
        ),
        _expected(gtin.value),
    )


def _gs1_elements(code: str) -> "GS1ElementStrings":
    # Imported by the first scan: it unpacks tables, a tenth of the start of every process.
    from catalog.rules.gs1 import NotGs1, elements  # noqa: PLC0415

    try:
        return elements(code, separator=GS)
    except NotGs1 as error:
        raise NotAUdi(Trouble.FORM, str(error)) from error


def _gs1_date(element: "GS1ElementString | None") -> tuple[date | None, str]:
    """Return the day and what was written; day 00 means the end of the month (GS1 3.4)."""
    return (element.date, element.value) if element else (None, "")


def _hibcc(code: str) -> Udi:
    """Read ``+`` LIC PCN unit, ``/`` production data, check character (ANSI/HIBC 2.6)."""
    body = code.upper()
    if len(body) > 8 and hibc_check(body[:-1]) == body[-1]:
        body = body[:-1]
    primary, *rest = body.split("/")
    di = primary.removeprefix("+")
    if not re.fullmatch(r"[A-Z][A-Z0-9]{3}[A-Z0-9]{1,18}[0-9]", di):
        raise NotAUdi(Trouble.FORM, "HIBCC")
    found: dict[str, object] = {}
    for i, part in enumerate(rest):
        _hibcc_part(part, found, first=i == 0)
    return Udi(UdiDi(di, Agency.HIBCC), UdiPi(**found))  # type: ignore[arg-type]


HIBC_DATES = {
    "2": ("%m%d%y", 6, "MMDDYY"),
    "3": ("%y%m%d", 6, "YYMMDD"),
    "4": ("%y%m%d", 8, "YYMMDDHH"),
    "5": ("", 5, "YYJJJ"),
    "6": ("", 7, "YYJJJHH"),
}


def _hibcc_part(part: str, found: dict[str, object], *, first: bool) -> None:
    if part.startswith("14D") or part.startswith("16D"):
        name = "expires" if part.startswith("14D") else "made"
        _put_date(found, name, part[3:11], "YYYYMMDD", _ymd(part[3:11]))
    elif part.startswith("$$+"):
        found["serial"] = _hibcc_dated(part[3:], found)
    elif part.startswith("$$"):
        found["lot"] = _hibcc_dated(_without_quantity(part[2:]), found)
    elif part.startswith("$+"):
        found["serial"] = part[2:]
    elif part.startswith("$"):
        found["lot"] = part[1:]
    elif part.startswith("S") and not first:
        found["serial"] = part[1:]
    elif re.match(r"\d{5}", part):
        _put_date(found, "expires", part[:5], "YYJJJ", _julian(2000 + int(part[:2]), part[2:5]))
        found["lot"] = part[5:]


def _without_quantity(part: str) -> str:
    """Drop the optional quantity (8 and two digits, or 9 and five)."""
    if part.startswith("8"):
        return part[3:]
    return part[6:] if part.startswith("9") else part


def _hibcc_dated(part: str, found: dict[str, object]) -> str:
    """Take the expiry date off the start of ``part`` and return the rest."""
    flag = part[:1]
    if flag == "7":
        return part[1:]
    if flag in {"0", "1"} and part[:4].isdigit():
        month, year = int(part[:2]), 2000 + int(part[2:4])
        _put_date(found, "expires", part[:4], "MMYY", _month_end(year, month))
        return part[4:]
    if flag in HIBC_DATES:
        _, length, form = HIBC_DATES[flag]
        written, rest = part[1 : 1 + length], part[1 + length :]
        _put_date(found, "expires", written, form, _hibc_day(written, form))
        return rest
    return part


def _hibc_day(written: str, form: str) -> date | None:
    if form.startswith("YYJJJ"):
        return _julian(2000 + int(written[:2]), written[2:5]) if written.isdigit() else None
    if form == "MMDDYY":
        return _ymd("20" + written[4:6] + written[:4])
    return _ymd("20" + written[:6])


def _iccbba(code: str) -> Udi:
    """Read the ISBT 128 data structures of a tissue or cell product (ICCBBA ST-011)."""
    device = re.search(r"=/([A-Z0-9]{16})", code, re.IGNORECASE)
    if device is None:
        raise NotAUdi(Trouble.NO_DEVICE, "=/")
    found: dict[str, object] = {}
    if serial := re.search(r"=,([A-Z0-9]{6})", code, re.IGNORECASE):
        found["serial"] = serial[1]
    if donation := re.search(r"=([A-NP-Z1-9][A-Z0-9]{14})", code, re.IGNORECASE):
        found["donation"] = donation[1]
    for name, sign in (("expires", ">"), ("made", "}")):
        if day := re.search(rf"={sign}(\d{{6}})", code):
            year = int(day[1][:3])
            year += 1000 if year >= 900 else 2000
            _put_date(found, name, day[1], "YYYJJJ", _julian(year, day[1][3:]))
    if lot := re.search(r"&,1([A-Z0-9]{1,18})", code, re.IGNORECASE):
        found["lot"] = lot[1]
    return Udi(UdiDi(device[1].upper(), Agency.ICCBBA), UdiPi(**found))  # type: ignore[arg-type]


def _ifa(code: str) -> Udi:
    """Read the data identifiers of an IFA code: 9N product, 1T lot, S serial, D expiry."""
    parts = [part for part in re.split(r"\x1d|\[\)>|06(?=9N)|\x04", code) if part]
    found: dict[str, object] = {}
    di = ""
    for part in parts:
        if part.startswith("9N"):
            di = part[2:]
        elif part.startswith("1T"):
            found["lot"] = part[2:]
        elif part.startswith("S"):
            found["serial"] = part[1:]
        elif re.fullmatch(r"D\d{6}", part):
            _put_date(found, "expires", part[1:], "YYMMDD", _ymd("20" + part[1:]))
    if not di.isalnum():
        raise NotAUdi(Trouble.NO_DEVICE, "9N")
    return Udi(UdiDi(di.upper(), Agency.IFA), UdiPi(**found))  # type: ignore[arg-type]


def _put_date(
    found: dict[str, object], name: str, written: str, form: str, day: date | None
) -> None:
    found |= {f"{name}_on": day, f"{name}_as_written": written, f"{name}_format": form}


def _ymd(digits: str) -> date | None:
    """Return the day of YYYYMMDD; day 00 is the end of the month; ``None`` when there is none."""
    if not re.fullmatch(r"\d{8}", digits):
        return None
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:])
    if day == 0:
        return _month_end(year, month)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month_end(year: int, month: int) -> date | None:
    if not 1 <= month <= 12:
        return None
    return (date(year, month, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _julian(year: int, day_of_year: str) -> date | None:
    number = int(day_of_year)
    day = date(year, 1, 1) + timedelta(days=number - 1)
    return day if number >= 1 and day.year == year else None
