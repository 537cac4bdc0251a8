"""The criteria tree of a tender, checked once and made ready to be computed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from msgspec import Struct

from procurement.scoring.errors import (
    BadParameter,
    CountedTwice,
    DuplicateName,
    RefusedFormula,
    UnknownReference,
    WeightSumError,
)
from procurement.scoring.marking import lazy
from procurement.scoring.tender import (
    Absolute,
    Branch,
    Criterion,
    Judged,
    Kind,
    LifeCycleCost,
    PilotEvidence,
    Price,
    Step,
    Steps,
    ValueForMoney,
)
from procurement.scoring.value.formulas import Formula, formula_of
from procurement.scoring.value.ratios import Column, Ratio, Rounded, rounded_ratio

WHOLE = 10_000
ROOT = "tender.method.criteria"


class Node(Struct, frozen=True, kw_only=True):
    """A criterion in its place.

    Attributes:
        field: where it stands in the tender's file; the rule in the lines about it.
        formula: the price formula of a price or a life-cycle cost.
        relative: whether its points depend on the other bids.
        costs: whether it is, or holds, a price or a life-cycle cost.
        is_top: whether its points enter the total themselves.
    """

    id: str
    field: str
    weight: int
    kind: Kind
    minimum: Fraction | None
    worth: int | None
    children: tuple[Node, ...] = ()
    formula: Formula | None = None
    relative: bool = False
    costs: bool = False
    is_top: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """A method ready to be computed.

    Attributes:
        top: the top-level criteria, in the order of the file.
        nodes: every criterion, a branch after all that it holds.
        scale: rounded points are integers out of 100 × ``scale``.
        rounds_criteria: whether each top-level criterion is rounded (else the total is).
        cost: the life-cycle cost that stands for the price when quality is turned into money.
        leaned_on: fixed criteria that relative branches hold, or that part equal bids.
    """

    method: ValueForMoney
    top: tuple[Node, ...]
    nodes: tuple[Node, ...]
    scale: int
    rounds_criteria: bool
    cost: Node | None
    leaned_on: frozenset[str]

    @property
    def money(self) -> bool:
        """Say whether the lowest evaluated price wins, and not the most points."""
        return self.method.objective == "money"


def plan(method: ValueForMoney) -> Plan:
    """Check what was published and return it ready to be computed.

    Raises:
        WeightSumError, DuplicateName, UnknownReference, BadParameter, CountedTwice,
        UnknownFormula, WrongParameters, RefusedFormula: the tender cannot be evaluated.
    """
    top = tuple(
        _node(criterion, f"{ROOT}[{place}]", is_top=True)
        for place, criterion in enumerate(method.criteria)
    )
    nodes = tuple(_below(top))
    _names_once(nodes)
    if method.margin is not None and method.margin.percent < 0:
        raise BadParameter("tender.method.margin.percent", why=_BELOW_ZERO)
    money = method.objective == "money"
    # Where quality is turned into money its worth weighs, and top-level weights may stay zero.
    if not money or any(node.weight for node in top):
        _whole(ROOT, top)
    _check_worths(nodes, money)
    _check_ties(method, nodes)
    costs = [node for node in nodes if money and isinstance(node.kind, LifeCycleCost)]
    if len(costs) > 1:
        raise CountedTwice(costs[1].field, name=costs[0].id)
    return Plan(
        method=method,
        top=top,
        nodes=nodes,
        scale=10**method.points_decimals,
        rounds_criteria=method.round_at == "criterion",
        cost=costs[0] if costs else None,
        leaned_on=frozenset(
            [rule.partition(":")[2] for rule in method.ties if ":" in rule]
            + [child.id for node in nodes if node.relative for child in node.children]
        ),
    )


def branch_points(node: Node, points: Mapping[str, Column]) -> list[Ratio]:
    """Return the weighted points of what a branch holds, exactly, bid by bid."""
    columns = [points[child.id] for child in node.children]
    weights = [child.weight for child in node.children]
    return [
        (
            sum(
                (weight * Fraction(*ratio) for weight, ratio in zip(weights, row, strict=True)),
                Fraction(0),
            )
            / WHOLE
        ).as_integer_ratio()
        for row in zip(*columns, strict=True)
    ]


def rounds_half_up(plan: Plan, node: Node) -> bool:
    """Say whether the points of a criterion are rounded, and as commerce does."""
    return node.is_top and plan.rounds_criteria and plan.method.rounding == "half_up"


def published(plan: Plan, node: Node, ratios: Column) -> Column:
    """Return points as they are published: rounded where the tender rounds, else exact.

    Only what enters the total is rounded, so that nothing is rounded twice.
    """
    if not (node.is_top and plan.rounds_criteria):
        return ratios
    mode, scale = plan.method.rounding, plan.scale
    if rounds_half_up(plan, node):  # as ``rounded_ratio`` of what is not below zero
        double = 2 * scale
        tops = [(double * top + bottom) // (bottom + bottom) for top, bottom in ratios]
    else:
        tops = [rounded_ratio(top * scale, bottom, mode) for top, bottom in ratios]
    return Rounded(tops, scale)


def _node(criterion: Criterion, field: str, *, is_top: bool = False) -> Node:
    kind = criterion.kind
    children: tuple[Node, ...] = ()
    formula = None
    if isinstance(kind, Branch):
        children = tuple(
            _node(child, f"{field}.kind.criteria[{place}]")
            for place, child in enumerate(kind.criteria)
        )
        _whole(field, children)
    elif isinstance(kind, (Price, LifeCycleCost)):
        formula = formula_of(kind.formula, kind.parameters, f"{field}.kind")
    node = Node(
        id=criterion.id,
        field=field,
        weight=criterion.weight,
        kind=kind,
        minimum=criterion.minimum,
        worth=criterion.worth,
        children=children,
        formula=formula,
        relative=any(child.relative for child in children)
        or (formula is not None and formula.depends_on_other_bids),
        costs=formula is not None or any(child.costs for child in children),
        is_top=is_top,
    )
    _check_node(node)
    return node


def _below(nodes: Sequence[Node]) -> Iterator[Node]:
    for node in nodes:
        yield from _below(node.children)
        yield node


def _whole(field: str, siblings: Sequence[Node]) -> None:
    total = sum(node.weight for node in siblings)
    if total != WHOLE:
        raise WeightSumError(field, total=total)


def _names_once(nodes: Sequence[Node]) -> None:
    seen: set[str] = set()
    for node in nodes:
        if node.id in seen:
            raise DuplicateName(f"{node.field}.id", name=node.id)
        seen.add(node.id)


def _check_node(node: Node) -> None:
    """Check the numbers of one criterion."""
    minimum, field = node.minimum, node.field
    if minimum is not None and not 0 <= minimum <= 100:
        raise BadParameter(f"{field}.minimum", why=_OUT_OF_100)
    if minimum is not None and node.relative:
        raise RefusedFormula(f"{field}.minimum", name=node.id, why=_MINIMUM_OF_OTHERS)
    kind = node.kind
    if isinstance(kind, Judged) and kind.low >= kind.high:
        raise BadParameter(f"{field}.kind.high", why=lazy("the scale must go upwards"))
    if isinstance(kind, Absolute) and kind.best == kind.worst:
        raise BadParameter(f"{field}.kind.best", why=lazy("best and worst must differ"))
    if isinstance(kind, (Steps, PilotEvidence)):
        _check_steps(kind.steps, f"{field}.kind.steps")
    if isinstance(kind, PilotEvidence):
        _check_evidence(kind, f"{field}.kind")
    if isinstance(kind, LifeCycleCost):
        _check_costs(kind, f"{field}.kind")


def _check_steps(steps: Sequence[Step], field: str) -> None:
    for place, step in enumerate(steps):
        if place and step.at <= steps[place - 1].at:
            raise BadParameter(f"{field}[{place}].at", why=lazy("the steps must go upwards"))
        if not 0 <= step.points <= 100:
            raise BadParameter(f"{field}[{place}].points", why=_OUT_OF_100)


def _check_evidence(kind: PilotEvidence, field: str) -> None:
    if not 0 < kind.level < 1:
        raise BadParameter(f"{field}.level", why=lazy("a level lies between 0 and 1"))
    if not 0 <= kind.neutral <= 100:
        raise BadParameter(f"{field}.neutral", why=_OUT_OF_100)


def _check_costs(kind: LifeCycleCost, field: str) -> None:
    if kind.rate < 0:
        raise BadParameter(f"{field}.rate", why=_BELOW_ZERO)
    names = set()
    for place, flow in enumerate(kind.flows):
        if flow.name in names:
            raise DuplicateName(f"{field}.flows[{place}].name", name=flow.name)
        names.add(flow.name)
        if not 0 <= flow.first <= flow.last <= kind.years:
            raise BadParameter(
                f"{field}.flows[{place}]", why=lazy("its years must lie in the published period")
            )


def _check_worths(nodes: Sequence[Node], money: bool) -> None:
    for node in nodes:
        if node.worth is None:
            continue
        if not money:
            raise BadParameter(f"{node.field}.worth", why=_WORTH_UNUSED)
        if node.costs:
            raise CountedTwice(f"{node.field}.worth", name=node.id)
        for child in _below(node.children):
            if child.worth is not None:
                raise CountedTwice(f"{child.field}.worth", name=child.id)


def _check_ties(method: ValueForMoney, nodes: Sequence[Node]) -> None:
    # Relative points are not computed where quality is turned into money.
    money = method.objective == "money"
    names = {node.id for node in nodes if not (money and node.relative)}
    for place, rule in enumerate(method.ties):
        kind, _, name = rule.partition(":")
        known = rule in ("lower_price", "draw") or (kind == "higher" and name in names)
        if not known:
            raise UnknownReference(f"tender.method.ties[{place}]", name=rule)
        if rule == "draw" and place != len(method.ties) - 1:
            raise BadParameter(f"tender.method.ties[{place}]", why=_AFTER_THE_DRAW)


_BELOW_ZERO = lazy("it must not be below zero")
_OUT_OF_100 = lazy("points lie between 0 and 100")
_MINIMUM_OF_OTHERS = lazy("a minimum on points that depend on the other bids")
_WORTH_UNUSED = lazy("a worth is published and quality is not turned into money")
_AFTER_THE_DRAW = lazy("a draw settles everything: nothing can follow it")
