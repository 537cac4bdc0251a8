"""The report of an import: every mistake of every refused row, with the reason in words."""

import csv
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TextIO

from catalog.importers.reasons import WORDS, Mistake, Reason, Refusal
from catalog.importers.sheets import GUARDED
from portal.web.i18n import gettext as _

HEADING = ("part", "line", "key", "field", "code", "reason", "value")


class Report:
    """A CSV file that opens in a spreadsheet; created at the first refusal, and only then."""

    def __init__(self, path: Path) -> None:
        self.path, self.counts = path, Counter[Reason]()
        self._file: TextIO | None = None

    def __enter__(self) -> "Report":
        self.path.unlink(missing_ok=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._file:
            self._file.close()

    def add(self, refusals: Sequence[Refusal]) -> None:
        """Write refused rows, so that they are in the file even if the next batch fails."""
        if not refusals:
            return
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("w", encoding="utf-8-sig", newline="")
            csv.writer(self._file).writerow(HEADING)
        lines = [(one, mistake) for one in refusals for mistake in one.mistakes]
        csv.writer(self._file).writerows(row_of(*line) for line in lines)
        self._file.flush()
        self.counts.update(mistake.reason for _one, mistake in lines)


def row_of(refusal: Refusal, mistake: Mistake) -> tuple[str | int, ...]:
    """Return the cells of one mistake, with the reason in the present language."""
    return (
        refusal.part,
        refusal.line,
        safe(refusal.key),
        mistake.field,
        mistake.reason.value,
        _(WORDS[mistake.reason]),
        safe(mistake.value),
    )


def safe(words: str) -> str:
    """Keep a spreadsheet from running what a stranger wrote as a formula."""
    words = words.replace("\r", " ").replace("\n", " ").replace("\x00", "")
    return "'" + words if words[:1] in GUARDED else words
