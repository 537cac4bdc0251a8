"""What the sections of a record hold: every field, its type and its bounds."""

from typing import Any

from .shape import (
    Check,
    among,
    day,
    digest,
    exact,
    fields,
    kinds,
    listed,
    mapped,
    named,
    perhaps,
    share,
    text,
    whole,
    yes_or_no,
)

KIND: dict[str, Check] = {"kind": text}
UNIT = among("day", "month", "year", "hour", "percent", "point", "piece", "centime", "one")
QUANTITY = fields({"value": exact(), "unit": UNIT})
POINTS = exact(0, 100)
MONEY = whole()

GATE = fields({"threshold": exact()}, {"zero_excludes": yes_or_no})
PREFERENCE = fields({}, {"applies": yes_or_no, "reason": text})
STEPS = listed(fields({"at": exact(), "points": POINTS}), least=1, most=1_000)
PARAMETERS = mapped(exact(0), most=10)


def criterion(value: Any, place: str) -> None:
    """Check one node of the tree of criteria, and all that it holds."""
    fields(
        {"id": named, "weight": whole(0, 10_000), "kind": KINDS},
        {"title": text, "minimum": perhaps(POINTS), "worth": perhaps(MONEY)},
    )(value, place)


FLOW = fields({"name": named, "first": whole(0, 60), "last": whole(0, 60)})
KINDS = kinds(
    price=fields(KIND | {"formula": named}, {"parameters": PARAMETERS, "floor": perhaps(MONEY)}),
    judged=fields(
        KIND,
        {
            "low": exact(),
            "high": exact(),
            "aggregate": among("mean", "median"),
            "absent": among("error", "skip"),
            "dispute": perhaps(exact()),
        },
    ),
    absolute=fields(KIND | {"best": exact(), "worst": exact(), "unit": UNIT}),
    steps=fields(KIND | {"steps": STEPS, "unit": UNIT}),
    life_cycle_cost=fields(
        KIND
        | {
            "rate": exact(0),
            "years": whole(1, 60),
            "flows": listed(FLOW, most=1_000),
            "formula": named,
        },
        {"timing": among("start", "end"), "residual": yes_or_no, "parameters": PARAMETERS},
    ),
    evidence=fields(
        KIND
        | {
            "metric": named,
            "level": share,
            "steps": STEPS,
            "min_exposure": QUANTITY,
            "min_coverage": exact(),
        },
        {"unit": UNIT, "too_little": among("neutral", "error"), "neutral": POINTS},
    ),
    branch=fields(KIND | {"criteria": listed(criterion, least=1, most=1_000)}),
)
MARGIN = fields(
    {"percent": exact(0), "legal_basis": text},
    {"applies_to": among("foreign"), "base": among("price", "adjusted_for_scope")},
)
METHOD = kinds(
    reference_price=fields(
        KIND | {"category": among("works", "supplies", "services")},
        {"rules": named, "gate": perhaps(GATE), "preference": PREFERENCE},
    ),
    studies=fields(KIND | {"price_weight": share, "threshold": POINTS}, {"rules": named}),
    purchase_order=fields(KIND, {"rules": named}),
    value_for_money=fields(
        KIND | {"criteria": listed(criterion, least=1, most=1_000)},
        {
            "objective": among("points", "money"),
            "points_decimals": whole(0, 6),
            "rounding": among("half_up", "half_even", "down", "up"),
            "round_at": among("criterion", "total"),
            "margin": perhaps(MARGIN),
            "ties": listed(text, most=1_000),
        },
    ),
)
LIMITS = fields(
    {},
    {
        "max_lots": perhaps(whole(1)),
        "sme_share": perhaps(exact()),
        "capacity": mapped(MONEY),
    },
)
LOT = fields({"id": named}, {"title": text, "estimate": perhaps(whole(1))})
TENDER = fields(
    {"id": named, "opened_on": day, "method": METHOD, "lots": listed(LOT, least=1)},
    {
        "title": text,
        "currency": among("MAD", "EUR", "USD"),
        "allocation": among("in_order", "together"),
        "limits": LIMITS,
        "draw_commitment": perhaps(digest),
    },
)

STATUS = among("company", "cooperative", "union_of_cooperatives", "auto_entrepreneur")
BIDDER = fields(
    {"id": named},
    {
        "name": text,
        "status": STATUS,
        "established": yes_or_no,
        "moroccan_share": perhaps(share),
        "sme": yes_or_no,
    },
)
BID = fields(
    {"id": named, "bidder": named, "lots": listed(named, least=1), "price": MONEY},
    {
        "admitted": yes_or_no,
        "refusal": text,
        "technical": perhaps(POINTS),
        "technical_parts": mapped(exact()),
        "answers": mapped(QUANTITY),
        "flows": mapped(listed(MONEY, most=61)),
        "residual": MONEY,
        "scope_adjustment": whole(-(10**18)),
    },
)
MARK = fields(
    {"evaluator": named, "bid": named, "criterion": named, "points": perhaps(exact())},
    {"reason": text},
)
EVIDENCE = fields(
    {
        "bid": named,
        "criterion": named,
        "metric": named,
        "level": share,
        "lower_bound": QUANTITY,
        "exposure": QUANTITY,
        "coverage": exact(),
        "pack": digest,
    },
    {"quantiles": listed(whole(-(10**18)))},
)
DOSSIER = fields(
    {"bidders": listed(BIDDER), "bids": listed(BID)},
    {
        "marks": listed(MARK, most=2_000_000),
        "evidence": listed(EVIDENCE),
        "rejections": listed(fields({"lot": named, "bid": named, "reason": text})),
        "seed": perhaps(text),
    },
)


def value_of_a_line(value: Any, place: str) -> None:
    """Check an integer or a text."""
    if type(value) is not int:
        text(value, place)


LINES = listed(
    fields({"code": text}, {"subject": text, "values": mapped(value_of_a_line), "rule": text}),
    most=20_000_000,
)
OUTCOME = fields(
    {
        "engine": text,
        "rules": text,
        "lots": listed(
            fields(
                {"lot": text, "status": text},
                {
                    "winner": perhaps(text),
                    "amount": perhaps(whole()),
                    "ranking": listed(fields({"bid": text, "rank": whole(1), "key": text})),
                    "excluded": listed(fields({"bid": text, "code": text}, {"rule": text})),
                    "lines": LINES,
                    "warnings": LINES,
                },
            )
        ),
    },
    {
        "packages": listed(fields({"bid": text, "lots": listed(text), "amount": whole()})),
        "lines": LINES,
    },
)
RECORD = fields(
    {
        "tender": fields({"tender": TENDER, "seal": text}),
        "dossier": DOSSIER,
        "engine": fields(
            {
                "name": text,
                "rules": text,
                "evaluated_at": perhaps(text),
                "versions": mapped(text),
            }
        ),
        "randomness": fields(
            {"draw_commitment": perhaps(text), "draw_seed": perhaps(text), "stream": text}
        ),
        "outcome": OUTCOME,
    }
)
