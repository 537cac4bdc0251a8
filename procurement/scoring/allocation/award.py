"""The outcome of a tender whose lots are awarded together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import msgspec

from procurement.scoring.allocation.allocation import Allocation, Tie
from procurement.scoring.allocation.limits import LimitCost, cost_of_limits
from procurement.scoring.allocation.model import model_of
from procurement.scoring.allocation.problem import LimitKind, Offer, Problem
from procurement.scoring.allocation.runner_up import examined, replaced
from procurement.scoring.allocation.solving import STEPS, Effort
from procurement.scoring.allocation.structure import parts_of
from procurement.scoring.allocation.tenders import problem_of
from procurement.scoring.allocation.ties import Choice, Many, TieRule, drawing, tie_rules
from procurement.scoring.allocation.together import allocate
from procurement.scoring.draw import drawn
from procurement.scoring.offers import Dossier
from procurement.scoring.outcome import Line, LotOutcome, Outcome, Package, said
from procurement.scoring.quantities import rounded
from procurement.scoring.tender import Tender


def awarded(
    tender: Tender,
    dossier: Dossier,
    outcome: Outcome,
    evaluated: Mapping[str, int],
    rules: tuple[TieRule, ...] | None = None,
    *,
    steps: int = STEPS,
) -> Outcome:
    """Award the lots of an outcome together, by the evaluated prices of all bids in centimes.

    ``rules``: what parts equal choices (``ties.tie_rules``); if none are given, the prices as bid.

    The rankings of the lots stay as they are. What is not proven keeps « not_proven »; a group of
    lots with equal choices that no rule and no draw parts gets « draw_needed ».

    Raises:
        InfeasibleAllocation: no allocation keeps the limits; it names the fewest to relax.
        PrecisionExceeded: the amounts are too large for an exact answer.
        DrawMismatch: the seed does not answer the commitment.
    """
    outcome = msgspec.structs.replace(outcome, lines=(*outcome.lines, *_rejections(dossier)))
    problem = problem_of(tender, dossier, evaluated)
    if not problem.offers:
        lots = tuple(_without_offer(lot) for lot in outcome.lots)
        return msgspec.structs.replace(outcome, lots=lots)
    allocation = examined(problem, allocate(problem, steps=steps), steps=steps)
    if rules is None:
        rules = tie_rules(tender.method, {one.id: one.price for one in problem.offers}, {})
    result = _settle(outcome, _Ties(problem, rules, _draw(tender, dossier), steps), allocation)
    costs = cost_of_limits(problem, result.allocation, steps=steps)
    return msgspec.structs.replace(
        outcome,
        lots=tuple(_lot(lot, problem, result) for lot in outcome.lots),
        packages=tuple(_packages(problem, result)),
        lines=(*outcome.lines, *_whole(result, steps), *_limits(costs, allocation, steps)),
    )


@dataclass(frozen=True)
class _Result:
    """The allocation after its ties; ``open``: lots whose choice waits for the draw."""

    allocation: Allocation
    open: frozenset[str]
    lines: tuple[Line, ...]

    @property
    def final(self) -> bool:
        rivals = self.allocation.rivals
        return self.allocation.status == "proven" and rivals is not None and rivals.proven


@dataclass(frozen=True)
class _Ties:
    """What parts equal choices: the rules, and the draw once its seed is revealed."""

    problem: Problem
    rules: tuple[TieRule, ...]
    draw: tuple[str, str] | None
    steps: int


def _rejections(dossier: Dossier) -> Iterator[Line]:
    for act in dossier.rejections:
        yield Line(code="allocation.rejected", subject=act.bid, values={"reason": act.reason})


def _draw(tender: Tender, dossier: Dossier) -> tuple[str, str] | None:
    seed, commitment = dossier.seed, tender.draw_commitment
    if seed is None or commitment is None or not drawing(tender.method):
        return None
    return seed, commitment


def _settle(outcome: Outcome, given: _Ties, allocation: Allocation) -> _Result:
    lines: list[Line] = []
    taken: list[Choice] = []
    waiting: set[str] = set()
    ties = allocation.rivals.ties if allocation.rivals else ()
    for tie in ties:
        code = "allocation.tied" if tie.complete else "allocation.tied_more"
        lines.append(
            Line(code=code, values={"lots": _list(tie.lots), "choices": _named(tie.choices)})
        )
        choice = (_listed if tie.complete else _many)(outcome, given, tie, lines)
        if choice is None:
            waiting.update(tie.lots)
        taken.append(choice or tie.choices[0])
    whole = replaced(given.problem, allocation, taken) if ties else allocation
    return _Result(whole, frozenset(waiting), tuple(lines))


def _listed(outcome: Outcome, given: _Ties, tie: Tie, lines: list[Line]) -> Choice | None:
    """Choose among choices that are all listed; none: they wait for the draw."""
    left = _by_rules(outcome, given, tie, lines)
    if len(left) > 1 and given.draw:
        left = (_by_lot(left, tie, *given.draw),)
        lines.append(Line(code="allocation.drawn", values={"choices": _named(left)}))
    if len(left) > 1:
        lines.append(Line(code="allocation.draw_needed", values={"lots": _list(tie.lots)}))
        return None
    return left[0]


def _many(outcome: Outcome, given: _Ties, tie: Tie, lines: list[Line]) -> Choice | None:
    """Choose among more choices than are listed; none: it needs the draw, or more steps."""
    lots = {lot: place for place, lot in enumerate(given.problem.lots)}
    wanted = tuple(lots[lot] for lot in tie.lots)
    part = next(one for one in parts_of(model_of(given.problem)) if one.lots == wanted)
    many = Many(given.problem, part, Effort(given.steps))
    found = many.parted(tie.choices[0], given.rules, given.draw)
    if found is None:
        open_: dict[str, int | str] = {"lots": _list(tie.lots), "steps": given.steps}
        lines.append(Line(code="allocation.turn_open", values=open_))
        return None
    choice, alone = found
    if not alone:
        lines.append(Line(code="allocation.draw_needed", values={"lots": _list(tie.lots)}))
        return None
    code = "allocation.drawn_in_turn" if given.draw else "allocation.parted"
    lines.append(Line(code=code, values={"choices": _named((choice,))}))
    return choice


def _by_rules(outcome: Outcome, given: _Ties, tie: Tie, lines: list[Line]) -> tuple[Choice, ...]:
    """Try the published rules in turn; of one lot its ranking has already followed them."""
    if len(tie.lots) == 1:
        ranks = {
            one.bid: one.rank
            for lot in outcome.lots
            if lot.lot == tie.lots[0]
            for one in lot.ranking
        }
        if all(choice[0] in ranks for choice in tie.choices):
            left = _least(tie.choices, lambda choice: ranks[choice[0]])
            line = Line(code="allocation.ranked", rule="ties")
            return _noted(tie.choices, left, line, lines)
    left = tie.choices
    for rule in given.rules:
        before, left = left, _least(left, rule.summed(given.problem))
        _noted(before, left, Line(code=rule.code, rule=rule.rule), lines)
    return left


def _least(choices: tuple[Choice, ...], key: Callable[[Choice], int]) -> tuple[Choice, ...]:
    least = min(key(choice) for choice in choices)
    return tuple(choice for choice in choices if key(choice) == least)


def _noted(
    before: tuple[Choice, ...], left: tuple[Choice, ...], line: Line, lines: list[Line]
) -> tuple[Choice, ...]:
    """Keep the line of a rule that parted some of the equals."""
    if len(left) < len(before):
        lines.append(msgspec.structs.replace(line, values={"choices": _named(left)}))
    return left


def _by_lot(choices: tuple[Choice, ...], tie: Tie, seed: str, commitment: str) -> Choice:
    named = {"+".join(choice): choice for choice in choices}
    return named[drawn(seed, commitment, "+".join(tie.lots), list(named))[0]]


def _packages(problem: Problem, result: _Result) -> Iterator[Package]:
    """Name the offers that are awarded for several lots, with the one price of each."""
    if result.final:
        held = set(result.allocation.offers or ())
        for offer in problem.offers:
            if offer.id in held and len(offer.lots) > 1 and not result.open & {*offer.lots}:
                yield Package(bid=offer.id, lots=offer.lots, amount=offer.price)


def _lot(lot: LotOutcome, problem: Problem, result: _Result) -> LotOutcome:
    """Return one lot with its award, or with why there is none."""
    if lot.lot not in problem.lots:
        return _without_offer(lot)
    if not result.final:
        return msgspec.structs.replace(lot, status="not_proven")
    if lot.lot in result.open:
        return msgspec.structs.replace(lot, status="draw_needed")
    held = set(result.allocation.offers or ())
    offer = next(one for one in problem.offers if one.id in held and lot.lot in one.lots)
    return msgspec.structs.replace(
        lot,
        status="awarded",
        winner=offer.id,
        amount=offer.price if len(offer.lots) == 1 else None,
        lines=(*lot.lines, _award_line(lot.lot, offer), *_dearer(lot.lot, offer, problem)),
    )


def _without_offer(lot: LotOutcome) -> LotOutcome:
    line = Line(code="allocation.no_offer", values={"lot": lot.lot})
    return msgspec.structs.replace(lot, status="unsuccessful", lines=(*lot.lines, line))


def _award_line(lot: str, offer: Offer) -> Line:
    if len(offer.lots) == 1:
        values: dict[str, int | str] = {"lot": lot, "price": offer.price}
        return Line(code="allocation.awarded", subject=offer.id, values=values)
    return Line(
        code="allocation.package",
        subject=offer.id,
        values={"lots": _list(offer.lots), "price": offer.price},
    )


def _dearer(lot: str, offer: Offer, problem: Problem) -> Iterator[Line]:
    """Tell whoever is lowest for this lot alone why it does not win."""
    alone = [one for one in problem.offers if one.lots == (lot,)]
    least = min((one.cost for one in alone), default=None)
    for one in alone:
        cheaper = offer.lots != (lot,) or one.cost < offer.cost
        if one.cost == least and one.id != offer.id and cheaper:
            yield Line(
                code="allocation.dearer", subject=one.id, values={"lot": lot, "lowest": one.cost}
            )


def _whole(result: _Result, steps: int) -> Iterator[Line]:
    allocation = result.allocation
    if allocation.total is None or allocation.paid is None:
        least: dict[str, int | str] = {"steps": steps, "bound": allocation.bound}
        yield Line(code="allocation.nothing_found", values=least)
        return
    if not result.final:
        yield Line(
            code="allocation.not_proven",
            values={"steps": steps, "bound": allocation.bound, "found": allocation.total},
        )
        return
    yield from _methods(allocation)
    totals: dict[str, int | str] = {"total": allocation.total, "paid": allocation.paid}
    yield Line(code="allocation.total", values=totals)
    yield from result.lines
    if not result.lines:
        yield Line(code="allocation.unique")
    step = allocation.rivals.next_total if allocation.rivals else None
    if step is not None:
        more: dict[str, int | str] = {"next": step, "saved": step - allocation.total}
        yield Line(code="allocation.next", values=more)


def _methods(allocation: Allocation) -> Iterator[Line]:
    """Say how the lots were solved; those that nothing ties to others in one sentence."""
    alone = [g.lots[0] for g in allocation.groups if g.method == "best_per_lot"]
    if alone:
        yield Line(code="allocation.best_per_lot", values={"lots": _list(tuple(alone))})
    for group in allocation.groups:
        if group.method == "assignment":
            yield Line(code="allocation.assignment", values={"lots": _list(group.lots)})
        elif group.method == "milp":
            yield Line(code="allocation.milp", values={"lots": _list(group.lots)})


_FREE: dict[LimitKind, str] = {
    "max_lots": "allocation.max_lots_free",
    "money": "allocation.capacity_free",
    "sme_share": "allocation.sme_share_free",
}
_COST: dict[LimitKind, str] = {
    "max_lots": "allocation.max_lots_cost",
    "money": "allocation.capacity_cost",
    "sme_share": "allocation.sme_share_cost",
}


def _limits(costs: tuple[LimitCost, ...], allocation: Allocation, steps: int) -> Iterator[Line]:
    if allocation.status != "proven":
        return
    for cost in costs:
        kind = cost.limits[0].kind
        if cost.saved is None or cost.share is None:
            yield Line(code="allocation.limit_open", values={"steps": steps})
        elif not cost.saved:
            yield Line(code=_FREE[kind])
        else:
            share = said(Fraction(rounded(cost.share * 10_000), 100))
            values: dict[str, int | str] = {"saved": cost.saved, "share": share}
            yield Line(code=_COST[kind], values=values)


def _named(choices: tuple[Choice, ...]) -> str:
    return " / ".join(" + ".join(choice) for choice in choices)


def _list(lots: tuple[str, ...]) -> str:
    return ", ".join(lots)
