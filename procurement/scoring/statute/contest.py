"""One lot as it is ranked: who is in, who was set aside and why, and the groups of equals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from procurement.scoring.errors import MarkOutOfScale, MissingAnswer, MissingEstimate
from procurement.scoring.offers import Bid, Bidder
from procurement.scoring.outcome import Excluded, Line, Values, said
from procurement.scoring.statute.versions import Rule, RuleVersion
from procurement.scoring.tender import Lot, TechnicalGate

HUNDRED = Fraction(100)


@dataclass(frozen=True, slots=True)
class Entry:
    """A bid with its bidder and its place in the file."""

    bid: Bid
    bidder: Bidder
    place: int

    @property
    def id(self) -> str:
        """The bid's name."""
        return self.bid.id


@dataclass(frozen=True, slots=True)
class Contest:
    """The bids that compete for one lot under one version of the rules."""

    lot: Lot
    place: int
    rules: RuleVersion
    entries: tuple[Entry, ...]

    def estimate(self) -> int:
        """Return the estimate in centimes.

        Raises:
            MissingEstimate: the lot has none.
        """
        if self.lot.estimate is None:
            raise MissingEstimate(f"tender.lots[{self.place}].estimate")
        return self.lot.estimate


@dataclass(slots=True)
class Assessment:
    """What a method found: ``groups`` of equals, best first, and the number each was ranked by.

    ``elsewhere``: the method is not that of articles 43 and 44, where the rule on equals was read.
    """

    groups: list[tuple[Entry, ...]] = field(default_factory=list)
    keys: dict[str, Fraction] = field(default_factory=dict)
    excluded: list[Excluded] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    warnings: list[Line] = field(default_factory=list)
    elsewhere: bool = False

    def set_aside(self, line: Line) -> None:
        """Set the bid of ``line`` aside for what the line says."""
        self.excluded.append(Excluded(bid=line.subject, code=line.code, rule=line.rule))
        self.lines.append(line)


def admitted(contest: Contest, gate: TechnicalGate | None, found: Assessment) -> Iterator[Entry]:
    """Yield who passed the examination of the files and the technical gate; note the others."""
    for entry in contest.entries:
        line = _refusal(entry) or (gate and _stopped(entry, gate, contest.rules.gate))
        if line:
            found.set_aside(line)
        else:
            yield entry


def technical(entry: Entry) -> Fraction:
    """Return the technical mark of a bid.

    Raises:
        MissingAnswer: it has none.
        MarkOutOfScale: it is not between 0 and 100.
    """
    place = f"dossier.bids[{entry.place}].technical"
    mark = entry.bid.technical
    if mark is None:
        raise MissingAnswer(place, criterion="technical")
    if not 0 <= mark <= HUNDRED:
        raise MarkOutOfScale(place, value=said(mark), low=0, high=100)
    return mark


def within(
    entries: Iterable[Entry], estimate: int, high: Rule[Fraction], low: Rule[Fraction],
    found: Assessment, *, kept: Rule[bool],
) -> Iterator[Entry]:  # fmt: skip
    """Yield who is neither excessive nor abnormally low; an offer on a bound as ``kept`` says."""
    top, floor = estimate * (1 + high.value), estimate * (1 - low.value)
    found.lines += [
        Line(code="statute.upper_bound", values={"bound": said(top)}, rule=high.cited),
        Line(code="statute.lower_bound", values={"bound": said(floor)}, rule=low.cited),
    ]
    for entry in entries:
        price = entry.bid.price
        on_bound = price in (top, floor)
        if on_bound:
            values: Values = {"price": price}
            code = "statute.on_bound_kept" if kept.value else "statute.on_bound_refused"
            found.warnings.append(Line(code=code, subject=entry.id, values=values, rule=kept.cited))
        stays = on_bound and kept.value
        if price >= top and not stays:
            found.set_aside(_outside("statute.excessive", entry, top, high))
        elif price <= floor and not stays:
            found.set_aside(_outside("statute.abnormally_low", entry, floor, low))
        else:
            yield entry


def _outside(code: str, entry: Entry, bound: Fraction, rule: Rule[Fraction]) -> Line:
    values: Values = {"price": entry.bid.price, "bound": said(bound)}
    return Line(code=code, subject=entry.id, values=values, rule=rule.cited)


def _refusal(entry: Entry) -> Line | None:
    if entry.bid.admitted:
        return None
    if not entry.bid.refusal:
        return Line(code="statute.refused", subject=entry.id, rule="art. 39–41")
    values: Values = {"reason": entry.bid.refusal}
    return Line(code="statute.refused_because", subject=entry.id, values=values, rule="art. 39–41")


def _stopped(entry: Entry, gate: TechnicalGate, rule: Rule[str]) -> Line | None:
    mark = technical(entry)
    if mark < gate.threshold:
        values: Values = {"mark": said(mark), "threshold": said(gate.threshold)}
        return Line(code="statute.gate", subject=entry.id, values=values, rule=rule.cited)
    zeros = sorted(name for name, part in entry.bid.technical_parts.items() if part == 0)
    if gate.zero_excludes and zeros:
        values = {"criterion": ", ".join(zeros)}
        return Line(code="statute.gate_zero", subject=entry.id, values=values, rule=rule.cited)
    return None
