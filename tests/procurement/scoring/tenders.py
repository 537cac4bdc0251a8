"""Random tenders from a seed, with the cases that break algorithms put in on purpose.

``statutory(seed)`` and ``value(seed)`` return a tender's file as JSON data. All names are made up.
"""

import hashlib
from random import Random
from typing import Any

from tests.procurement.scoring import criteria_trees

Json = dict[str, Any]

CATEGORIES = ("works", "supplies", "services")
STATUSES = ("company", "company", "company", "cooperative", "auto_entrepreneur")
UNIT = 2_000  # centimes: 20 % and 25 % of an estimate are then whole
# What an offer may be, in hundredths of the estimate, when it is put on an edge.
EDGES = (75, 80, 85, 100, 115, 120, 125)


def any_tender(seed: int) -> Json:
    """Return a tender's file under any method."""
    return value(seed) if seed % 2 else statutory(seed)


def statutory(seed: int) -> Json:
    """Return a tender's file under a method of the decree."""
    random = Random(f"statutory {seed}")
    method = _method(random)
    count = random.choice((1, 1, 1, 2, 3)) if method["kind"] == "reference_price" else 1
    estimates = [random.randrange(50, 5_000) * UNIT for _ in range(count)]
    lots = [{"id": f"L{place}", "estimate": one} for place, one in enumerate(estimates, 1)]
    if method["kind"] == "purchase_order" and random.random() < 0.5:
        del lots[0]["estimate"]
    bidders = _bidders(random, random.choice((0, 1, 2, 3, 4, 5, 8)))
    bids = []
    for place, estimate in enumerate(estimates, 1):
        for bidder, price in zip(bidders, _prices(random, estimate, len(bidders)), strict=True):
            if place == 1 or random.random() < 0.8:
                bids.append(_bid(random, method, f"L{place}", bidder["id"], price))
    tender = {"method": method, "lots": lots}
    if count > 1 and random.random() < 0.6:
        tender["limits"] = {"max_lots": random.choice((1, 1, 2))}
    return _file(random, seed, tender, bidders, bids)


def value(seed: int) -> Json:
    """Return a tender's file under published criteria."""
    random = Random(f"value {seed}")
    method = criteria_trees.method(random, money=random.random() < 0.25)
    lots = [{"id": f"L{place}"} for place in range(1, random.choice((2, 2, 2, 3)))]
    bidders = _bidders(random, random.choice((1, 2, 3, 4, 6)))
    bids, marks, evidence = [], [], []
    for lot in lots:
        prices = _prices(random, random.randrange(50, 5_000) * UNIT, len(bidders))
        for bidder, price in zip(bidders, prices, strict=True):
            bid = _offer(random, f"{bidder['id']}-{lot['id']}", lot["id"], bidder["id"], price)
            criteria_trees.answer(random, method, bid, marks, evidence)
            bids.append(bid)
    _copy_one(random, bids, marks, evidence)
    file = _file(random, seed, {"method": method, "lots": lots}, bidders, bids)
    return {**file, "dossier": {**file["dossier"], "marks": marks, "evidence": evidence}}


def together(seed: int) -> Json:
    """Return a tender's file whose lots are awarded together, with packages and limits."""
    random = Random(f"together {seed}")
    method = criteria_trees.method(random, money=True)
    lots = [{"id": f"L{place}"} for place in range(1, random.choice((2, 3, 4, 5)))]
    bidders = _bidders(random, random.choice((2, 3, 4)))
    names = [lot["id"] for lot in lots]
    bids, marks, evidence = [], [], []
    for bidder in bidders:
        wanted = [[name] for name in names if random.random() < 0.8]
        if len(names) > 1 and random.random() < 0.6:
            wanted.append(random.sample(names, random.randint(2, len(names))))
        for number, several in enumerate(wanted):
            price = random.choice((900_000, random.randrange(500_000, 2_000_000))) * len(several)
            bid = _offer(random, f"{bidder['id']}-{number}", several[0], bidder["id"], price)
            bid["lots"] = several
            criteria_trees.answer(random, method, bid, marks, evidence)
            bids.append(bid)
    limits: Json = {}
    if random.random() < 0.5:
        limits["max_lots"] = random.choice((1, 2, 2))
    if random.random() < 0.3:
        limits["sme_share"] = random.choice(("0.2", "1/3"))
    if random.random() < 0.3:
        limits["capacity"] = {bidders[0]["id"]: random.randrange(1_000_000, 4_000_000)}
    tender = {"method": method, "lots": lots, "allocation": "together", "limits": limits}
    file = _file(random, seed, tender, bidders, bids)
    return {**file, "dossier": {**file["dossier"], "marks": marks, "evidence": evidence}}


def _method(random: Random) -> Json:
    kind = random.choice(("reference_price",) * 4 + ("studies", "purchase_order"))
    if kind == "studies":
        weight = random.choice(("0.10", "0.2", "3/10", "0.40"))
        return {"kind": kind, "price_weight": weight, "threshold": random.choice(("60", "70"))}
    if kind == "purchase_order":
        return {"kind": kind}
    method: Json = {"kind": kind, "category": random.choice(CATEGORIES)}
    if random.random() < 0.4:
        method["gate"] = {"threshold": "70", "zero_excludes": random.random() < 0.5}
    if random.random() < 0.6:
        method["preference"] = {"applies": True}
    elif random.random() < 0.5:
        method["preference"] = {"applies": False, "reason": "a free-trade agreement (fictional)"}
    return method


def _bidders(random: Random, count: int) -> list[Json]:
    found = []
    for place in range(count):
        bidder: Json = {"id": f"B{place}", "status": random.choice(STATUSES)}
        bidder["sme"] = random.random() < 0.4
        if random.random() < 0.35:
            bidder["established"] = False
            if random.random() < 0.5:
                bidder["moroccan_share"] = random.choice(("0", "0.1", "29/100", "0.3", "1/2"))
        found.append(bidder)
    return found


def _prices(random: Random, estimate: int, count: int) -> list[int]:
    """Draw prices: anywhere, on an edge, a centime beside it, equal, or around the estimate."""
    style = random.choice(("anywhere", "near", "around", "equal"))
    prices = [_price(random, estimate, style) for _ in range(count)]
    if count > 1 and random.random() < 0.4:
        prices[1] = prices[0]
    if count > 2 and style == "around":  # the mean is the estimate: one offer is the reference
        step = random.randrange(1, estimate // 10)
        prices = [estimate, *([estimate - step, estimate + step] * count)][:count]
        prices = prices if count % 2 else [*prices[: count - 1], estimate]
    return prices


def _price(random: Random, estimate: int, style: str) -> int:
    if style == "equal":
        return estimate * 95 // 100
    if random.random() < 0.25:
        return estimate * random.choice(EDGES) // 100 + random.choice((-1, 0, 0, 0, 1))
    low, high = (70, 130) if style == "anywhere" else (92, 108)
    return random.randrange(estimate * low // 100, estimate * high // 100)


def _offer(random: Random, bid: str, lot: str, bidder: str, price: int) -> Json:
    found: Json = {"id": bid, "bidder": bidder, "lots": [lot], "price": price}
    if random.random() < 0.08:
        found |= {"admitted": False, "refusal": "the file is incomplete (fictional)"}
    return found


def _bid(random: Random, method: Json, lot: str, bidder: str, price: int) -> Json:
    found = _offer(random, f"{bidder}-{lot}", lot, bidder, price)
    if "gate" in method or method["kind"] == "studies":
        parts = [random.choice((0, 25, 30, 35, 35, 40, 45, 50)) for _ in range(2)]
        found["technical"] = str(random.choice((sum(parts), 70, 85)))
        found["technical_parts"] = {"team": str(parts[0]), "plan": str(parts[1])}
    return found


def _copy_one(random: Random, bids: list[Json], marks: list[Json], evidence: list[Json]) -> None:
    """Make the second bid of the first lot equal to the first one in everything but its name."""
    twins = [bid for bid in bids if bid["lots"] == ["L1"]][:2]
    if len(twins) < 2 or random.random() < 0.6:
        return
    first, second = twins
    for key in ("price", "answers", "flows", "residual", "scope_adjustment"):
        second.pop(key, None)
        second.update({key: first[key]} if key in first else {})
    for received in (marks, evidence):
        received[:] = [one for one in received if one["bid"] != second["id"]]
        received.extend(
            {**one, "bid": second["id"]} for one in [*received] if one["bid"] == first["id"]
        )


def _file(random: Random, seed: int, tender: Json, bidders: list[Json], bids: list[Json]) -> Json:
    secret = f"seed {seed}" + " of a draw that nobody could have guessed" * (seed % 3 > 0)
    sealed = random.random() < 0.8
    tender = {"id": f"T{seed}", "opened_on": "2026-03-10", **tender}
    dossier: Json = {"bidders": bidders, "bids": bids}
    if sealed:
        tender["draw_commitment"] = hashlib.sha256(secret.encode()).hexdigest()
        if random.random() < 0.9:
            dossier["seed"] = secret
    return {"format": "tajhiz.evaluation/1", "tender": tender, "dossier": dossier}


def rejecting(file: Json, lot: str, bid: str) -> Json:
    """Return the file with one more bid rejected after the ranking: the one that was first."""
    act = {"lot": lot, "bid": bid, "reason": "its prices are not justified (fictional)"}
    dossier = file["dossier"]
    return {**file, "dossier": {**dossier, "rejections": [*dossier.get("rejections", []), act]}}
