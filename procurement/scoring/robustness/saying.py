"""The robustness report in lines: every figure a sentence, nothing that sounds like a decision."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from procurement.scoring.outcome import Line
from procurement.scoring.quantities import rounded
from procurement.scoring.robustness.counting import Counts
from procurement.scoring.robustness.extent import FOREMOST, REPEATED_ALONE_UP_TO

if TYPE_CHECKING:
    from procurement.scoring.robustness.report import Robustness

NOTICE = Line(code="robustness.notice")


def lines_of(found: Robustness) -> tuple[Line, ...]:
    """Return the notice and every figure, in the order of the report."""
    return (
        NOTICE,
        *_left_out(found),
        *_draws(found),
        *_exact_shares(found),
        *_pairs(found),
        *_sweeps(found),
        *_certificates(found),
        *_other_draws(found),
        *_central(found),
        *_withdrawals(found),
        *_prices(found),
        *_evaluators(found),
    )


def warnings_of(found: Robustness) -> tuple[Line, ...]:
    """Return what the committee should have seen before the award."""
    kinds = (_reversals(found), _close(found), _one_evaluator(found), _disputed(found))
    return tuple(line for kind in kinds for line in _first_of(kind))


def _left_out(found: Robustness) -> Iterator[Line]:
    """Say what a large lot is not asked, so that nobody takes silence for an answer."""
    bids, criteria = len(found.order), len(found.matrix.criteria)
    if bids > len(found.foremost):
        yield Line(code="robustness.foremost", values={"bids": bids, "shown": len(found.foremost)})
    if criteria > len(found.sweeps):
        yield Line(
            code="robustness.varied", values={"criteria": criteria, "shown": len(found.sweeps)}
        )
    if found.pairs_left:
        yield Line(code="robustness.pairs_left", values={"most": found.pairs_left})
    if found.withdrawals is None and bids > REPEATED_ALONE_UP_TO:
        yield Line(code="robustness.withdrawals_left", values={"most": REPEATED_ALONE_UP_TO})


def _first_of(found: Iterator[Line]) -> Iterator[Line]:
    """Keep the first warnings of a kind, and say how many there are."""
    lines = tuple(found)
    yield from lines[:FOREMOST]
    if len(lines) > FOREMOST:
        yield Line(
            code="robustness.first_warnings", values={"count": len(lines), "shown": FOREMOST}
        )


def percent(share: Fraction) -> str:
    """Write a share of 1 in percent with one decimal, half up: more would claim too much."""
    return decimal(share * 100, 1)


def decimal(value: Fraction, places: int) -> str:
    """Write a number with a fixed count of decimals, half up."""
    whole = rounded(value * 10**places)
    digits = f"{abs(whole):0{places + 1}d}"
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"-{text}" if whole < 0 else text


def _draws(found: Robustness) -> Iterator[Line]:
    yield Line(
        code="robustness.stream",
        values={
            "stream": found.stream,
            "seed": f"{found.seed:032x}",
            "draws": found.counts.proposed,
            "error": decimal(Fraction(196 * found.standard_error).limit_denominator(10**9), 2),
        },
    )
    yield from _first(found, found.counts, "robustness.first_in_draws")


def _first(found: Robustness, counts: Counts, code: str) -> Iterator[Line]:
    for bid in found.foremost:
        row = counts.ranks[found.matrix.bids.index(bid)]
        share = Fraction(int(row[0]), counts.accepted or 1)
        yield Line(
            code=code,
            subject=bid,
            values={"share": percent(share), "count": int(row[0]), "draws": counts.accepted},
        )


def _exact_shares(found: Robustness) -> Iterator[Line]:
    for bid, share in zip(found.matrix.bids, found.first_rank or (), strict=False):
        if bid in found.foremost:
            yield Line(
                code="robustness.first_exact",
                subject=bid,
                values={"share": percent(share), "exact": str(share)},
            )


def _pairs(found: Robustness) -> Iterator[Line]:
    winner = found.matrix.bids.index(found.order[0])
    for other in found.foremost[1:]:
        sure = float(found.pairwise[winner, found.matrix.bids.index(other)])
        yield Line(
            code="robustness.before",
            subject=found.order[0],
            values={"other": other, "share": percent(Fraction(sure).limit_denominator(10**9))},
        )


def _sweeps(found: Robustness) -> Iterator[Line]:
    for varied in found.sweeps:
        for span in varied.spans:
            yield Line(
                code="robustness.sweep",
                subject=span.bid,
                values={
                    "criterion": varied.criterion,
                    "low": percent(span.low),
                    "high": percent(span.high),
                    "published": percent(varied.published),
                },
            )


def _certificates(found: Robustness) -> Iterator[Line]:
    for proof in found.can_win:
        if proof.verdict == "can_win":
            parts = zip(found.matrix.criteria, proof.weights, strict=True)
            yield Line(
                code="robustness.can_win",
                subject=proof.bid,
                values={"weights": _mixed(list(parts))},
            )
        elif proof.verdict == "never_wins":
            yield Line(
                code="robustness.never_wins",
                subject=proof.bid,
                values={"mixture": _mixed(list(proof.mixture.items()))},
            )
        else:
            yield Line(code="robustness.not_decided", subject=proof.bid)


def _mixed(parts: list[tuple[str, int]]) -> str:
    # « A 73, B 14, C 13 »: whole shares, the largest first.
    parts = sorted((part for part in parts if part[1]), key=lambda part: -part[1])
    return ", ".join(f"{name} {share}" for name, share in parts)


def _other_draws(found: Robustness) -> Iterator[Line]:
    if found.restricted:
        yield Line(
            code="robustness.bands",
            values={
                "accepted": found.restricted.accepted,
                "proposed": found.restricted.proposed,
            },
        )
        yield from _first(found, found.restricted, "robustness.first_in_bands")
    if found.uncertain:
        yield from _first(found, found.uncertain, "robustness.first_with_evidence")


def _central(found: Robustness) -> Iterator[Line]:
    for one in found.central:
        shares = zip(found.matrix.criteria, one.shares(), strict=True)
        weights = ", ".join(f"{name} {percent(share)} %" for name, share in shares)
        yield Line(code="robustness.central", subject=one.bid, values={"weights": weights})
        if one.sample:
            yield Line(
                code="robustness.confidence",
                subject=one.bid,
                values={"share": percent(one.confidence()), "draws": one.sample},
            )


def _withdrawals(found: Robustness) -> Iterator[Line]:
    if found.withdrawals:
        yield Line(
            code="robustness.withdrawals",
            values={
                "tried": found.withdrawals.tried,
                "reversals": len(found.withdrawals.reversals),
            },
        )


def _prices(found: Robustness) -> Iterator[Line]:
    for bid, price in found.break_even:
        if price is None:
            yield Line(code="robustness.no_price", subject=bid)
        else:
            yield Line(code="robustness.break_even", subject=bid, values={"price": price})


def _evaluators(found: Robustness) -> Iterator[Line]:
    for one in found.without_evaluator:
        if one.winner is None:
            yield Line(code="robustness.without_none", values={"evaluator": one.evaluator})
        else:
            yield Line(
                code="robustness.without_evaluator",
                subject=one.winner,
                values={"evaluator": one.evaluator, "margin": decimal(one.margin, 2)},
            )
    for panel in found.agreement:
        if panel.kendall_w is not None:
            yield Line(
                code="robustness.agreement",
                values={"criterion": panel.criterion, "w": decimal(panel.kendall_w, 2)},
            )


def _reversals(found: Robustness) -> Iterator[Line]:
    if found.withdrawals is None:
        return
    for turn in found.withdrawals.reversals:
        values: dict[str, int | str] = {
            "withdrawn": " + ".join(turn.withdrawn),
            "expected": turn.expected,
        }
        if turn.winner is None:
            yield Line(code="robustness.reversal_none", values=values)
        else:
            yield Line(code="robustness.reversal", subject=turn.winner, values=values)


def _close(found: Robustness) -> Iterator[Line]:
    step = decimal(Fraction(1, 10**found.matrix.decimals), found.matrix.decimals)
    for call in found.close_calls:
        yield Line(
            code="robustness.below_resolution",
            subject=call.ahead,
            values={
                "behind": call.behind,
                "lead": decimal(call.lead, found.matrix.decimals + 4),
                "step": step,
            },
        )


def _one_evaluator(found: Robustness) -> Iterator[Line]:
    for one in found.without_evaluator:
        if one.winner not in (None, found.order[0]):
            yield Line(
                code="robustness.one_evaluator",
                subject=found.order[0],
                values={"evaluator": one.evaluator, "other": str(one.winner)},
            )


def _disputed(found: Robustness) -> Iterator[Line]:
    unit, places = 10**found.matrix.decimals, found.matrix.decimals
    for mark in found.disputed:
        yield Line(
            code="robustness.disputed",
            subject=mark.bid,
            values={
                "evaluator": mark.evaluator,
                "criterion": mark.criterion,
                "mark": decimal(Fraction(mark.mark, unit), places),
                "median": decimal(mark.median / unit, places),
            },
        )
