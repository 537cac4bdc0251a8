"""A tender and what came in, by name."""

from typing import Any

from .chain import Json
from .reading import Unreadable


class Given:
    """What is evaluated, with every name it is asked by."""

    def __init__(self, tender: Json, dossier: Json) -> None:
        """Look every name up.

        Raises:
            Unreadable: a name is there twice, or names nothing.
        """
        self.tender, self.method = tender, tender["method"]
        self.dossier, self.limits = dossier, tender.get("limits", {})
        self.statute = self.method["kind"] != "value_for_money"
        self.together = not self.statute and tender.get("allocation") == "together"
        self.seed = dossier.get("seed")
        self.nodes = list(all_of(self.method.get("criteria", [])))
        self.lots = named("tender.lots", tender["lots"])
        self.bidders = named("dossier.bidders", dossier["bidders"])
        self.bids = named("dossier.bids", dossier["bids"])
        self.criteria = named("tender.method.criteria", [node for node, _ in self.nodes])
        self.by_lot: dict[str, list[Json]] = {name: [] for name in self.lots}
        for bid in self.bids.values():
            self._bid(bid)
        self.marks = self._received("marks")
        self.evidence = self._received("evidence")
        self.rejections: dict[str, list[Json]] = {name: [] for name in self.lots}
        for act in dossier.get("rejections", []):
            known("dossier.rejections", act["lot"], self.lots)
            known("dossier.rejections", act["bid"], self.bids)
            self.rejections[act["lot"]].append(act)
        for bidder in self.limits.get("capacity", {}):
            known("tender.limits.capacity", bidder, self.bidders)

    def _bid(self, bid: Json) -> None:
        known("dossier.bids", bid["bidder"], self.bidders)
        if len({*bid["lots"]}) < len(bid["lots"]) or (len(bid["lots"]) > 1 and not self.together):
            raise Unreadable(f"dossier.bids.{bid['id']}", "it is for several lots")
        for lot in bid["lots"]:
            known("dossier.bids", lot, self.lots)
            self.by_lot[lot].append(bid)

    def _received(self, part: str) -> dict[tuple[str, str], list[Json]]:
        found: dict[tuple[str, str], list[Json]] = {}
        for one in self.dossier.get(part, []):
            known(f"dossier.{part}", one["bid"], self.bids)
            known(f"dossier.{part}", one["criterion"], self.criteria)
            found.setdefault((one["bid"], one["criterion"]), []).append(one)
        for place, several in found.items():
            who = [one.get("evaluator") for one in several]
            if len({*who}) < len(who):
                raise Unreadable(f"dossier.{part}", f"{', '.join(place)} is there twice")
        return found


def all_of(nodes: list[Json], *, top: bool = True) -> list[tuple[Json, bool]]:
    """Return every criterion, what a branch holds before it, and whether it is a top-level one."""
    found: list[tuple[Json, bool]] = []
    for node in nodes:
        found += all_of(node["kind"].get("criteria", []), top=False)
        found.append((node, top))
    return found


def named(place: str, things: list[Json]) -> dict[str, Any]:
    """Return things by their names, each of which is there once."""
    found = {one["id"]: one for one in things}
    if len(found) < len(things):
        raise Unreadable(place, "a name is there twice")
    return found


def known(place: str, name: str, names: dict[str, Any]) -> None:
    """Check that a name names something."""
    if name not in names:
        raise Unreadable(place, f"« {name} » does not exist")
