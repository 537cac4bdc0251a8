"""What the drafting help says, in words of the present language: for the page and the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from msgspec.structs import replace

from portal.web import i18n
from procurement.evaluation import draft_chart, words
from procurement.evaluation.contents import titles_of
from procurement.evaluation.draft_chart import Series
from procurement.evaluation.drawing import Chart
from procurement.evaluation.methods import method_of
from procurement.evaluation.sentences import formula_name, sentence
from procurement.evaluation.words import gettext as _
from procurement.scoring.canonical import canonical, seal
from procurement.scoring.drafting import Expected, Review, checks, fixed, in_money, of_lot, opened
from procurement.scoring.drafting.advice import BEST
from procurement.scoring.drafting.review import Curve, Example, Reversals
from procurement.scoring.drafting.simulation import letter
from procurement.scoring.drafting.worth import BEYOND, ends, everywhere, hundredths, times
from procurement.scoring.outcome import Line
from procurement.scoring.quantities import rounded
from procurement.scoring.reading import EvaluationFile
from procurement.scoring.tender import Lot, ReferencePrice, Tender, ValueForMoney


@dataclass(frozen=True)
class Formula:
    """One row of the comparison: what a quality point is worth, and what else is to be known."""

    name: str
    code: str
    text: str
    chosen: bool
    refused: bool
    relative: bool
    worth: tuple[str, str, str]
    varies: str


@dataclass(frozen=True)
class Compared:
    """All formulas for one criterion that marks a price, the tender's own first."""

    title: str
    prices: tuple[str, str, str]
    formulas: tuple[Formula, ...]


@dataclass(frozen=True)
class Simulated:
    """A bid of the example: its letter, price, points, and what becomes of it."""

    name: str
    price: str
    quality: str
    fate: str


@dataclass(frozen=True)
class LotPart:
    """What is to be said of the lots for which the same prices are expected."""

    title: str
    lowest: str
    highest: str
    facts: tuple[str, ...]
    warnings: tuple[str, ...]
    advice: tuple[str, ...]
    charts: tuple[Chart, ...]
    compared: tuple[Compared, ...]
    examples: tuple[tuple[Simulated, ...], ...]


@dataclass(frozen=True)
class Draft:
    """All of it; ``digest`` is the same for the same draft and expectation."""

    tender: Tender
    title: str
    method: str
    weighs: bool
    heading: str
    facts: tuple[str, ...]
    warnings: tuple[str, ...]
    lots: tuple[LotPart, ...]
    digest: str


def contents(file: EvaluationFile, expected: Mapping[str, Expected]) -> Draft:
    """Review a tender that is not yet published; ``expected`` by lot.

    Raises:
        BadParameter: points are given, but none for the price.
        UnknownRuleVersion: no version of the rules is known for its day.
    """
    tender = file.tender
    found = [
        (lots, of_lot(tender, lots[0], expected[lots[0].id])) for lots in alike(tender, expected)
    ]
    said = Sayer(tender)
    return Draft(
        tender=tender,
        title=tender.title or tender.id,
        method=method_of(tender),
        weighs=any(one.curves for _lots, one in found),
        heading=_("To be known") if fixed(tender) else _("To mend before publication"),
        facts=said.all(fixed(tender)),
        warnings=said.all([*opened(file.dossier), *checks(tender)]),
        lots=tuple(
            _lot(tender, lots, one, expected[lots[0].id], place)
            for place, (lots, one) in enumerate(found, 1)
        ),
        digest=seal(tender),
    )


def alike(tender: Tender, expected: Mapping[str, Expected]) -> list[list[Lot]]:
    """Put together the lots of which the same is to be said."""
    found: dict[bytes, list[Lot]] = {}
    by_estimate = isinstance(tender.method, ReferencePrice)
    for lot in tender.lots:
        key = canonical([expected[lot.id], lot.estimate if by_estimate else None])
        found.setdefault(key, []).append(lot)
    return list(found.values())


class Sayer:
    """Writes lines with the titles of a tender's criteria."""

    def __init__(self, tender: Tender) -> None:
        method = tender.method
        self.currency = tender.currency
        self.titles = {"price": _("Price")}
        if isinstance(method, ValueForMoney):
            self.titles = dict(titles_of(method.criteria))

    def all(self, lines: Sequence[Line]) -> tuple[str, ...]:
        """Return the sentences of the lines, each once."""
        return tuple(dict.fromkeys(self.one(line) for line in lines))

    def one(self, line: Line) -> str:
        """Return the sentence of a line."""
        named = replace(line, subject=self.titles.get(line.subject, line.subject))
        return sentence(named, self.currency, self.titles)


def _lot(
    tender: Tender, lots: Sequence[Lot], found: Review, expected: Expected, place: int
) -> LotPart:
    said = Sayer(tender)
    titles = [f"{one.id} {one.title}".strip() for one in lots]
    return LotPart(
        title=" · ".join(words.isolated(one) for one in titles),
        lowest=words.money(expected.lowest, tender.currency),
        highest=words.money(expected.highest, tender.currency),
        facts=said.all(found.facts),
        warnings=said.all(found.warnings),
        advice=said.all(found.advice),
        charts=tuple(_charts(found, said, place)),
        compared=tuple(_compared(found, said)),
        examples=tuple(_example(one, one.example, said) for one in found.reversals if one.example),
    )


def _charts(found: Review, said: Sayer, place: int) -> list[Chart]:
    """Draw a chart for each criterion that marks a price; one for all where quality is money."""
    groups: dict[str, list[Series]] = {}
    for curve in found.curves:
        title = said.titles.get(curve.criterion, curve.criterion)
        if curve.formula == in_money.FORMULA:
            groups.setdefault("", []).append(Series(title, curve))
        elif curve.chosen:
            name = f"{title} · {formula_name(curve.formula)}"
            groups.setdefault(curve.criterion, []).append(Series(name, curve))
        elif curve.formula == BEST:
            text = _("absolute formula between the expected prices")
            groups.setdefault(curve.criterion, []).append(Series(text, curve, own=False))
    return [
        draft_chart.chart(f"worth-{place}-{number}", series, said.currency)
        for number, series in enumerate(groups.values(), 1)
        if any(one.own for one in series)
    ]


def _compared(found: Review, said: Sayer) -> list[Compared]:
    groups: dict[str, list[Curve]] = {}
    for curve in found.curves:
        if curve.formula != in_money.FORMULA:
            groups.setdefault(curve.criterion, []).append(curve)
    return [
        Compared(
            title=said.titles.get(criterion, criterion),
            prices=_three([_whole(one.price, said.currency) for one in ends(curves[0])]),
            formulas=tuple(_formula(one, said.currency) for one in curves),
        )
        for criterion, curves in groups.items()
    ]


def _formula(curve: Curve, currency: str) -> Formula:
    factor = times(curve)
    return Formula(
        name=formula_name(curve.formula),
        code=curve.formula,
        text=_(curve.text or curve.refused),
        chosen=curve.chosen,
        refused=bool(curve.refused),
        relative=curve.depends_on_other_bids,
        worth=_three([_whole(one.worth, currency) for one in ends(curve)]),
        varies="–" if factor is None or not everywhere(curve) else _times(factor),
    )


def _whole(value: Fraction | int | None, currency: str) -> str:
    """Write an amount to the dirham, which is enough to compare; a dash where there is none."""
    if value is None or value <= 0:
        return "–"
    return i18n.money(rounded(Fraction(value, 100)) * 100, currency, whole=True)


def _times(factor: Fraction) -> str:
    shown = hundredths(factor)
    if shown > BEYOND:
        return f">\u00a0{i18n.number(BEYOND)}"
    return _("constant") if shown == 1 else f"×\u00a0{words.exact(shown, 2)}"


def _three(texts: Sequence[str]) -> tuple[str, str, str]:
    first, middle, last = texts
    return first, middle, last


def _example(one: Reversals, example: Example, said: Sayer) -> tuple[Simulated, ...]:
    fates = {
        example.winner: _("wins"),
        example.withdrawn: _("withdraws"),
        example.winner_then: _("wins after the withdrawal"),
    }
    weighed = one.formula != "reference_price"
    return tuple(
        Simulated(
            name=letter(bid),
            price=words.money(price, said.currency),
            quality=i18n.number(example.quality[bid]) if weighed else "",
            fate=fates.get(bid, ""),
        )
        for bid, price in enumerate(example.prices)
    )
