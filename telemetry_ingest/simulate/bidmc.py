"""Reads the numerics of BIDMC: one line a second with HR, PULSE, RESP and SpO2. Pure."""

import csv
from collections.abc import Iterable
from math import isfinite
from pathlib import Path

COLUMNS = {
    "HR": "MDC_ECG_HEART_RATE",
    "PULSE": "MDC_PULS_OXIM_PULS_RATE",
    "RESP": "MDC_RESP_RATE",
    "SPO2": "MDC_PULS_OXIM_SAT_O2",
}
Row = dict[str, float | None]


def value_of(text: str) -> float | None:
    """Return a value; what is empty, no number or zero is a measurement that failed."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) and value != 0 else None


def rows_of(lines: Iterable[str]) -> list[Row]:
    """Read one file, and take of it the columns that we have a metric for.

    Raises:
        ValueError: it has none of them.
    """
    reader = csv.reader(lines)
    names = [one.strip().upper() for one in next(reader, [])]
    places = {COLUMNS[name]: place for place, name in enumerate(names) if name in COLUMNS}
    if not places:
        raise ValueError("no column HR, PULSE, RESP or SpO2")
    return [
        {metric: value_of(row[place].strip()) for metric, place in places.items()}
        for row in reader
        if len(row) > max(places.values())
    ]


def recordings(folder: Path) -> list[list[Row]]:
    """Read all numerics of a folder, in the order of their names.

    Raises:
        ValueError: there is none, or one cannot be read.
    """
    found = []
    for path in sorted(folder.glob("*_Numerics.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            try:
                found.append(rows_of(file))
            except ValueError as error:
                raise ValueError(f"{path.name}: {error}") from error
    if not any(found):
        raise ValueError(f"no *_Numerics.csv with readings in {folder}")
    return [one for one in found if one]
