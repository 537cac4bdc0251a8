"""From groups of equals to the award: statuses, draws and rejections, each in its turn."""

from collections import deque

from .chain import sha256
from .given import Given
from .lot import Groups, Lot

FIRST = {"cooperative", "union_of_cooperatives", "auto_entrepreneur"}  # article 43-II-2
SHORT = 32
"""Characters below which the seed of a draw could be guessed from its commitment."""


def award(lot: Lot, groups: Groups, given: Given) -> None:
    """Part the equals that come up, skip the rejected in their turn, award to the next."""
    waiting, done = deque(groups), []
    acts = deque(given.rejections[lot.name])
    seed = given.seed if given.statute or "draw" in given.method.get("ties", ["draw"]) else None
    if not given.statute:
        tell_equals(lot, groups, seed)
    while waiting and lot.status == "unsuccessful":
        group = waiting.popleft()
        if given.statute:
            group, rest = _parted(lot, group, given)
            waiting.extendleft([rest] if rest else [])
        done.append(group)
        left = deque(drawn(lot, group, seed) if seed is not None else group)
        if given.statute and seed is not None and len(group) > 1:
            _tell_draw(lot, group, seed)
        while left and lot.status == "unsuccessful":
            _next(lot, left, acts, given, drawn=seed is not None)
    if acts:
        lot.faults.append(f"the rejection of {acts[0]['bid']} is not in turn")
    ranked(lot, [*done, *waiting])
    _tell_end(lot, given)


def _next(
    lot: Lot, left: deque[str], acts: deque[dict[str, str]], given: Given, *, drawn: bool
) -> None:
    """Reject, award to, or wait for the draw of the next in turn."""
    first, settled = acts[0]["bid"] if acts else None, drawn or len(left) == 1
    among = first == left[0] if settled else first in left and not given.statute
    own = "statute" if given.statute else "value"
    if acts and first is not None and among:
        left.remove(first)
        lot.tell(f"{own}.rejected", first, reason=acts.popleft()["reason"])
    elif not settled:
        lot.status = "draw_needed"
        lot.tell(f"{own}.draw_needed", bids=", ".join(left))
    else:
        lot.status, lot.winner = "awarded", left[0]
        lot.amount = given.bids[left[0]]["price"]
        told = {"price": lot.amount} if given.statute else {}
        lot.tell(f"{own}.awarded", lot.winner, **told)


def _parted(lot: Lot, group: list[str], given: Given) -> Groups:
    """Put cooperatives and auto-entrepreneurs before their equals, as the decree does."""
    first: list[str] = []
    rest: list[str] = []
    for bid in group:
        status = given.bidders[given.bids[bid]["bidder"]].get("status", "company")
        (first if status in FIRST else rest).append(bid)
    if not first or not rest:
        return [group, []]
    lot.tell("statute.status_first", bids=", ".join(first), others=", ".join(rest))
    return [first, rest]


def drawn(lot: Lot, group: list[str], seed: str) -> list[str]:
    """Return equals in the order of their numbers, the lowest first."""
    return sorted(group, key=lambda bid: sha256(f"{seed}|{lot.name}|{bid}"))


def _tell_draw(lot: Lot, group: list[str], seed: str) -> None:
    for bid in group:
        number = sha256(f"{seed}|{lot.name}|{bid}")
        lot.tell("statute.drawn", bid, lot=lot.name, number=number)
    if len(seed) < SHORT and not any(one[1] == "statute.seed_short" for one in lot.lines):
        lot.warn("statute.seed_short", length=len(seed), least=SHORT)


def tell_equals(lot: Lot, groups: Groups, seed: str | None) -> None:
    """Tell which bids the published criteria do not part."""
    for group in groups:
        if len(group) > 1 and seed is not None:
            lot.tell("value.drawn", bids=", ".join(drawn(lot, group, seed)))
        elif len(group) > 1:
            lot.tell("value.equal", bids=", ".join(group))


def ranked(lot: Lot, groups: Groups) -> None:
    """Give the bids their ranks: 1, 1, 3… when two are equal."""
    rank = 1
    for group in groups:
        lot.ranking |= {bid: (rank, lot.keys[bid]) for bid in group}
        rank += len(group)


def _tell_end(lot: Lot, given: Given) -> None:
    if given.statute:
        for bid, (rank, _) in lot.ranking.items():
            lot.tell("statute.rank", bid, rank=rank)
        if given.rejections[lot.name]:
            lot.tell("statute.kept_after_rejection")
    if lot.status == "unsuccessful":
        lot.tell("statute.unsuccessful" if given.statute else "value.unsuccessful")
