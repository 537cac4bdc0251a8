"""What is wrong with a tender's rules on paper: sums, thresholds, ties, floors, formulas."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from procurement.scoring.drafting.expected import WHOLE
from procurement.scoring.errors import (
    BadParameter,
    RefusedFormula,
    UnknownFormula,
    WrongParameters,
)
from procurement.scoring.offers import Dossier
from procurement.scoring.outcome import Exact, Line, said
from procurement.scoring.statute.versions import RuleVersion, version
from procurement.scoring.tender import (
    Branch,
    Criterion,
    LifeCycleCost,
    PilotEvidence,
    Price,
    ReferencePrice,
    Steps,
    Studies,
    Tender,
    ValueForMoney,
)
from procurement.scoring.value.formulas import BY_NAME, formula_of
from procurement.scoring.value.refused import REFUSED

FULL = Fraction(100)


def checks(tender: Tender) -> list[Line]:
    """Return the warnings that need no expected price."""
    method = tender.method
    found = list(_limits(tender))
    if isinstance(method, ValueForMoney):
        found += _weights(method.criteria, "")
        for one in _all(method.criteria):
            found += [*_threshold(one), *_formula(one), *_floor(one), *_worthless(one, method)]
        found += _ties(method)
    elif isinstance(method, (ReferencePrice, Studies)):
        found += _gate(method)
    if isinstance(method, Studies):
        found += _weight_of_studies(method, version(method.rules, tender.opened_on))
    if tender.draw_commitment is None and _draws(tender):
        found.append(Line(code="drafting.draw_uncommitted"))
    return found


def opened(dossier: Dossier) -> list[Line]:
    """Warn when it is too late: bids came in under the rules as they were published."""
    values: dict[str, Exact] = {"bids": len(dossier.bids)}
    return [Line(code="drafting.opened", values=values)] if dossier.bids else []


def _all(criteria: tuple[Criterion, ...]) -> Iterator[Criterion]:
    for one in criteria:
        yield one
        if isinstance(one.kind, Branch):
            yield from _all(one.kind.criteria)


def _weights(criteria: tuple[Criterion, ...], above: str) -> Iterator[Line]:
    total = sum(one.weight for one in criteria)
    if total != WHOLE:
        values: dict[str, Exact] = {"total": said(Fraction(total, 100))}
        code = "drafting.weights_below" if above else "drafting.weights"
        yield Line(code=code, subject=above, values=values)
    for one in criteria:
        if not one.weight:
            yield Line(code="drafting.weight_zero", subject=one.id)
        if isinstance(one.kind, Branch):
            yield from _weights(one.kind.criteria, one.id)


def most_points(one: Criterion) -> Fraction:
    """Return the most points out of 100 that a bid can have under a criterion."""
    kind = one.kind
    if isinstance(kind, Branch):
        parts = (most_points(part) * part.weight for part in kind.criteria)
        return sum(parts, Fraction(0)) / WHOLE
    if isinstance(kind, (Steps, PilotEvidence)):
        neutral = [kind.neutral] if isinstance(kind, PilotEvidence) else []
        return max(*(step.points for step in kind.steps), *neutral, Fraction(0))
    return FULL


def _threshold(one: Criterion) -> Iterator[Line]:
    """Warn of a minimum that no bid reaches, or that missing evidence alone fails."""
    if one.minimum is None:
        return
    values: dict[str, Exact] = {"minimum": said(one.minimum), "most": said(most_points(one))}
    if one.minimum > most_points(one):
        yield Line(code="drafting.threshold_unreachable", subject=one.id, values=values)
    kind = one.kind
    if not isinstance(kind, PilotEvidence) or kind.too_little == "error":
        return
    if kind.neutral < one.minimum:
        values = {"minimum": said(one.minimum), "neutral": said(kind.neutral)}
        yield Line(code="drafting.neutral_fails", subject=one.id, values=values)


def _formula(one: Criterion) -> Iterator[Line]:
    """Warn of a formula that the evaluation will refuse, with the reason."""
    if not isinstance(one.kind, (Price, LifeCycleCost)):
        return
    name = one.kind.formula
    values: dict[str, Exact] = {"formula": name}
    try:
        formula_of(name, one.kind.parameters, one.id)
    except RefusedFormula:
        why = REFUSED[name].why if name in REFUSED else REFUSED["belleville"].why
        yield Line(code="drafting.formula_refused", subject=one.id, values=values | {"why": why})
    except UnknownFormula:
        yield Line(code="drafting.formula_unknown", subject=one.id, values=values)
    except WrongParameters as error:
        values["wanted"] = str(error.values["wanted"])
        yield Line(code="drafting.parameters", subject=one.id, values=values)
    except BadParameter as error:
        values |= {"parameter": error.field.rpartition(".")[2], "why": str(error.values["why"])}
        yield Line(code="drafting.parameter", subject=one.id, values=values)
    else:
        if BY_NAME[name].depends_on_other_bids:
            yield Line(code="drafting.relative", subject=one.id, values=values)


def _floor(one: Criterion) -> Iterator[Line]:
    """Warn of a price of zero that the formula cannot mark."""
    if isinstance(one.kind, Price) and not one.kind.floor:
        formula = BY_NAME.get(one.kind.formula)
        if formula is not None and formula.divides:
            yield Line(
                code="drafting.floor_missing", subject=one.id, values={"formula": formula.name}
            )


def _worthless(one: Criterion, method: ValueForMoney) -> Iterator[Line]:
    """Warn of quality that counts for nothing when quality is turned into money."""
    priced = isinstance(one.kind, (Price, LifeCycleCost, Branch))
    if method.objective == "money" and not priced and not one.worth:
        yield Line(code="drafting.worth_missing", subject=one.id)


def _ties(method: ValueForMoney) -> Iterator[Line]:
    known = {one.id for one in _all(method.criteria)}
    for rule in method.ties:
        kind, _, name = rule.partition(":")
        if rule not in {"lower_price", "draw"} and (kind != "higher" or name not in known):
            yield Line(code="drafting.tie_unknown", subject=rule)
    if not method.ties:
        yield Line(code="drafting.ties_missing")
    elif "draw" not in method.ties:
        yield Line(code="drafting.ties_open")


def _draws(tender: Tender) -> bool:
    """Say whether the published rules may end in a draw of lots; the statutory ones always may."""
    return not isinstance(tender.method, ValueForMoney) or "draw" in tender.method.ties


def _gate(method: ReferencePrice | Studies) -> Iterator[Line]:
    gate = method.gate.threshold if isinstance(method, ReferencePrice) and method.gate else None
    threshold = method.threshold if isinstance(method, Studies) else gate
    if threshold is not None and threshold > FULL:
        values: dict[str, Exact] = {"minimum": said(threshold), "most": 100}
        yield Line(code="drafting.gate_unreachable", values=values)


def _weight_of_studies(method: Studies, rules: RuleVersion) -> Iterator[Line]:
    low, high = rules.studies_weight.value
    values: dict[str, Exact] = {"weight": said(100 * method.price_weight)}
    if not 0 < method.price_weight < 1:
        yield Line(code="drafting.price_weight", values=values)
    elif not low <= method.price_weight <= high:
        values |= {"low": said(100 * low), "high": said(100 * high)}
        rule = rules.studies_weight.cited
        yield Line(code="drafting.price_weight_law", values=values, rule=rule)


def _limits(tender: Tender) -> Iterator[Line]:
    limits = tender.limits
    if limits.sme_share is not None and not 0 <= limits.sme_share <= 1:
        yield Line(code="drafting.sme_share", values={"share": said(100 * limits.sme_share)})
    if limits.max_lots is not None and limits.max_lots >= len(tender.lots) > 1:
        values: dict[str, Exact] = {"limit": limits.max_lots, "lots": len(tender.lots)}
        yield Line(code="drafting.limit_idle", values=values)
    needs = isinstance(tender.method, (ReferencePrice, Studies))
    for lot in tender.lots:
        if needs and lot.estimate is None:
            yield Line(code="drafting.estimate_missing", subject=lot.id)
