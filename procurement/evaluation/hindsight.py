"""The robustness of a statutory lot: what each offer would have had to be, and withdrawals.

The decree has no weights to vary; its reference price moves with every offer. None of it decides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from procurement.evaluation import reversal
from procurement.evaluation.contents import Said, Source
from procurement.evaluation.drawing import Table
from procurement.evaluation.words import gettext as _
from procurement.scoring.errors import TieUnresolved
from procurement.scoring.reading import EvaluationFile
from procurement.scoring.statute import hindsight
from procurement.scoring.statute.hindsight import Interval, Needed, Withdrawal
from procurement.scoring.tender import ReferencePrice

PAIRS_UP_TO = 50
"""With more offers only single withdrawals are tried."""
NEEDED_UP_TO = 100
"""With more offers nobody is told which prices would have been first: the work grows as n³."""

Money = Callable[[int], str]


@dataclass(frozen=True)
class Asked:
    """What was found out about one lot; ``many``: too many offers to look for prices."""

    needed: tuple[Needed, ...]
    withdrawals: tuple[Withdrawal, ...]
    many: bool = False


def asked(file: EvaluationFile, lot: str, *, pairs: bool) -> Asked | None:
    """Ask about one lot; None where a draw in an earlier lot is waited for."""
    try:
        found = hindsight.of_lot(file.tender, file.dossier, lot)
    except TieUnresolved:
        return None
    count = len(found.entries)
    many = count > NEEDED_UP_TO
    return Asked(
        () if many else found.needed(),
        found.withdrawals(pairs=pairs and count <= PAIRS_UP_TO),
        many,
    )


def boxes(found: Source, lot: str, given: Asked) -> tuple[reversal.Box, ...]:
    """Show the withdrawals that turn the order, each with its two rankings."""
    turns = reversal.least(reversal.turns_of(given.withdrawals))
    return reversal.boxes_of_statute(found, lot, turns)


def lines(found: Source, given: Asked, shown: Sequence[reversal.Box]) -> tuple[Said, ...]:
    """Say what was tried, and the withdrawals that turn the order without a box."""
    turns = reversal.turns_of(given.withdrawals)
    said = [Said(one) for one in _tried(found.file, given)]
    rest = reversal.told_elsewhere(reversal.least(turns), shown, found)
    return (*said, *rest)


def table(found: Source, given: Asked) -> Table:
    """Return with which prices each offer would have been first, the others unchanged."""
    head = (
        _("Bid"),
        _("Price"),
        _("First with a price"),
        _("A draw of lots with a price"),
    )
    rows = tuple(
        (found.label(one.bid), found.money(one.price), *_cells(one, found.money))
        for one in given.needed
    )
    return Table(head, rows)


def brief(file: EvaluationFile, given: Asked, money: Money) -> list[str]:
    """Return the same for the command line, in sentences."""
    said = _tried(file, given)
    for one in given.needed:
        first, drawn = _cells(one, money)
        if one.refused:
            text = _("No price would have helped the bid %(bid)s: its file was refused.",
                     bid=one.bid)  # fmt: skip
        else:
            text = _("With the other offers as they are, the bid %(bid)s (%(price)s) is first with "
                     "a price: %(first)s; a draw decides with a price: %(drawn)s.",
                     bid=one.bid, price=money(one.price), first=first, drawn=drawn)  # fmt: skip
        said.append(text)
    return said


def turned(given: Asked) -> list[reversal.Turn]:
    """Return the single withdrawals that turn the order of a lot."""
    return reversal.turns_of(given.withdrawals)


def _tried(file: EvaluationFile, given: Asked) -> list[str]:
    said = []
    if isinstance(file.tender.method, ReferencePrice):
        said.append(
            _("The reference price moves with every offer, so a losing offer may decide who is "
              "first. The decree wants it so; the award stands.")
        )  # fmt: skip
    if given.many:
        said.append(
            _("With more than %(most)s offers, the prices with which each would have been first "
              "are not looked for.", most=NEEDED_UP_TO)
        )  # fmt: skip
    if given.withdrawals:
        turns = reversal.turns_of(given.withdrawals)
        pairs = any(len(one.withdrawn) > 1 for one in given.withdrawals)
        values = {"tried": len(given.withdrawals), "turned": len(turns)}
        said.append(
            _("Withdrawals tried, of each kept offer and of each pair: %(tried)s; of these, the "
              "number that changes the order of the others at its head: %(turned)s.", **values)
            if pairs
            else _("Withdrawals tried, of each kept offer: %(tried)s; of these, the number that "
                   "changes the order of the others at its head: %(turned)s.", **values)
        )  # fmt: skip
    return said


def _cells(one: Needed, money: Money) -> tuple[str, str]:
    if one.refused:
        none = _("none: its file was refused")
        return none, none
    return _prices(one.first, money), _prices(one.tied, money)


def _prices(found: Sequence[Interval], money: Money) -> str:
    return " · ".join(_between(one, money) for one in found) or _("none")


def _between(one: Interval, money: Money) -> str:
    if one.high is None:
        return _("%(low)s or more", low=money(one.low))
    if one.low == one.high:
        return money(one.low)
    return _("%(low)s to %(high)s", low=money(one.low), high=money(one.high))
