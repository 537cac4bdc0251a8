"""What a tender's file names must exist and be named once, before anything is computed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from procurement.scoring.errors import DuplicateName, Malformed, UnknownReference
from procurement.scoring.marking import lazy
from procurement.scoring.offers import Bid, Dossier
from procurement.scoring.tender import (
    Branch,
    Criterion,
    Judged,
    PilotEvidence,
    Tender,
    ValueForMoney,
)


def check(tender: Tender, dossier: Dossier) -> None:
    """Check every name in the file.

    Raises:
        DuplicateName: two lots, criteria, bidders, bids, marks, packs or rejections are one.
        UnknownReference: a lot, bidder, bid or criterion is named that is not there.
        Malformed: a bid for no lot, or for several lots of which the tender takes no packages.
    """
    _tender(tender, dossier)
    lots = {lot.id for lot in tender.lots}
    bidders = {bidder.id for bidder in dossier.bidders}
    for place, bid in enumerate(dossier.bids):
        _bid(f"dossier.bids[{place}]", bid, tender, lots, bidders)
    _once(
        "dossier.bids[{}].lots",
        ((bid.bidder, *sorted(bid.lots)) for bid in dossier.bids),
    )
    _received(tender, dossier)


def criteria(nodes: Iterable[Criterion]) -> Iterator[Criterion]:
    """Yield every criterion of a tree, a branch before what it holds."""
    for node in nodes:
        yield node
        if isinstance(node.kind, Branch):
            yield from criteria(node.kind.criteria)


def _tender(tender: Tender, dossier: Dossier) -> None:
    _once("tender.lots[{}].id", (lot.id for lot in tender.lots))
    _once("dossier.bidders[{}].id", (bidder.id for bidder in dossier.bidders))
    _once("dossier.bids[{}].id", (bid.id for bid in dossier.bids))
    if isinstance(tender.method, ValueForMoney):
        _once("tender.method.criteria", (node.id for node in criteria(tender.method.criteria)))
    bidders = {bidder.id for bidder in dossier.bidders}
    for name in tender.limits.capacity:
        _known("tender.limits.capacity", name, bidders)


def _bid(field: str, bid: Bid, tender: Tender, lots: set[str], bidders: set[str]) -> None:
    _known(f"{field}.bidder", bid.bidder, bidders)
    if not bid.lots:
        raise Malformed(f"{field}.lots", why=lazy("a bid is for one lot at least"))
    if len(bid.lots) > 1 and tender.allocation != "together":
        raise Malformed(f"{field}.lots", why=lazy("this tender awards its lots one by one"))
    _once(f"{field}.lots[{{}}]", bid.lots)
    for lot in bid.lots:
        _known(f"{field}.lots", lot, lots)
    if isinstance(tender.method, ValueForMoney):
        known = {node.id for node in criteria(tender.method.criteria)}
        for name in bid.answers:
            _known(f"{field}.answers", name, known)


def _received(tender: Tender, dossier: Dossier) -> None:
    bids = {bid.id: bid for bid in dossier.bids}
    judged, measured = _criteria_of(tender, Judged), _criteria_of(tender, PilotEvidence)
    for place, mark in enumerate(dossier.marks):
        _known(f"dossier.marks[{place}].bid", mark.bid, bids)
        _known(f"dossier.marks[{place}].criterion", mark.criterion, judged)
    for place, pack in enumerate(dossier.evidence):
        _known(f"dossier.evidence[{place}].bid", pack.bid, bids)
        _known(f"dossier.evidence[{place}].criterion", pack.criterion, measured)
    offered: dict[str, set[str]] = {lot.id: set() for lot in tender.lots}
    for bid in dossier.bids:
        for lot in bid.lots:
            offered[lot].add(bid.id)
    for place, act in enumerate(dossier.rejections):
        _known(f"dossier.rejections[{place}].lot", act.lot, offered)
        _known(f"dossier.rejections[{place}].bid", act.bid, offered[act.lot])
    _once(
        "dossier.marks[{}]",
        ((mark.evaluator, mark.bid, mark.criterion) for mark in dossier.marks),
    )
    _once("dossier.evidence[{}]", ((pack.bid, pack.criterion) for pack in dossier.evidence))
    _once("dossier.rejections[{}]", ((act.lot, act.bid) for act in dossier.rejections))


def _criteria_of(tender: Tender, kind: type[Judged | PilotEvidence]) -> set[str]:
    if not isinstance(tender.method, ValueForMoney):
        return set()
    return {node.id for node in criteria(tender.method.criteria) if isinstance(node.kind, kind)}


def _once(field: str, names: Iterable[str | tuple[str, ...]]) -> None:
    seen: set[str | tuple[str, ...]] = set()
    for place, name in enumerate(names):
        if name in seen:
            shown = name if isinstance(name, str) else ", ".join(name)
            raise DuplicateName(field.format(place), name=shown)
        seen.add(name)


def _known(field: str, name: str, known: Iterable[str]) -> None:
    if name not in known:
        raise UnknownReference(field, name=name)
