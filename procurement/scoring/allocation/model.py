"""The problem in numbers: which column covers which lots, and the rows that hold columns down."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from procurement.scoring.allocation.problem import Limit, LimitKind, Problem


@dataclass(frozen=True, slots=True)
class Row:
    """Σ weights · columns ≤ ``most``, in integers; ``limit``: the published one it is, if any."""

    limit: Limit | None
    columns: tuple[int, ...]
    weights: tuple[int, ...]
    most: int

    def kept(self, chosen: set[int]) -> bool:
        """Say whether the chosen columns keep the row, in exact integers."""
        pairs = zip(self.columns, self.weights, strict=True)
        return sum(weight for column, weight in pairs if column in chosen) <= self.most


@dataclass(frozen=True)
class Model:
    """Columns (an offer each) with whole costs, the lots each covers, and rows.

    Attributes:
        costs: what each column costs.
        covers: the lots (as numbers) that each column covers.
        lots: the lots to cover.
        optional: those that may stay uncovered.
        rows: what holds columns down.
    """

    costs: tuple[int, ...]
    covers: tuple[tuple[int, ...], ...]
    lots: tuple[int, ...]
    optional: frozenset[int]
    rows: tuple[Row, ...]

    def total(self, chosen: Iterable[int]) -> int:
        """Return what the chosen columns cost."""
        return sum(self.costs[column] for column in chosen)

    def kept(self, chosen: Iterable[int]) -> bool:
        """Say whether the chosen columns cover the lots as asked and keep every row."""
        columns = list(chosen)
        covered = [lot for column in columns for lot in self.covers[column]]
        once = set(covered)
        if len(covered) != len(once) or set(self.lots) - self.optional - once:
            return False
        return all(row.kept(set(columns)) for row in self.rows)


def model_of(problem: Problem) -> Model:
    """Return the problem in numbers: column k is offer k, lot k is lot k; idle rows are not in."""
    number = {lot: place for place, lot in enumerate(problem.lots)}
    covers = tuple(tuple(number[lot] for lot in offer.lots) for offer in problem.offers)
    return Model(
        costs=tuple(offer.cost for offer in problem.offers),
        covers=covers,
        lots=tuple(range(len(problem.lots))),
        optional=frozenset(number[lot] for lot in problem.optional),
        rows=tuple(_rows(problem, covers)),
    )


def _rows(problem: Problem, covers: Sequence[tuple[int, ...]]) -> list[Row]:
    rules = problem.rules
    of: dict[str, list[int]] = {}
    for column, offer in enumerate(problem.offers):
        of.setdefault(offer.bidder, []).append(column)
    size = [len(lots) for lots in covers]
    package = [int(count > 1) for count in size]
    price = [offer.price for offer in problem.offers]
    volume = [sum(rules.volume.get(lot, 0) for lot in offer.lots) for offer in problem.offers]
    rows = []
    for bidder, columns in of.items():
        for limit, most in _limits_on(problem, bidder):
            weights = {"max_lots": size, "max_packages": package, "money": price, "volume": volume}[
                limit.kind
            ]
            row = _row(limit, columns, weights, most)
            if not _idle(row, covers):
                rows.append(row)
    return rows + _share(problem)


def _limits_on(problem: Problem, bidder: str) -> list[tuple[Limit, int]]:
    rules = problem.rules
    found: list[tuple[Limit, int]] = []
    counted: tuple[tuple[LimitKind, int | None, dict[str, int]], ...] = (
        ("max_lots", rules.max_lots, rules.max_lots_of),
        ("max_packages", rules.max_packages, rules.max_packages_of),
        ("money", None, rules.money),
        ("volume", None, rules.volume_of),
    )
    for kind, everybody, named in counted:
        if bidder in named:
            found.append((Limit(kind, bidder), named[bidder]))
        elif everybody is not None:
            found.append((Limit(kind), everybody))
    return found


def _share(problem: Problem) -> list[Row]:
    share = problem.rules.sme_share
    if not share:
        return []
    # « small ≥ share · all » as Σ price · (numerator − denominator · [small]) ≤ 0.
    weights = [
        offer.price * (share.numerator - share.denominator * (offer.bidder in problem.sme))
        for offer in problem.offers
    ]
    row = _row(Limit("sme_share"), range(len(weights)), weights, 0)
    return [row] if any(weight > 0 for weight in row.weights) else []


def _row(limit: Limit, columns: Iterable[int], weights: Sequence[int], most: int) -> Row:
    held = tuple(column for column in columns if weights[column])
    return Row(limit, held, tuple(weights[column] for column in held), most)


def _idle(row: Row, covers: Sequence[tuple[int, ...]]) -> bool:
    """Say whether no choice can break the row: all it could ever count stays within ``most``."""
    positive = [
        (column, weight)
        for column, weight in zip(row.columns, row.weights, strict=True)
        if weight > 0
    ]
    if sum(weight for _, weight in positive) <= row.most:
        return True
    if row.limit and row.limit.kind == "max_lots":
        return len({lot for column, _ in positive for lot in covers[column]}) <= row.most
    return False


def forbidding(model: Model, chosen: Iterable[int]) -> Row:
    """Return the row that exactly this choice breaks, and no other choice that the lots allow."""
    inside = sorted(chosen)
    if not model.optional:
        # Every lot is covered once: no other choice can hold all of these columns and more.
        return Row(None, tuple(inside), (1,) * len(inside), len(inside) - 1)
    held = set(inside)
    everything = tuple(range(len(model.costs)))
    weights = tuple(1 if column in held else -1 for column in everything)
    return Row(None, everything, weights, len(inside) - 1)
