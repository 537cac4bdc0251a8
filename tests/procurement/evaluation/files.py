"""Small fictional tenders whose answers are known by hand."""

from typing import Any

from procurement.scoring import reading, record

Json = dict[str, Any]
NAMES = ("Atlas Imagerie", "Oued Médical", "Rif Santé", "شركة الأطلس الطبية", "Souss Équipements")


def supplies(prices: dict[str, int], *, estimate: int = 100_000_000, **method: Any) -> Json:
    """Return a tender for supplies with one lot; ``prices`` in centimes by bid."""
    return of(
        {"kind": "reference_price", "category": "supplies", **method},
        [{"id": "1", "title": "Échographes portables", "estimate": estimate}],
        [
            {"id": bid, "bidder": f"B-{bid}", "lots": ["1"], "price": price}
            for bid, price in prices.items()
        ],
    )


def of(method: Json, lots: list[Json], bids: list[Json], **more: Any) -> Json:
    """Return a tender's file; every bidder has a name that says it is fictional."""
    bidders = dict.fromkeys(bid["bidder"] for bid in bids)
    dossier = more.pop("dossier", {})
    return {
        "format": "tajhiz.evaluation/1",
        "tender": {
            "id": "MD-2026-017",
            "title": "Échographes pour les centres de santé (dossier fictif)",
            "opened_on": "2026-03-12",
            "method": method,
            "lots": lots,
            **more,
        },
        "dossier": {
            "bidders": [
                {"id": one, "name": f"{NAMES[place % len(NAMES)]} {place + 1} (fictif)"}
                for place, one in enumerate(bidders)
            ],
            "bids": bids,
            **dossier,
        },
    }


def made(file: Json) -> Json:
    """Return the record of a file."""
    return record.make(reading.checked(file))


def first_vector() -> Json:
    """Six offers around an estimate of a million: F wins, two are outside the bounds."""
    return made(
        supplies(
            {
                "A": 125_000_000, "B": 74_000_000, "C": 120_000_000, "D": 75_000_000,
                "F": 93_000_000, "G": 98_500_000,
            }
        )
    )  # fmt: skip


def many(count: int) -> Json:
    """Return the record of as many offers as asked for, each with a long name."""
    file = supplies({f"P{place:02d}": 90_000_000 + place * 370_013 for place in range(count)})
    for one in file["dossier"]["bidders"]:
        one["name"] += " Société anonyme de distribution de matériel biomédical"
    return made(file)


def three_lots() -> Json:
    """Return a record of three lots: one awarded, one unsuccessful, one that waits for a draw."""
    lots = [
        {"id": one, "title": title, "estimate": 100_000_000}
        for one, title in (("1", "Échographes"), ("2", "Moniteurs"), ("3", "Couveuses"))
    ]
    prices = {
        "1": (95_000_000, 97_000_000),
        "2": (150_000_000, 160_000_000),
        "3": (95_000_000, 95_000_000),
    }
    bids = [
        {"id": f"{lot}-{place}", "bidder": f"B-{place}", "lots": [lot], "price": price}
        for lot, both in prices.items()
        for place, price in enumerate(both)
    ]
    return made(of({"kind": "reference_price", "category": "supplies"}, lots, bids))


def studies() -> Json:
    """Return a record of studies with a price weight of 30 %: A wins with 86.17."""
    bids = [
        {"id": bid, "bidder": f"B-{bid}", "lots": ["1"], "price": price, "technical": mark}
        for bid, price, mark in (
            ("A", 45_000_000, "85"),
            ("B", 40_000_000, "78"),
            ("C", 41_000_000, "60"),
        )
    ]
    method = {"kind": "studies", "price_weight": "0.30", "threshold": "70"}
    return made(of(method, [{"id": "1", "estimate": 45_000_000}], bids))


def points(count: int = 3) -> Json:
    """Return a record under three published criteria."""
    criteria = [
        {
            "id": "price",
            "title": "Prix",
            "weight": 4000,
            "kind": {"kind": "price", "formula": "low_over_price"},
        },
        {
            "id": "delivery",
            "title": "Délai de livraison",
            "weight": 2500,
            "kind": {"kind": "absolute", "best": "30", "worst": "120", "unit": "day"},
        },
        {
            "id": "warranty",
            "title": "Garantie",
            "weight": 3500,
            "kind": {"kind": "absolute", "best": "60", "worst": "12", "unit": "month"},
        },
    ]
    bids = [
        {
            "id": f"P{place:02d}", "bidder": f"B{place:02d}", "lots": ["1"],
            "price": 80_000_000 + place * 4_100_000,
            "answers": {
                "delivery": {"value": str(30 + (place * 37) % 90), "unit": "day"},
                "warranty": {"value": str(12 + (place * 23) % 48), "unit": "month"},
            },
        }
        for place in range(count)
    ]  # fmt: skip
    return made(
        of(
            {"kind": "value_for_money", "criteria": criteria},
            [{"id": "1", "title": "Échographes"}],
            bids,
        )
    )


def reversed_points() -> Json:
    """Return a record in which B wins only because of C, dearer than all and worth nothing."""
    criteria = [
        {
            "id": "price",
            "title": "Prix",
            "weight": 5000,
            "kind": {"kind": "price", "formula": "linear_min_max"},
        },
        {
            "id": "warranty",
            "title": "Garantie",
            "weight": 5000,
            "kind": {"kind": "absolute", "best": "100", "worst": "0", "unit": "month"},
        },
    ]
    bids = [
        {
            "id": bid,
            "bidder": f"B-{bid}",
            "lots": ["1"],
            "price": price,
            "answers": {"warranty": {"value": months, "unit": "month"}},
        }
        for bid, price, months in (
            ("A", 10_000_000, "60"),
            ("B", 11_000_000, "75"),
            ("C", 20_000_000, "0"),
        )
    ]
    return made(of({"kind": "value_for_money", "criteria": criteria}, [{"id": "1"}], bids))


def worth() -> Json:
    """Return a record with quality in money: B is dearer than A by less than A's lack is worth."""
    criteria = [
        {"id": "warranty", "title": "Garantie", "weight": 10000, "worth": 100_000,
         "kind": {"kind": "absolute", "best": "100", "worst": "0", "unit": "month"}},
    ]  # fmt: skip
    bids = [
        {"id": bid, "bidder": f"B-{bid}", "lots": ["1"], "price": price,
         "answers": {"warranty": {"value": months, "unit": "month"}}}
        for bid, price, months in (
            ("A", 10_000_000, "60"), ("B", 11_000_000, "80"), ("C", 14_000_000, "100"),
        )
    ]  # fmt: skip
    method = {"kind": "value_for_money", "objective": "money", "criteria": criteria}
    return made(of(method, [{"id": "1"}], bids))


def statute_reversed() -> Json:
    """Return a record in which C wins only because of D, far above the reference price."""
    prices = {"B": 90_000_000, "C": 97_500_000, "D": 115_000_000, "X": 150_000_000}
    return made(supplies(prices))


def robust(made_record: Json) -> dict[str, Any]:
    """Return what the robustness engine says about the only lot of a record."""
    from procurement.scoring import value
    from procurement.scoring.robustness.report import robustness

    file = record.file_of(made_record)
    matrix = value.score_matrix(file.tender, file.dossier, "1")
    return {"1": robustness(matrix, seed=7, draws=2**14)}


def capped() -> Json:
    """Return a record of two lots of which one bidder may win one: A is set aside from the second.

    Its price there, the lowest, sets no reference for the others.
    """
    criteria = [
        {"id": "price", "weight": 4000, "kind": {"kind": "price", "formula": "low_over_price"}},
        {
            "id": "quality",
            "weight": 6000,
            "kind": {"kind": "absolute", "best": "100", "worst": "0", "unit": "point"},
        },
    ]
    bids = [
        {
            "id": bid, "bidder": bid[0], "lots": [bid[1]], "price": price,
            "answers": {"quality": {"value": quality, "unit": "point"}},
        }
        for bid, price, quality in (
            ("A1", 100_000, "90"), ("A2", 100_000, "90"), ("B2", 200_000, "80"),
            ("C2", 220_000, "82"),
        )
    ]  # fmt: skip
    method = {"kind": "value_for_money", "criteria": criteria}
    return made(of(method, [{"id": "1"}, {"id": "2"}], bids, limits={"max_lots": 1}))
