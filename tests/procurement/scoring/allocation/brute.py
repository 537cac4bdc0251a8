"""Every allocation of a small problem, by trying all sets of offers; shares no code with ours."""

from fractions import Fraction

from hypothesis import strategies as st

from procurement.scoring.allocation.problem import Offer, Problem, Rules


def everything(problem):
    """Yield (total, offers) of every allocation that keeps the limits."""
    offers = problem.offers

    def grow(place, chosen, covered):
        if place == len(offers):
            if set(problem.lots) - set(problem.optional) <= covered and allowed(problem, chosen):
                yield sum(o.cost for o in chosen), tuple(o.id for o in chosen)
            return
        yield from grow(place + 1, chosen, covered)
        here = offers[place]
        if not covered & set(here.lots):
            yield from grow(place + 1, [*chosen, here], covered | set(here.lots))

    return sorted(grow(0, [], set()))


def allowed(problem, chosen):
    rules = problem.rules
    for bidder in {o.bidder for o in chosen}:
        own = [o for o in chosen if o.bidder == bidder]
        figures = [
            (sum(len(o.lots) for o in own), rules.max_lots_of.get(bidder, rules.max_lots)),
            (
                len([o for o in own if len(o.lots) >= 2]),
                rules.max_packages_of.get(bidder, rules.max_packages),
            ),
            (sum(o.price for o in own), rules.money.get(bidder)),
            (
                sum(rules.volume.get(lot, 0) for o in own for lot in o.lots),
                rules.volume_of.get(bidder),
            ),
        ]
        if any(most is not None and value > most for value, most in figures):
            return False
    small = sum(o.price for o in chosen if o.bidder in problem.sme)
    paid = sum(o.price for o in chosen)
    return rules.sme_share is None or Fraction(small) >= rules.sme_share * paid


BIDDERS = ("a", "b", "c", "d")


@st.composite
def problems(draw, packages=True, optional=False, factor=1):
    """Draw a problem of up to 4 lots and 10 offers under any mixture of limits."""
    lots = tuple(f"L{k}" for k in range(draw(st.integers(1, 4))))
    some = st.sets(st.sampled_from(lots), min_size=1, max_size=3 if packages else 1)
    cost = st.integers(-5 if optional else 1, 12)
    offers = [
        Offer(
            id=f"o{k}",
            bidder=draw(st.sampled_from(BIDDERS)),
            lots=tuple(sorted(draw(some))),
            cost=draw(cost) * factor,
            price=draw(st.integers(0, 9)),
        )
        for k in range(draw(st.integers(1, 10)))
    ]
    return Problem(
        lots=lots,
        offers=tuple(offers),
        rules=draw(rules_for(lots)),
        sme=draw(st.frozensets(st.sampled_from(BIDDERS))),
        optional=frozenset(lots) if optional else frozenset(),
    )


def rules_for(lots):
    few, named = st.integers(0, 3), st.sampled_from(BIDDERS)
    maybe = st.none() | few
    return st.builds(
        Rules,
        max_lots=maybe,
        max_lots_of=st.dictionaries(named, few, max_size=2),
        max_packages=maybe,
        max_packages_of=st.dictionaries(named, few, max_size=1),
        money=st.dictionaries(named, st.integers(0, 20), max_size=2),
        volume=st.just({lot: place + 1 for place, lot in enumerate(lots)}),
        volume_of=st.dictionaries(named, st.integers(0, 8), max_size=2),
        sme_share=st.none() | st.fractions(0, 1, max_denominator=7),
    )
