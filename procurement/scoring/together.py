"""Lots awarded together: evaluated prices in, the cheapest allocation that keeps the limits out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec.structs import replace

from procurement.scoring import value
from procurement.scoring.allocation.allocation import Allocation
from procurement.scoring.allocation.problem import Offer, Problem, Rules
from procurement.scoring.allocation.runner_up import examined, settled
from procurement.scoring.allocation.together import allocate
from procurement.scoring.errors import NotProvenOptimal, TieUnresolved
from procurement.scoring.offers import Bid, Dossier
from procurement.scoring.outcome import Line, LotOutcome, Outcome, Values
from procurement.scoring.tender import Tender

Status = Literal["awarded", "unsuccessful", "draw_needed", "not_proven"]
LONGEST_S = 120.0


def evaluate(tender: Tender, dossier: Dossier, *, time_s: float = LONGEST_S) -> Outcome:
    """Award all lots at once: the least sum of evaluated prices that keeps every limit, proven.

    A lot that nobody bids for is unsuccessful and holds up no other. Rejected bids win nothing.
    Equal allocations are parted by the draw; one without proof is never awarded.

    Raises:
        InfeasibleAllocation: no allocation keeps the limits; names those to relax.
        ScoringError: as ``value.evaluate`` and ``value.priced``.
    """
    ranked, found = value.evaluate(tender, dossier), value.priced(tender, dossier)
    rejected = {act.bid for act in dossier.rejections}
    bids = {bid.id: bid for bid in sorted(dossier.bids, key=lambda bid: bid.id)}
    offers = tuple(
        Offer(
            id=name, bidder=bid.bidder, lots=bid.lots, cost=found.evaluated[name], price=bid.price
        )
        for name, bid in bids.items()
        if name in found.evaluated and name not in rejected
    )
    problem = _problem(tender, dossier, offers)
    packages = {name for name, bid in bids.items() if len(bid.lots) > 1}
    told = [line for line in found.lines if line.subject in packages]
    told += [_rejected(act.bid, act.reason) for act in dossier.rejections]
    awarded, status, lines = _decided(problem, tender, dossier, time_s)
    winners = {lot: bids[name] for name in awarded for lot in bids[name].lots}
    return replace(
        ranked,
        lots=tuple(_lot(lot, problem, winners.get(lot.lot), status) for lot in ranked.lots),
        lines=(*ranked.lines, *told, *lines),
    )


def _problem(tender: Tender, dossier: Dossier, offers: tuple[Offer, ...]) -> Problem:
    covered = {lot for offer in offers for lot in offer.lots}
    limits = tender.limits
    return Problem(
        lots=tuple(lot.id for lot in tender.lots if lot.id in covered),
        offers=offers,
        rules=Rules(
            max_lots=limits.max_lots, money=dict(limits.capacity), sme_share=limits.sme_share
        ),
        sme=frozenset(bidder.id for bidder in dossier.bidders if bidder.sme),
    )


def _decided(
    problem: Problem, tender: Tender, dossier: Dossier, time_s: float
) -> tuple[tuple[str, ...], Status, list[Line]]:
    """Return the offers that win, the status of the lots and the lines about the whole."""
    if not problem.offers:
        return (), "unsuccessful", []
    allocation = examined(problem, allocate(problem, time_s=time_s), time_s=time_s)
    draw = None
    if dossier.seed is not None and tender.draw_commitment is not None:
        draw = (dossier.seed, tender.draw_commitment)
    try:
        award = settled(problem, allocation, draw=draw).award()
    except NotProvenOptimal:
        values: Values = {"bound": allocation.bound, "total": allocation.total or "—"}
        return (), "not_proven", [Line(code="together.not_proven", values=values)]
    except TieUnresolved as tie:
        values = {"bids": str(tie.values["bids"])}
        return (), "draw_needed", [Line(code="together.equal", values=values)]
    return award, "awarded", list(_said(problem, allocation, award))


def _said(problem: Problem, allocation: Allocation, award: tuple[str, ...]) -> Iterator[Line]:
    paid = sum(offer.price for offer in problem.offers if offer.id in award)
    values: Values = {"total": allocation.total or 0, "paid": paid}
    yield Line(code="together.total", values=values, rule="tender.limits")
    rivals = allocation.rivals
    if rivals is not None and rivals.ties:
        yield Line(code="together.drawn", rule="tender.draw_commitment")
    if rivals is not None and rivals.next_total is not None:
        yield Line(code="together.next", values={"next": rivals.next_total})


def _lot(lot: LotOutcome, problem: Problem, winner: Bid | None, status: Status) -> LotOutcome:
    if lot.lot not in problem.lots:
        line = Line(code="together.no_offer")
        return replace(lot, status="unsuccessful", lines=(*lot.lines, line))
    if winner is None:
        return replace(lot, status=status)
    # The price of a package is one amount: it stands with the first of its lots.
    first = next(name for name in problem.lots if name in winner.lots)
    return replace(
        lot,
        status="awarded",
        winner=winner.id,
        amount=winner.price if lot.lot == first else None,
        lines=(*lot.lines, *_awarded(winner, problem)),
    )


def _awarded(winner: Bid, problem: Problem) -> Iterator[Line]:
    if len(winner.lots) == 1:
        yield Line(code="together.awarded", subject=winner.id, values={"price": winner.price})
    else:
        lots = ", ".join(name for name in problem.lots if name in winner.lots)
        values: Values = {"lots": lots, "price": winner.price}
        yield Line(code="together.package", subject=winner.id, values=values)


def _rejected(bid: str, reason: str) -> Line:
    return Line(code="together.rejected", subject=bid, values={"reason": reason})
