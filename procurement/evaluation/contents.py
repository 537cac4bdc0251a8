"""What stands in the report: a record's outcome in words of the present language, lot by lot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import cached_property
from typing import Any

import msgspec
from msgspec.structs import replace

from procurement.evaluation import extent, packages
from procurement.evaluation.drawing import Chart
from procurement.evaluation.methods import by_money, key_title, method_of
from procurement.evaluation.sentences import article, sentence, text_of, unsure
from procurement.evaluation.words import exact, isolated, money
from procurement.evaluation.words import gettext as _
from procurement.scoring import record as records
from procurement.scoring.canonical import seal
from procurement.scoring.marking import lazy
from procurement.scoring.offers import Bid
from procurement.scoring.outcome import Line, LotOutcome, Outcome
from procurement.scoring.reading import EvaluationFile
from procurement.scoring.tender import (
    Branch,
    Criterion,
    PurchaseOrder,
    ReferencePrice,
    Studies,
    Tender,
    ValueForMoney,
)

STATUSES = {
    "awarded": lazy("Awarded"),
    "unsuccessful": lazy("Unsuccessful"),
    "draw_needed": lazy("Lots must be drawn"),
    "not_proven": lazy("Not proven: cannot be awarded"),
}


@dataclass(frozen=True)
class Said:
    """A sentence; ``unsure``: a mark beside it says that its rule has still to be confirmed."""

    text: str
    unsure: bool = False


@dataclass(frozen=True)
class Place:
    """One row of a ranking; a bid that was set aside has no ``rank`` and no ``key``."""

    rank: int | None
    bid: str
    name: str
    price: str
    key: str
    won: bool


@dataclass(frozen=True)
class BidPart:
    """A bid with every line about it."""

    place: Place
    lines: tuple[Said, ...]


@dataclass(frozen=True)
class AsidePart:
    """A bid that was set aside, with the sentence and the article that did it."""

    bid: str
    name: str
    reason: Said
    rule: str


@dataclass(frozen=True)
class LotPart:
    """All about one lot.

    ``bids``: those explained line by line; ``unexplained``: how many others there are. ``full``:
    a lot among many that is not shows neither charts nor lines.
    """

    id: str
    title: str
    status: str
    awarded: bool
    winner: str
    amount: str
    why: tuple[Said, ...]
    ranking: tuple[Place, ...]
    key_title: str
    lines: tuple[Said, ...]
    bids: tuple[BidPart, ...]
    aside: tuple[AsidePart, ...]
    warnings: tuple[Said, ...]
    charts: tuple[Chart, ...]
    full: bool = True
    unexplained: int = 0


@dataclass(frozen=True)
class Proof:
    """What anyone needs to verify the report."""

    digest: str
    seal: str
    commitment: str
    seed: str
    stream: str
    versions: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Contents:
    """The whole report before it has a look."""

    tender: Tender
    title: str
    method: str
    rules: str
    evaluated_at: datetime | None
    lots: tuple[LotPart, ...]
    lines: tuple[Said, ...]
    proof: Proof
    statutory: bool = False


@dataclass(frozen=True)
class Source:
    """A record, read and checked."""

    file: EvaluationFile
    outcome: Outcome
    sections: Mapping[str, Any]
    head: str

    def name(self, bid: str) -> str:
        """Return who made a bid: its bidder's name."""
        bidder = self.bid(bid).bidder
        return self._names[bidder] or bidder

    def label(self, bid: str) -> str:
        """Return a bid with its bidder, as charts name it."""
        name = self.name(bid)
        return bid if name == bid else f"{bid} · {name}"

    def bid(self, name: str) -> Bid:
        """Return a bid by its name."""
        return self._bids[name]

    def money(self, centimes: Fraction | int) -> str:
        """Write an amount in the tender's currency."""
        return money(centimes, self.file.tender.currency)

    def said(self, line: Line) -> Said:
        """Write a line."""
        open_ = unsure(line.rule)
        plain = replace(line, rule=article(line.rule)) if open_ else line
        return Said(sentence(plain, self.file.tender.currency, self._titles), open_)

    def titles(self) -> dict[str, str]:
        """Return what the criteria are called, at every level, by name."""
        return dict(self._titles)

    # Looked up for every line of a report: a search each time would grow with the square.
    @cached_property
    def _bids(self) -> dict[str, Bid]:
        return {one.id: one for one in self.file.dossier.bids}

    @cached_property
    def _names(self) -> dict[str, str]:
        return {one.id: one.name for one in self.file.dossier.bidders}

    @cached_property
    def _titles(self) -> dict[str, str]:
        method = self.file.tender.method
        return dict(titles_of(method.criteria)) if isinstance(method, ValueForMoney) else {}


def titles_of(criteria: Iterable[Criterion]) -> Iterator[tuple[str, str]]:
    """Yield what criteria are called, at every level, with their names."""
    for one in criteria:
        yield one.id, one.title or one.id
        if isinstance(one.kind, Branch):
            yield from titles_of(one.kind.criteria)


def source(record: Mapping[str, Any]) -> Source:
    """Read a record.

    Raises:
        RecordBroken: its chain does not hold.
        ScoringError: the file in it cannot be read.
    """
    sections = records.contents(record)
    outcome = msgspec.convert(sections["outcome"], Outcome)
    return Source(records.file_of(record), outcome, sections, str(record["head"]))


def contents(
    found: Source,
    charts: Mapping[str, tuple[Chart, ...]],
    *,
    whole: bool = False,
    told: Mapping[str, extent.Told] | None = None,
) -> Contents:
    """Put a record into words; ``charts`` by the lot they belong to.

    ``whole``: with every line of every bid, however many there are. ``told``: by lot, the
    withdrawals that the part on robustness tells (``sensitivity.Part``): no warning repeats them.
    """
    full = None if whole else extent.full_lots(found.outcome)
    tender, engine = found.file.tender, found.sections["engine"]
    at = engine.get("evaluated_at")
    return Contents(
        tender=tender,
        title=tender.title or tender.id,
        method=method_of(tender),
        rules=found.outcome.rules,
        evaluated_at=datetime.fromisoformat(at) if at else None,
        lots=tuple(
            _lot(found, extent.untold(lot, told or {}), charts.get(lot.lot, ()), full)
            for lot in found.outcome.lots
        ),
        lines=tuple(found.said(line) for line in found.outcome.lines),
        proof=_proof(found),
        statutory=found.outcome.engine == "statutory",
    )


def _proof(found: Source) -> Proof:
    random, engine = found.sections["randomness"], found.sections["engine"]
    return Proof(
        digest=found.head,
        seal=found.file.seal or seal(found.file.tender),
        commitment=random.get("draw_commitment") or "",
        seed=random.get("draw_seed") or "",
        stream=random.get("stream") or "",
        versions=tuple(sorted(engine.get("versions", {}).items())),
    )


def _lot(
    found: Source, lot: LotOutcome, charts: tuple[Chart, ...], full: frozenset[str] | None
) -> LotPart:
    tender = found.file.tender
    shown = full is None or lot.lot in full
    titles = {one.id: one.title for one in tender.lots}
    ranking = tuple(
        _place(found, lot, one.bid, one.rank, one.key)
        for one in sorted(lot.ranking, key=lambda one: (one.rank, one.bid != lot.winner))
    )
    reasons = {(line.code, line.subject): line for line in reversed(lot.lines)}
    aside = tuple(
        _aside(found, reasons.get((one.code, one.bid)), one.bid, one.rule) for one in lot.excluded
    )
    places = (*ranking, *(_place(found, lot, one.bid, None, "") for one in lot.excluded))
    own = _by_bid(lot) if shown else {}
    wanted = extent.explained(lot) if full is not None else own.keys()
    bids = tuple(
        BidPart(place, tuple(map(found.said, own.get(place.bid, ()))))
        for place in places
        if shown and (full is None or place.bid in wanted)
    )
    return LotPart(
        id=lot.lot,
        title=titles.get(lot.lot, ""),
        status=_(STATUSES[lot.status]),
        awarded=lot.status == "awarded",
        winner=found.name(lot.winner) if lot.winner else "",
        amount=_amount(found, lot),
        why=_why(found, lot),
        ranking=ranking,
        key_title=key_title(tender),
        lines=tuple(map(found.said, _of_all(lot, places))) if shown else (),
        bids=bids,
        aside=aside,
        warnings=tuple(found.said(line) for line in lot.warnings),
        charts=charts,
        full=shown,
        unexplained=len(places) - len(bids),
    )


def _amount(found: Source, lot: LotOutcome) -> str:
    """Write what is paid for a lot, or for the package it was awarded in."""
    package = found.outcome.package(lot.lot)
    if package is not None:
        return packages.said(package, found.file.tender.currency)
    return found.money(lot.amount) if lot.amount is not None else ""


def _of_all(lot: LotOutcome, places: tuple[Place, ...]) -> list[Line]:
    """Return the lines about no bid of a lot."""
    names = {place.bid for place in places}
    return [line for line in lot.lines if line.subject not in names]


def _by_bid(lot: LotOutcome) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = {}
    for line in lot.lines:
        found.setdefault(line.subject, []).append(line)
    return found


def _place(found: Source, lot: LotOutcome, bid: str, rank: int | None, key: str) -> Place:
    if not key:
        shown = "–"
    elif by_money(found.file.tender):
        shown = found.money(Fraction(key))
    else:
        shown = exact(Fraction(key))
    price = found.money(found.bid(bid).price)
    return Place(rank, bid, found.name(bid), price, shown, bid == lot.winner)


def _aside(found: Source, line: Line | None, bid: str, rule: str) -> AsidePart:
    named = text_of(article(rule))
    reason = found.said(line) if line else Said(named, unsure(rule))
    return AsidePart(bid, found.name(bid), reason, named)


def _why(found: Source, lot: LotOutcome) -> tuple[Said, ...]:
    """Say in few sentences why the winner won, or what the lot waits for."""
    if lot.winner is None:
        return tuple(found.said(line) for line in lot.lines[-1:])
    sentences = [Said(_reason(found, lot))]
    if any(line.code in _MOVED for line in lot.lines):
        text = _("This order follows the prices as the national preference moved them.")
        sentences.append(Said(text))
    before = [one.bid for one in lot.ranking if one.rank < _rank(lot, lot.winner)]
    if before:
        names = ", ".join(isolated(bid) for bid in before)
        text = _("Bids ranked before it and not retained: %(bids)s.", bids=names)
        sentences.append(Said(text))
    return tuple(sentences)


_MOVED = {"statute.raised", "statute.lowered"}


def _rank(lot: LotOutcome, bid: str) -> int:
    return next((one.rank for one in lot.ranking if one.bid == bid), 1)


def _reason(found: Source, lot: LotOutcome) -> str:
    tender, winner = found.file.tender, found.bid(str(lot.winner))
    method = tender.method
    if isinstance(method, ReferencePrice):
        return _by_reference(found, lot, winner)
    if isinstance(method, PurchaseOrder):
        return _("Its price is the lowest of the bids that were kept.")
    key = next((one.key for one in lot.ranking if one.bid == winner.id), "0")
    if isinstance(method, Studies):
        return _(
            "Its overall mark of %(mark)s is the highest of the bids that were kept.",
            mark=exact(Fraction(key)),
        )
    if method.objective == "money":
        return _(
            "Its price with quality turned into money, %(price)s, is the lowest of the bids that "
            "were kept.",
            price=found.money(Fraction(key)),
        )
    return _(
        "Its %(points)s points under the published criteria are the most of the bids that were "
        "kept.",
        points=exact(Fraction(key)),
    )


def _by_reference(found: Source, lot: LotOutcome, winner: Bid) -> str:
    said = next((line for line in lot.lines if line.code == "statute.reference"), None)
    if said is None:
        return ""
    reference = Fraction(said.values["reference"])
    if winner.price <= reference:
        return _(
            "Its offer is the closest below the reference price of %(price)s among the bids that "
            "were kept.",
            price=found.money(reference),
        )
    return _(
        "Of the bids that were neither set aside nor rejected, none stands below the reference "
        "price of %(price)s; its offer is the closest above.",
        price=found.money(reference),
    )
