"""The outcome of a tender whose lots are awarded together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import msgspec

from procurement.scoring.allocation.allocation import Allocation, Tie
from procurement.scoring.allocation.limits import LimitCost, cost_of_limits
from procurement.scoring.allocation.problem import LimitKind, Offer, Problem
from procurement.scoring.allocation.runner_up import examined, replaced
from procurement.scoring.allocation.tenders import problem_of
from procurement.scoring.allocation.together import allocate
from procurement.scoring.draw import drawn
from procurement.scoring.offers import Dossier
from procurement.scoring.outcome import Line, LotOutcome, Outcome, said
from procurement.scoring.quantities import rounded
from procurement.scoring.tender import Tender, ValueForMoney

Choice = tuple[str, ...]


def awarded(
    tender: Tender,
    dossier: Dossier,
    outcome: Outcome,
    evaluated: Mapping[str, int],
    *,
    time_s: float = 120.0,
) -> Outcome:
    """Award the lots of an outcome together, by the evaluated prices of all bids in centimes.

    The rankings of the lots stay as they are. What is not proven keeps « not_proven »; a group of
    lots with equal choices that no rule and no draw parts gets « draw_needed ».

    Raises:
        InfeasibleAllocation: no allocation keeps the limits; it names the fewest to relax.
        PrecisionExceeded: the amounts are too large for an exact answer.
        DrawMismatch: the seed does not answer the commitment.
    """
    told = tuple(
        Line(code="allocation.rejected", subject=act.bid, values={"reason": act.reason})
        for act in dossier.rejections
    )
    outcome = msgspec.structs.replace(outcome, lines=(*outcome.lines, *told))
    problem = problem_of(tender, dossier, evaluated)
    if not problem.offers:
        lots = tuple(_without_offer(lot) for lot in outcome.lots)
        return msgspec.structs.replace(outcome, lots=lots)
    allocation = examined(problem, allocate(problem, time_s=time_s), time_s=time_s)
    result = _settle(tender, dossier, outcome, problem, allocation)
    costs = cost_of_limits(problem, result.allocation, time_s=time_s)
    return msgspec.structs.replace(
        outcome,
        lots=tuple(_lot(lot, problem, result) for lot in outcome.lots),
        lines=(*outcome.lines, *_whole(result), *_limits(costs, allocation)),
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


def _settle(
    tender: Tender, dossier: Dossier, outcome: Outcome, problem: Problem, allocation: Allocation
) -> _Result:
    lines: list[Line] = []
    taken: list[Choice] = []
    waiting: set[str] = set()
    ties = allocation.rivals.ties if allocation.rivals else ()
    for tie in ties:
        code = "allocation.tied" if tie.complete else "allocation.tied_more"
        lines.append(
            Line(code=code, values={"lots": _list(tie.lots), "choices": _named(tie.choices)})
        )
        left = _by_rules(tender, outcome, problem, tie, lines) if tie.complete else tie.choices
        if len(left) > 1 and tie.complete and dossier.seed and tender.draw_commitment:
            left = (_by_lot(left, tie, dossier.seed, tender.draw_commitment),)
            lines.append(Line(code="allocation.drawn", values={"choices": _named(left)}))
        if len(left) > 1:
            waiting.update(tie.lots)
            lines.append(Line(code="allocation.draw_needed", values={"lots": _list(tie.lots)}))
        taken.append(left[0])
    whole = replaced(problem, allocation, taken) if ties else allocation
    return _Result(whole, frozenset(waiting), tuple(lines))


def _by_rules(
    tender: Tender, outcome: Outcome, problem: Problem, tie: Tie, lines: list[Line]
) -> tuple[Choice, ...]:
    """Try the published rules; only the price to pay can be compared across several lots."""
    if len(tie.lots) == 1:
        ranks = {
            one.bid: one.rank
            for lot in outcome.lots
            if lot.lot == tie.lots[0]
            for one in lot.ranking
        }
        if all(choice[0] in ranks for choice in tie.choices):
            left = _least(tie.choices, lambda choice: ranks[choice[0]])
            return _noted(tie, left, Line(code="allocation.ranked", rule="ties"), lines)
    method = tender.method
    if isinstance(method, ValueForMoney) and "lower_price" in method.ties:
        price = {offer.id: offer.price for offer in problem.offers}
        left = _least(tie.choices, lambda choice: sum(price[name] for name in choice))
        return _noted(tie, left, Line(code="allocation.cheaper", rule="lower_price"), lines)
    return tie.choices


def _least(choices: tuple[Choice, ...], key: Callable[[Choice], int]) -> tuple[Choice, ...]:
    least = min(key(choice) for choice in choices)
    return tuple(choice for choice in choices if key(choice) == least)


def _noted(tie: Tie, left: tuple[Choice, ...], line: Line, lines: list[Line]) -> tuple[Choice, ...]:
    """Keep the line of a rule that parted some of the equals."""
    if len(left) < len(tie.choices):
        lines.append(msgspec.structs.replace(line, values={"choices": _named(left)}))
    return left


def _by_lot(choices: tuple[Choice, ...], tie: Tie, seed: str, commitment: str) -> Choice:
    named = {"+".join(choice): choice for choice in choices}
    return named[drawn(seed, commitment, "+".join(tie.lots), list(named))[0]]


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
        amount=offer.price if offer.lots[0] == lot.lot else None,
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


def _whole(result: _Result) -> Iterator[Line]:
    allocation = result.allocation
    if allocation.total is None or allocation.paid is None:
        yield Line(code="allocation.nothing_found", values={"bound": allocation.bound})
        return
    if not result.final:
        found: dict[str, int | str] = {"bound": allocation.bound, "found": allocation.total}
        yield Line(code="allocation.not_proven", values=found)
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


def _limits(costs: tuple[LimitCost, ...], allocation: Allocation) -> Iterator[Line]:
    if allocation.status != "proven":
        return
    for cost in costs:
        kind = cost.limits[0].kind
        if cost.saved is None or cost.share is None:
            yield Line(code="allocation.limit_open")
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
