"""``tajhiz draft``: what a tender's rules would do at the expected prices, before publication."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from portal.cli import stop
from portal.web.i18n import lazy
from procurement.commands import apart, content_of, write
from procurement.evaluation import words
from procurement.evaluation.draft import Compared, Draft, LotPart, contents
from procurement.evaluation.refusals import refusal
from procurement.evaluation.words import gettext as _
from procurement.scoring import reading, record, references
from procurement.scoring.drafting import Expected
from procurement.scoring.errors import BadParameter, ScoringError, UnknownReference
from procurement.scoring.offers import Dossier
from procurement.scoring.reading import EvaluationFile
from procurement.scoring.tender import Tender

Amounts = Sequence[str]
_AMOUNT = re.compile(r"[0-9]{1,16}([.,][0-9]{1,2})?")
_SPACES = re.compile("[ \u00a0\u202f]")
WANTED = lazy(
    "every lot needs the lowest and the highest price you expect; write for instance --lowest "
    "800000 --highest 1200000, or --lowest LOT=800000 for one lot"
)


def draft_file(
    path: Path,
    amounts: dict[str, Amounts],
    simulated: dict[str, Any],
    report_to: Path | None,
    words_in: str,
) -> None:
    """Say what a draft's rules would do between the ``amounts``, by option, and write it down.

    ``simulated``: how many bids and tenders, and from which seed.
    """
    with words.speaking(words_in):
        try:
            apart(path, None, report_to)
            file = read(path)
            found = contents(file, dict(expectations(file.tender, amounts, simulated)))
            show(found)
            if report_to:
                from procurement.evaluation.draft_report import pdf  # noqa: PLC0415 — WeasyPrint

                write(report_to, pdf(found))
        except ScoringError as error:
            error.field = error.field.replace("expected.", "--")  # as it is called here
            stop(refusal(error))


def read(path: Path) -> EvaluationFile:
    """Read a draft, whose dossier may be absent, or the tender of a record.

    Raises:
        ScoringError: it cannot be read, or names what is not there.
    """
    data = reading.decoded(content_of(path))
    if record.is_record(data):
        return record.file_of(data)
    if isinstance(data, dict) and not data.get("dossier"):
        data = data | {"dossier": {"bidders": [], "bids": []}}
    file = reading.checked(data)
    references.check(file.tender, Dossier(bidders=(), bids=()))
    return file


def expectations(
    tender: Tender, amounts: dict[str, Amounts], simulated: dict[str, Any]
) -> Iterator[tuple[str, Expected]]:
    """Yield the expectation of every lot.

    Raises:
        BadParameter: an amount is missing, is none, or the lowest is above the highest.
        UnknownReference: a lot is named that the tender does not have.
    """
    lots = {lot.id for lot in tender.lots}
    given = {option: _by_lot(option, texts, lots) for option, texts in amounts.items()}
    for lot in tender.lots:
        prices: dict[str, Any] = {}
        for option, by_lot in given.items():
            price = by_lot.get(lot.id, by_lot.get(""))
            if price is None:
                raise BadParameter(f"--{option}", why=WANTED)
            prices[option] = price
        yield lot.id, Expected(**prices, **simulated)


def _by_lot(option: str, texts: Amounts, lots: set[str]) -> dict[str, int]:
    """Read « 800000 » for every lot (under an empty name) and « L1=800000 » for one."""
    found = {}
    for text in texts:
        lot, _equals, amount = text.rpartition("=")
        if lot and lot not in lots:
            raise UnknownReference(f"--{option}", name=lot)
        found[lot] = _centimes(option, amount)
    return found


def _centimes(option: str, text: str) -> int:
    plain = _SPACES.sub("", text)
    if not _AMOUNT.fullmatch(plain):
        why = lazy("an amount is written in dirhams, such as 800000 or 800000.50")
        raise BadParameter(f"--{option} {text}", why=why)
    return int(Decimal(plain.replace(",", ".")) * 100)


def show(found: Draft) -> None:
    """Print what is to be said, lots with the same expectation together."""
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"{found.tender.id}  {found.title}", markup=False)
    console.print(_("Help before publication: it decides nothing"), markup=False)
    _listed(console, "", found.facts)
    _listed(console, _("To mend before publication"), found.warnings)
    for lot in found.lots:
        _lot(console, lot, found.heading)


def _lot(console: Console, lot: LotPart, heading: str) -> None:
    console.print()
    console.print(lot.title, markup=False)
    range_ = _(
        "Prices expected: from %(lowest)s to %(highest)s", lowest=lot.lowest, highest=lot.highest
    )
    console.print(range_, markup=False)
    _listed(console, "", lot.facts)
    _listed(console, heading, lot.warnings)
    _listed(console, _("Suggestion"), lot.advice)
    for one in lot.compared:
        if len(one.formulas) > 1:
            console.print(_table(one))


def _listed(console: Console, title: str, lines: Sequence[str]) -> None:
    if lines and title:
        console.print(title, markup=False)
    for line in lines:
        console.print(f"  · {line}", markup=False)


def _table(one: Compared) -> Table:
    title = f"{_('What one quality point is worth at each price')} · {one.title}"
    shown = Table(title=escape(title), title_justify="left", box=SIMPLE, padding=(0, 1, 0, 0))
    shown.add_column(_("Formula"))
    for price in one.prices:
        shown.add_column(price, justify="right", no_wrap=True)
    shown.add_column(_("Varies"), no_wrap=True)
    shown.caption = f"* {_('Depends on other bids')}"
    for formula in one.formulas:
        name = f"{formula.name} *" if formula.relative else formula.name
        if formula.chosen:
            name += f"\n({_('This draft')})"
        if formula.refused:
            name += f"\n({_('Refused by courts')})"
        name += f"\n{words.isolated(formula.code)}"
        shown.add_row(escape(name), *formula.worth, formula.varies)
    return shown
