"""A manufacturer's own list of devices, CSV or Excel: a row is a device or one more variant of it.

The columns have headings in French, Arabic and English (:mod:`catalog.importers.columns`). An
empty cell says nothing: it changes nothing in a record that is there already.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, TypeVar

from catalog.importers import cleaning
from catalog.importers.columns import BY_FIELD, COLUMNS, KNOWN, Column, Kind, choice
from catalog.importers.opening import Part
from catalog.importers.reasons import Mistake, Reason, Refusal, Refused
from catalog.importers.records import guarded
from catalog.importers.sheets import GUARDED, Formula
from catalog.importers.tabular import Cells, Notice, table
from catalog.rules.identifiers import agency_of, normal_di
from catalog.states import Agency


@dataclass(frozen=True)
class DraftVariant:
    """One variant as the file gives it; empty fields say nothing."""

    line: int
    reference: str = ""
    name: str = ""
    udi_di: str = ""
    agency: Agency = Agency.NONE
    sizes: str = ""
    quantity: int | None = None


@dataclass
class DraftDevice:
    """One device as the file gives it: only the columns that say something.

    Attributes:
        rows: the cells it was read from, as they stood, for the list of refused rows.
        mistakes: what is wrong in its row; nothing is written then, but the rest is checked too.
        goes_on: whether its row only adds a variant to the device of the row above.
    """

    line: int
    reference: str
    values: dict[str, Any]
    variants: list[DraftVariant] = field(default_factory=list)
    rows: list[tuple[object, ...]] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    goes_on: bool = False


def read(part: Part, noticed: Notice | None = None) -> Iterator[tuple[int, DraftDevice] | Refusal]:
    """Yield the devices of a file; rows of one reference that follow each other are one device.

    A row with mistakes is yielded by itself: its device keeps the other variants.
    """
    held: DraftDevice | None = None
    for row in table(part, KNOWN, required=("reference",), noticed=noticed):
        if isinstance(row, Refusal):
            yield row
            continue
        key = str(row.cells[row.places["reference"]])[:60] if row.cells else ""
        item = guarded(row.line, key, partial(draft, row))
        if isinstance(item, Refusal):
            yield replace(item, rows=(tuple(row.cells),))
            continue
        one = item[1]
        one.goes_on = held is not None and one.reference == held.reference
        if one.mistakes:
            yield one.line, one
        elif held and one.goes_on:
            held.variants += one.variants
            held.rows += one.rows
        else:
            if held:
                yield held.line, held
            held = one
    if held:
        yield held.line, held


def draft(row: Cells) -> DraftDevice:
    """Return the device of one row, with every mistake of its cells."""
    row = Cells(row.line, [_given(cell) for cell in row.cells], row.places)
    mistakes: list[Mistake] = []
    reference = _kept(mistakes, lambda: cleaning.key(row["reference"], "reference", 200)) or ""
    values: dict[str, Any] = {}
    for column in COLUMNS:
        if column.of_variant or column.field == "reference":
            continue
        value = _kept(mistakes, partial(cell, row, column))
        if value not in (None, "", []):
            values[column.field] = value
    _kept(mistakes, partial(_check_prices, values))
    variant = _variant(row, mistakes)
    variants = [variant] if variant else []
    return DraftDevice(row.line, reference, values, variants, [tuple(row.cells)], mistakes)


R = TypeVar("R")


def _kept(mistakes: list[Mistake], make: Callable[[], R]) -> R | None:
    """Return what ``make`` makes of a cell; its mistake is kept, so that the next one is read."""
    try:
        return make()
    except Refused as refused:
        mistakes.append(refused.mistake)
        return None


def _given(cell: object) -> object:
    """Return a cell as it was meant: our lists of refused rows mark what looks like a formula."""
    if isinstance(cell, str) and not isinstance(cell, Formula):
        if cell[:1] == "'" and cell[1:2] in GUARDED:
            cell = cell[1:]
        return Formula(cell) if cell[:1] == "=" else cell
    return cell


def cell(row: Cells, column: Column) -> Any:
    """Return the value of a cell as its column takes it.

    Raises:
        Refused: it is not one.
    """
    raw = row[column.field]
    match column.kind:
        case Kind.TEXT:
            return text(raw, column)
        case Kind.FLAG:
            return _flag(raw, column)
        case Kind.CHOICE:
            return choice(column, cleaning.text(raw, 80))
        case Kind.DATE:
            return cleaning.day(raw, column.field)
        case Kind.MONEY:
            amount = cleaning.number(raw, column.field)
            return None if amount is None else _centimes(amount, column)
        case Kind.LANGUAGES:
            return _languages(cleaning.text(raw, 80), column)
    return None


def text(raw: object, column: Column) -> str:
    """Return a text; unlike a register's, a manufacturer's own text is never cut silently."""
    words = cleaning.text(raw, 100_000)
    if len(words) > column.longest:
        raise Refused(Reason.TOO_LONG, column.field, words)
    if column.field == "emdn_code":
        return cleaning.emdn(words)
    return words


def _flag(raw: object, column: Column) -> bool | None:
    words = raw if isinstance(raw, bool) else cleaning.text(raw, 20)
    said = cleaning.yes_no(words)
    if words and said is None:
        raise Refused(Reason.UNKNOWN_VALUE, column.field, words)
    return said


def _centimes(amount: float, column: Column) -> int:
    if not 0 <= amount <= 1e9:
        raise Refused(Reason.WRONG_NUMBER, column.field, amount)
    return round(amount * 100)


def _languages(words: str, column: Column) -> list[str]:
    codes = [code.strip().lower() for code in words.replace(";", ",").replace("/", ",").split(",")]
    codes = [code for code in codes if code]
    if any(not (len(code) == 2 and code.isascii() and code.isalpha()) for code in codes):
        raise Refused(Reason.UNKNOWN_VALUE, column.field, words)
    return list(dict.fromkeys(codes))


def _check_prices(values: dict[str, Any]) -> None:
    low, high = values.get("price_min_centimes"), values.get("price_max_centimes")
    if low is not None and high is not None and low > high:
        raise Refused(Reason.WRONG_NUMBER, "price_max_centimes", high / 100)


def _variant(row: Cells, mistakes: list[Mistake]) -> DraftVariant | None:
    """Return the variant of a row, when one of its columns says something."""
    udi_di, agency = _kept(mistakes, lambda: _identifier(cleaning.text(row["udi_di"], 100))) or (
        "",
        Agency.NONE,
    )
    one = DraftVariant(
        row.line,
        _kept(mistakes, partial(_words, row, "variant_reference")) or "",
        _kept(mistakes, partial(_words, row, "variant_name")) or "",
        udi_di,
        agency,
        _kept(mistakes, partial(_words, row, "sizes")) or "",
        _kept(mistakes, partial(_quantity, row)),
    )
    return one if one.reference or one.name or one.udi_di or one.sizes else None


def _words(row: Cells, field: str) -> str:
    return text(row[field], BY_FIELD[field])


def _quantity(row: Cells) -> int | None:
    quantity = cleaning.number(row["quantity"], "quantity")
    if quantity is None:
        return None
    if not (quantity.is_integer() and 1 <= quantity <= 1_000_000):
        raise Refused(Reason.WRONG_NUMBER, "quantity", quantity)
    return int(quantity)


def _identifier(words: str) -> tuple[str, Agency]:
    """Return a UDI-DI as it is kept; digits alone must be a GTIN that checks."""
    if not words:
        return "", Agency.NONE
    digits = words.replace(" ", "").replace("-", "")
    if digits.isdecimal() or cleaning.is_rounded(words):
        return cleaning.gtin(words, "udi_di"), Agency.GS1
    agency = agency_of(words)
    try:
        return normal_di(words, agency), agency
    except ValueError as error:
        raise Refused(Reason.WRONG_GTIN, "udi_di", words) from error
