"""The table of a device's readings: its head, its lines, its end, and no formula in it."""

import csv
import re

from telemetry_ingest.exporting.table import (
    HEADER,
    Column,
    Counted,
    Table,
    figure,
    foot,
    head,
    lines,
    quality,
    said,
    time_of,
)
from telemetry_ingest.quality.ledgers import Boot

AT = 1_772_350_000_000_001
SPO2 = Column(150456, "MDC_PULS_OXIM_SAT_O2", "%", 50, 100, 10, 3)
TEMPERATURE = Column(150364, "MDC_TEMP_BODY", "Cel", 30.5, 45, 10, 1)


def table(serial="SN-1") -> Table:
    return Table(12, 3, serial, AT, AT + 1, [SPO2], [Boot(7, ((0, 5), (8, 10)), AT, AT)])


def test_the_head_says_of_what_it_is_and_how_complete():
    told = said(table())

    assert told["MDC_PULS_OXIM_SAT_O2"] == (
        "code 150456; unit %; plausible 50 to 100; 3 stored of 10 expected by the agreed rate"
    )
    assert told["start 7"].startswith("7 of 10 sequence numbers stored from 2026-03-01T07:26:40.")
    assert head(table()).decode().splitlines()[-1] == HEADER


def test_a_line_for_each_reading_with_what_is_known_of_it():
    counted = Counted()
    rows = [(3, 150456, AT, 7, seq, value) for seq, value in enumerate((97.0, None, 1e30, -0.5))]
    written = lines(SPO2, rows, counted).decode().splitlines()

    assert [one.split(",", 2)[2] for one in written] == [
        "97,%,plausible,7,0", ",%,failed,7,1", "1e+30,%,implausible,7,2", "-0.5,%,implausible,7,3",
    ]  # fmt: skip
    assert {one[:27] for one in written} == {"2026-03-01T07:26:40.000001Z"}
    assert (counted.whole, foot(counted)) == (
        4, b"# end: 4 readings; 1 failed; 2 implausible\n",
    )  # fmt: skip


def test_no_cell_is_a_formula_whatever_a_serial_number_is():
    evil = "=cmd|'/C calc'!A0\n=1+1,\t@SUM(A1)\r-2+3"
    written = head(table(evil)) + lines(SPO2, [(3, 150456, AT, 7, 0, -3.5)], Counted())
    text = written.decode()

    cells = [cell for row in csv.reader(text.splitlines()) for cell in row]
    risky = [one for one in cells if one.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert risky == ["-3.5"]  # a number, and only that
    assert len(re.findall("serial", text)) == 1
    assert "=" not in text


def test_quality_and_figures():
    assert [quality(one, 30.5, 45) for one in (None, 30.5, 45.0, 45.1)] == [
        "failed", "plausible", "plausible", "implausible",
    ]  # fmt: skip
    assert (figure(98.60000000000001), figure(5)) == ("98.60000000000001", "5")
    assert time_of(0) == "1970-01-01T00:00:00.000000Z"
