"""How much a handed-in file may hold: a few kilobytes can unpack to what fills any machine."""

from typing import BinaryIO, cast

from catalog.importers.opening import SHEETS, Part
from catalog.importers.reasons import FileRefused
from portal.web.i18n import lazy

MOST_UNPACKED = 64 * 1024 * 1024  # of all parts together; a device takes a few hundred bytes
MOST_LINES = 1_000_000  # blank ones too: each takes its time


class Measured:
    """Counts what is read of all parts of one file, and stops when it is too much."""

    def __init__(self, most: int = MOST_UNPACKED) -> None:
        self.most = most
        self.left = most
        self.lines = MOST_LINES

    def reading(self, part: Part) -> BinaryIO:
        """Return the stream of a part, measured; a workbook is measured by its own reader."""
        if part.suffix in SHEETS:
            return part.stream
        return cast(BinaryIO, _Stream(part.stream, self))


class _Stream:
    def __init__(self, stream: BinaryIO, measured: Measured) -> None:
        self.stream, self.measured = stream, measured

    def read(self, size: int = -1) -> bytes:
        data = self.stream.read(size)
        self.measured.left -= len(data)
        self.measured.lines -= max(data.count(b"\n"), data.count(b"\r"))
        if self.measured.lines < 0:
            raise too_many_rows(MOST_LINES)
        if self.measured.left < 0:
            raise FileRefused(
                lazy("The file is larger than %(megabytes)s MB. Cut it into several files."),
                megabytes=self.measured.most >> 20,
            )
        return data


def too_many_rows(most: int) -> FileRefused:
    """Return the refusal of a file with more rows than are imported at once."""
    return FileRefused(
        lazy("The file has more than %(rows)s rows. Cut it into several files."), rows=most
    )
