"""Evaluations at the command line: a table, a sentence for every number, or why not."""

import json
import os
import sys
import tempfile
from errno import EEXIST
from fractions import Fraction
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from portal.cli import stop
from portal.web.i18n import lazy, money
from procurement.evaluation import hindsight, packages, sentences, words
from procurement.evaluation.methods import by_money
from procurement.evaluation.refusals import refusal
from procurement.evaluation.words import gettext as _
from procurement.scoring import reading, recompute, record
from procurement.scoring.engine import evaluate
from procurement.scoring.errors import BadParameter, ScoringError
from procurement.scoring.outcome import LotOutcome, Outcome, Package
from procurement.scoring.reading import EvaluationFile
from procurement.scoring.statute.hindsight import NOTICE
from procurement.silence import hushed

STATUSES = {
    "awarded": lazy("awarded"),
    "unsuccessful": lazy("unsuccessful: no offer is left"),
    "draw_needed": lazy("equal offers: the draw of lots is still to be made"),
    "not_proven": lazy("not proven: cannot be awarded"),
}
DIFFERS = 1


def evaluate_file(
    path: Path, record_to: Path | None, report_to: Path | None, words_in: str, *, verify: bool
) -> None:
    """Evaluate or verify one file; print it, and write what was asked for, whole or not at all."""
    with words.speaking(words_in):
        _evaluate(path, record_to, report_to, words_in, verify=verify)


def _evaluate(
    path: Path, record_to: Path | None, report_to: Path | None, words_in: str, *, verify: bool
) -> None:
    try:
        apart(path, record_to, report_to)
        data = reading.decoded(content_of(path))
        kept = record.is_record(data)
        notes = verified(data) if verify and kept else []
        file = record.file_of(data) if kept else reading.checked(data)
        with hushed():
            outcome = evaluate(file)
        made = data if kept else record.of(file, outcome)
        if verify:
            again = json.loads(record.written(made))
            notes = notes if kept else verified(again)
            differ(record.rewritten(again, outcome))
    except ScoringError as error:
        stop(refusal(error))
    show(file, outcome)
    if verify:
        click.echo(_("The second evaluator computes the same: %(head)s", head=made["head"]))
        for note in notes:
            click.echo(_(note.text, **note.values))
    try:
        if record_to:
            write(record_to, record.written(made))
        if report_to:
            write(report_to, report(file, outcome, made, words_in))
    except BadParameter as error:
        stop(refusal(error))


def content_of(path: Path) -> bytes:
    """Return what a file holds.

    Raises:
        BadParameter: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        why = lazy("there is no such file that can be read; check its name")
        raise BadParameter(str(path), why=why) from error


def apart(path: Path, record_to: Path | None, report_to: Path | None) -> None:
    """Refuse to write over what is read, or one result over the other.

    Raises:
        BadParameter: two of the files are one.
    """
    places = {path.resolve()}
    for one in (record_to, report_to):
        if one and one.resolve() in places:
            why = lazy("it is named twice; give each file its own name")
            raise BadParameter(str(one), why=why)
        places |= {one.resolve()} if one else set()


def write(path: Path, content: bytes) -> None:
    """Write a file, whole or not at all.

    Raises:
        BadParameter: there is no such folder, it cannot be written in, or this is no file.
    """
    try:
        write_whole(path, content)
    except OSError as error:
        why = lazy("nothing can be written there; check the folder")
        raise BadParameter(str(path), why=why) from error


def verified(data: Any) -> list[recompute.Note]:
    """Have the second evaluator compute a record; return what it could not prove, or end.

    Raises:
        ScoringError: it is no record, said by whom speaks the language of the command.
    """
    try:
        found, notes = recompute.check(data)
    except recompute.Unreadable as error:
        record.file_of(data)
        stop(_("The second evaluator cannot read the record: %(why)s", why=error))
    differ(found)
    return notes


def differ(found: list[str]) -> None:
    """Print what a record says otherwise than what was computed again, and end, if it does."""
    if not found:
        return
    click.echo(_("The record does not re-compute:"), err=True)
    for one in found:
        click.echo(f"  {one}", err=True)
    sys.exit(DIFFERS)


def show(file: EvaluationFile, outcome: Outcome) -> None:
    """Print the lots with their ranking, and a sentence for every number."""
    console = Console(highlight=False, soft_wrap=True)
    currency = file.tender.currency
    console.print(f"{file.tender.id}  {file.tender.title}".rstrip(), markup=False)
    for lot in outcome.lots:
        console.print(table(file, lot, outcome.package(lot.lot)))
        for line in (*lot.lines, *lot.warnings):
            console.print(f"  · {sentences.sentence(line, currency)}", markup=False)
        if outcome.engine == "statutory":
            robustness(console, file, lot.lot)
    for line in outcome.lines:
        console.print(f"· {sentences.sentence(line, currency)}", markup=False)


def robustness(console: Console, file: EvaluationFile, lot: str) -> None:
    """Print what each offer of a statutory lot would have had to be; it never decides."""
    currency = file.tender.currency
    given = hindsight.asked(file, lot, pairs=False)  # pairs are left to the report
    if given is None or not (given.needed or given.many):
        return
    said = hindsight.brief(file, given, lambda price: words.money(price, currency))
    console.print(f"  {_('Robustness')}", markup=False)
    turned = [one.line() for one in hindsight.turned(given)]
    notice = sentences.sentence(NOTICE, currency)
    for text in (notice, *said, *(sentences.sentence(line, currency) for line in turned)):
        console.print(f"  · {text}", markup=False)


def table(file: EvaluationFile, lot: LotOutcome, package: Package | None = None) -> Table:
    """Return one lot as a table: rank, offer, price and the number it was ranked by."""
    title = f"{lot.lot}: {_(STATUSES[lot.status])}"
    if lot.winner is not None and lot.amount is not None:
        title += f" — {lot.winner}, {money(lot.amount, file.tender.currency)}"
    elif package is not None:
        title += f" — {package.bid}, {packages.said(package, file.tender.currency)}"
    shown = Table(title=escape(title), title_justify="left")
    for heading in (_("Rank"), _("Offer"), _("Price"), _("Ranked by")):
        shown.add_column(heading)
    asked = {bid.id: money(bid.price, file.tender.currency) for bid in file.dossier.bids}
    for one in lot.ranking:
        shown.add_row(str(one.rank), escape(one.bid), asked[one.bid], _key(file, one.key))
    for out in lot.excluded:
        shown.add_row("—", escape(out.bid), asked[out.bid], _("set aside"))
    return shown


def _key(file: EvaluationFile, key: str) -> str:
    """Write the number a bid was ranked by as the report does: an amount, or points."""
    if by_money(file.tender):
        return words.money(Fraction(key), file.tender.currency)
    return sentences.written(key)


def report(file: EvaluationFile, outcome: Outcome, made: dict[str, Any], words_in: str) -> bytes:
    """Return the report of a record as a PDF, with what other weights would change."""
    from procurement.evaluation.extent import full_lots  # noqa: PLC0415 — with what follows
    from procurement.evaluation.report import pdf  # noqa: PLC0415 — WeasyPrint is slow to load
    from procurement.scoring.robustness.lots import of_lots  # noqa: PLC0415 — as is its numpy

    shown = full_lots(outcome)
    return pdf(made, words_in, robustness=of_lots(file, only=shown))


def write_whole(path: Path, content: bytes) -> None:
    """Write a file beside its place and move it there, so that it is never there by halves.

    Raises:
        OSError: it cannot be written, or a device or a folder stands in its place.
    """
    if path.exists() and not path.is_file():
        raise FileExistsError(EEXIST, os.strerror(EEXIST), str(path))
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
