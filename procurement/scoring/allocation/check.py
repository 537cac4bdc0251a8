"""An answer is believed after it was recomputed from the offers, in integers, by other code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from procurement.scoring.allocation.problem import Offer, Problem
from procurement.scoring.errors import ScoringError
from procurement.scoring.marking import lazy


class AllocationWrong(ScoringError):
    """A solver's answer does not hold: nothing is shown and nothing awarded."""

    message = lazy("The allocation found does not hold at %(field)s: %(why)s.")


def check(problem: Problem, chosen: Iterable[str], total: int) -> None:
    """Recompute coverage, every limit and the total of an allocation.

    Raises:
        AllocationWrong: one of them does not hold, with what and why.
    """
    wanted = list(chosen)
    by_id = {offer.id: offer for offer in problem.offers}
    if unknown := [name for name in wanted if name not in by_id]:
        raise AllocationWrong("offers", why=f"no such offer: {unknown[0]}")
    offers = [by_id[name] for name in wanted]
    _coverage(problem, offers)
    for bidder in {offer.bidder for offer in offers}:
        _bidder(problem, bidder, [offer for offer in offers if offer.bidder == bidder])
    _share(problem, offers)
    found = sum(offer.cost for offer in offers)
    if found != total:
        raise AllocationWrong("total", why=f"{found} is not {total}")


def _coverage(problem: Problem, offers: list[Offer]) -> None:
    times = Counter(lot for offer in offers for lot in offer.lots)
    for lot in problem.lots:
        if times[lot] > 1 or (times[lot] == 0 and lot not in problem.optional):
            raise AllocationWrong(f"lots[{lot}]", why=f"it is awarded {times[lot]} times")


def _bidder(problem: Problem, bidder: str, offers: list[Offer]) -> None:
    rules = problem.rules
    lots = sum(len(offer.lots) for offer in offers)
    packages = sum(len(offer.lots) > 1 for offer in offers)
    money = sum(offer.price for offer in offers)
    volume = sum(rules.volume.get(lot, 0) for offer in offers for lot in offer.lots)
    for name, value, most in (
        ("max_lots", lots, rules.max_lots_of.get(bidder, rules.max_lots)),
        ("max_packages", packages, rules.max_packages_of.get(bidder, rules.max_packages)),
        ("money", money, rules.money.get(bidder)),
        ("volume", volume, rules.volume_of.get(bidder)),
    ):
        if most is not None and value > most:
            raise AllocationWrong(f"{name} ({bidder})", why=f"{value} is more than {most}")


def _share(problem: Problem, offers: list[Offer]) -> None:
    share = problem.rules.sme_share
    if share is None:
        return
    paid = sum(offer.price for offer in offers)
    small = sum(offer.price for offer in offers if offer.bidder in problem.sme)
    if small < share * paid:
        raise AllocationWrong("sme_share", why=f"{small} of {paid} is less than {share}")
