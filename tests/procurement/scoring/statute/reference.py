"""A second, slow reading of the decree in fractions: what the engine is compared with."""

from fractions import Fraction

LOW = {"works": Fraction(1, 5), "supplies": Fraction(1, 4), "services": Fraction(1, 4)}


def ranked(prices, estimate, category="supplies", rates=None, equality="below"):
    """Return {bid: rank} by articles 43 and 44, comparing every offer with every other."""
    rates = rates or {}
    top, bottom = estimate * Fraction(6, 5), estimate * (1 - LOW[category])
    kept = {bid: Fraction(price) for bid, price in prices.items() if bottom <= price <= top}
    if not kept:
        return {}
    reference = (Fraction(estimate) + sum(kept.values()) / len(kept)) / 2
    moved = {}
    for bid, price in kept.items():
        rate = rates.get(bid, 0)
        if price < reference:
            moved[bid] = price - price * rate
        elif price > reference:
            moved[bid] = price + price * rate
        else:
            moved[bid] = price
    return {bid: 1 + sum(_before(moved, other, bid, reference, equality) for other in kept)
            for bid in kept}  # fmt: skip


def _before(moved, other, bid, reference, equality):
    def below(one):
        return moved[one] < reference or (moved[one] == reference and equality == "below")

    if below(other) != below(bid):
        return below(other)
    if below(bid):
        return moved[other] > moved[bid]
    return moved[other] < moved[bid]
