"""Lots on a square, and packages of neighbours: hard for a search tree, small for a test."""

from random import Random

from procurement.scoring.allocation.problem import Offer, Problem, Rules

SIDE, PACKAGES, BIDDERS = 9, 400, 30
OPTIMUM = 85_584
"""Of ``regions()``: CP-SAT 9.15 proved it too."""
MOST = 9


def regions(seed=4):
    """Return a problem that needs a few nodes: packages that overlap, and a dear offer per lot."""
    random = Random(seed)
    lots = [f"{x}-{y}" for x in range(SIDE) for y in range(SIDE)]
    worth = {lot: random.randrange(800, 1600) for lot in lots}
    offers = [an_offer(f"s{lot}", "z", (lot,), int(worth[lot] * 1.3)) for lot in lots]
    for k in range(PACKAGES):
        names = tuple(f"{x}-{y}" for x, y in sorted(a_region(random)))
        price = round(sum(worth[name] for name in names) * random.uniform(0.85, 1.05))
        offers.append(an_offer(f"p{k}", f"b{k % BIDDERS}", names, price))
    caps = {f"b{k}": MOST for k in range(BIDDERS)}
    rules = Rules(max_packages=2, max_lots_of=caps)
    return Problem(lots=tuple(lots), offers=tuple(offers), rules=rules)


def a_region(random):
    """Grow three to six neighbouring places from a first one."""
    region = {(random.randrange(SIDE), random.randrange(SIDE))}
    for _ in range(random.randrange(2, 6)):
        near = {(x + i, y + j) for x, y in region for i, j in ((0, 1), (1, 0), (0, -1), (-1, 0))}
        inside = {(x, y) for x, y in near if 0 <= x < SIDE and 0 <= y < SIDE}
        region.add(random.choice(sorted(inside - region)))
    return region


def an_offer(name, bidder, lots, price):
    return Offer(id=name, bidder=bidder, lots=lots, cost=price, price=price)
