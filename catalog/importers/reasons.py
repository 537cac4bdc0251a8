"""Why a row, or a whole file, is refused: a closed list, in words a person can act on."""

from dataclasses import dataclass
from enum import StrEnum

from portal.web.i18n import lazy


class Reason(StrEnum):
    """Why one row is not taken over; the file's other rows are."""

    KEY_MISSING = "key-missing"
    NOTHING_TO_FIND = "nothing-to-find"
    KEY_REPEATED = "key-repeated"
    NAME_MISSING = "name-missing"
    MAKER_MISSING = "maker-missing"
    WRONG_COLUMN_COUNT = "wrong-column-count"
    BROKEN_QUOTES = "broken-quotes"
    TOO_LONG = "too-long"
    NOT_A_RECORD = "not-a-record"
    WRONG_CODE = "wrong-code"
    WRONG_LEVEL = "wrong-level"
    WRONG_GTIN = "wrong-gtin"
    ROUNDED_NUMBER = "rounded-number"
    FORMULA = "formula"
    WRONG_NUMBER = "wrong-number"
    WRONG_DATE = "wrong-date"
    UNKNOWN_VALUE = "unknown-value"
    IDENTIFIER_TAKEN = "identifier-taken"
    LOCKED = "locked"
    AMBIGUOUS = "ambiguous"


WORDS: dict[Reason, str] = {
    Reason.KEY_MISSING: lazy("The row has no identifier: without one it cannot be found again."),
    Reason.NOTHING_TO_FIND: lazy("The row has neither a UDI-DI nor both the SRN and the reference of the manufacturer: without them it cannot be found again."),  # noqa: E501
    Reason.KEY_REPEATED: lazy("The same identifier stands higher up in this file; only the first row counts."),  # noqa: E501
    Reason.NAME_MISSING: lazy("The device has no name in any language."),
    Reason.MAKER_MISSING: lazy("The row does not say who makes the device."),
    Reason.WRONG_COLUMN_COUNT: lazy("The row does not have as many cells as the heading."),
    Reason.BROKEN_QUOTES: lazy("A quotation mark opens and never closes, so the cells cannot be told apart."),  # noqa: E501
    Reason.TOO_LONG: lazy("The row or the cell is longer than this field allows."),
    Reason.NOT_A_RECORD: lazy("This part of the file is not a record that can be read."),
    Reason.WRONG_CODE: lazy("The EMDN code does not have the form of one (a letter, then pairs of digits)."),  # noqa: E501
    Reason.WRONG_LEVEL: lazy("The level does not agree with the length of the code."),
    Reason.WRONG_GTIN: lazy("The GTIN is wrong: 8, 12, 13 or 14 digits are needed and the last one must check."),  # noqa: E501
    Reason.ROUNDED_NUMBER: lazy("The spreadsheet rounded this number; format the column as text and type it again."),  # noqa: E501
    Reason.FORMULA: lazy("The cell holds a formula; paste its value instead."),
    Reason.WRONG_NUMBER: lazy("A number was expected here."),
    Reason.WRONG_DATE: lazy("A real date was expected here, as 2027-12-31 or 31/12/2027."),
    Reason.UNKNOWN_VALUE: lazy("The value is not one of those allowed in this column."),
    Reason.IDENTIFIER_TAKEN: lazy("This identifier belongs to another device already."),
    Reason.AMBIGUOUS: lazy("Several of your devices have this reference; give each one its own first."),  # noqa: E501
    Reason.LOCKED: lazy("The device is published or under review; change it on its page."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that is wrong in a row: in which column or element ("": the whole row), and why."""

    reason: Reason
    field: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One row that was not taken over.

    Attributes:
        line: where it starts in its file (1 is the first line; in XML and JSON, the n-th record).
        key: its identifier, "" when it has none.
        field: the column or element at fault, "" when it is the whole row.
        value: what stood there, shortened.
        more: what else is wrong in the same row.
        rows: the cells of the row, or of all rows of the device, as they stood in the file.
    """

    line: int
    reason: Reason
    key: str = ""
    field: str = ""
    value: str = ""
    part: str = ""
    more: tuple[Mistake, ...] = ()
    rows: tuple[tuple[object, ...], ...] = ()

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """Return everything that is wrong in the row."""
        return (Mistake(self.reason, self.field, self.value), *self.more)


class Refused(Exception):
    """Raised while one row is read; the reader turns it into a :class:`Refusal`."""

    def __init__(self, reason: Reason, field: str = "", value: object = "") -> None:
        super().__init__(reason)
        self.reason, self.field, self.value = reason, field, str(value)[:200]

    @property
    def mistake(self) -> Mistake:
        """Return what was wrong."""
        return Mistake(self.reason, self.field, self.value)


class FileRefused(Exception):
    """The whole file cannot be imported; ``message`` (a msgid) with ``values`` says why."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message % values if values else message)
        self.message, self.values = message, values
