"""Two hundred lots and a hundred bidders, drawn from one seed: the same for every side."""

from dataclasses import dataclass
from random import Random

LOTS, BIDDERS = 200, 100
SHARE_PERCENT = 25


@dataclass(frozen=True)
class Instance:
    """What is to be allocated, in plain integers; no limit where ``max_lots`` alone is given."""

    bids: tuple[tuple[int, tuple[int, ...], int], ...]
    max_lots: int
    small: frozenset[int] = frozenset()
    capacity: tuple[int, ...] = ()
    volume: tuple[int, ...] = ()


def packages(seed: int = 11) -> Instance:
    """Draw single bids and packages under a cap, capacities and a share for small bidders."""
    random = Random(seed)
    worth = [random.randrange(2_000_000, 15_000_000) for _ in range(LOTS)]
    bids = []
    for bidder in range(BIDDERS):
        mine = sorted(random.sample(range(LOTS), random.randrange(40, 70)))
        levels = {lot: random.uniform(0.85, 1.4) for lot in mine}
        bids += [(bidder, (lot,), round(worth[lot] * levels[lot])) for lot in mine]
        for _ in range(random.randrange(15, 25)):
            several = tuple(sorted(random.sample(mine, random.randrange(2, 6))))
            price = sum(worth[lot] * levels[lot] for lot in several)
            bids.append((bidder, several, round(price * random.uniform(0.92, 1.0))))
    return Instance(
        bids=tuple(bids),
        max_lots=15,
        small=frozenset(random.sample(range(BIDDERS), 33)),
        capacity=tuple(random.randrange(60, 200) for _ in range(BIDDERS)),
        volume=tuple(random.randrange(2, 20) for _ in range(LOTS)),
    )


def singles(seed: int = 12) -> Instance:
    """Draw single bids of everybody for every lot, at most five lots for each bidder."""
    random = Random(seed)
    worth = [random.randrange(2_000_000, 15_000_000) for _ in range(LOTS)]
    bids = [
        (bidder, (lot,), round(worth[lot] * random.uniform(0.85, 1.4)))
        for bidder in range(BIDDERS)
        for lot in range(LOTS)
    ]
    return Instance(tuple(bids), max_lots=5)
