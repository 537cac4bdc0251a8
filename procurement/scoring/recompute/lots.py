"""The lots, one after the other: who may still win, and whose award waits for a draw."""

from collections import Counter

from .chain import Json
from .given import Given
from .lot import Lot
from .statute import statutory
from .turns import award
from .value import value


class Progress:
    """What each bidder won in the lots before, and who may have, once a draw is made."""

    def __init__(self, given: Given) -> None:
        self.given, self.most = given, given.limits.get("max_lots")
        self.capacity = given.limits.get("capacity", {})
        self.lots: Counter[str] = Counter()
        self.money: Counter[str] = Counter()
        self.unsure: set[str] = set()

    def barred(self, lot: Lot, bid: Json) -> bool:
        """Say whether a limit sets a bid aside, and tell it."""
        own, name, statute = bid["bidder"], bid["id"], self.given.statute
        if not statute and not bid.get("admitted", True):
            return False
        if self.most is not None and self.lots[own] >= self.most:
            told = {"bidder": own, "lots": self.most} if statute else {}
            lot.exclude("statute.cap" if statute else "value.max_lots", name, **told)
        elif own in self.capacity and self.money[own] + bid["price"] > self.capacity[own]:
            left = self.capacity[own] - self.money[own]
            told = {"bidder": own, "left": left, "price": bid["price"]} if statute else {}
            lot.exclude("statute.capacity" if statute else "value.capacity", name, **told)
        return name in lot.excluded

    def note(self, lot: Lot, concerned: set[str]) -> None:
        """Note who won, or who may win once a draw is made and has a limit."""
        if lot.status == "draw_needed":
            limited = self.most is not None
            self.unsure |= {one for one in concerned if limited or one in self.capacity}
        elif lot.winner is not None and lot.amount is not None:
            bidder = self.given.bids[lot.winner]["bidder"]
            self.lots[bidder] += 1
            self.money[bidder] += lot.amount


def in_order(given: Given) -> list[Lot]:
    """Award lot after lot; who reached a limit is set aside from those that follow."""
    progress, bidder_of = Progress(given), {name: b["bidder"] for name, b in given.bids.items()}
    lots = []
    for name, bids in given.by_lot.items():
        lot = Lot(name)
        everyone = {bid["bidder"] for bid in bids}
        if given.statute and everyone & progress.unsure:
            _postponed(lot, bids, progress, given)
            concerned = everyone
        else:
            left = [bid for bid in bids if not progress.barred(lot, bid)]
            award(lot, (statutory if given.statute else value)(lot, left, given), given)
            ranked = {bidder_of[bid] for bid in lot.ranking}
            concerned = everyone if given.statute else ranked
            if not given.statute and ranked & progress.unsure:
                _held_back(lot, given)
        progress.note(lot, concerned)
        lots.append(lot)
    return lots


def _postponed(lot: Lot, bids: list[Json], progress: Progress, given: Given) -> None:
    """Leave a lot of the decree as it is until the draw of an earlier one."""
    lot.status = "draw_needed"
    waiting = sorted(bid["id"] for bid in bids if bid["bidder"] in progress.unsure)
    lot.tell("statute.waits", bids=", ".join(waiting))
    _not_rejected(lot, given)


def _not_rejected(lot: Lot, given: Given) -> None:
    if given.rejections[lot.name]:
        lot.faults.append("a bid was rejected while the lot waits for a draw")


def _held_back(lot: Lot, given: Given) -> None:
    """Take an award back that the draw of an earlier lot may still change."""
    _not_rejected(lot, given)
    lot.status, lot.winner, lot.amount = "draw_needed", None, None
    for line in [one for one in lot.lines if one[1] == "value.awarded"]:
        del lot.lines[line]
    lot.tell("value.waits")
