"""Points from a pilot: a published staircase over the one-sided lower confidence bound.

What is marked is the offered type of device, never the bidder's history (CJEU Lianakis C-532/06,
Ambisig C-601/13). A lower bound cannot make little data look good; below the published minimum of
exposure or coverage the points are the published neutral ones, or the evaluation stops.
"""

from __future__ import annotations

from procurement.scoring.errors import EvidenceTooWeak, UnitMismatch
from procurement.scoring.marking import lazy
from procurement.scoring.offers import Evidence
from procurement.scoring.outcome import said
from procurement.scoring.tender import PilotEvidence
from procurement.scoring.value.pool import Pool
from procurement.scoring.value.ratios import Ratio
from procurement.scoring.value.stated import step_reached

NOTHING = lazy("nothing was measured")
SHORT = lazy("the device was observed for less than the published minimum")
SPARSE = lazy("the readings cover less than the published minimum")


def measured(kind: PilotEvidence, criterion: str, pool: Pool) -> list[Ratio]:
    """Return the points of each bid's evidence.

    Raises:
        EvidenceTooWeak: too little was measured and the tender says that this stops.
        UnitMismatch: another metric, level or unit was measured than the tender asks for.
    """
    found: list[Ratio] = []
    for bid in pool.bids:
        pack = pool.received.evidence.get((criterion, bid.id))
        why = weakness(kind, pack, f"dossier.evidence[{bid.id}, {criterion}]")
        if why is None and pack is not None:
            points = step_reached(kind.steps, pack.lower_bound.value)
        elif kind.too_little == "error":
            raise EvidenceTooWeak(pool.received.field(bid.id), why=why, rule=criterion)
        else:
            points = kind.neutral
        found.append(points.as_integer_ratio())
    return found


def weakness(kind: PilotEvidence, pack: Evidence | None, field: str) -> str | None:
    """Say why a pack is too weak to be marked; none when it is strong enough.

    Raises:
        UnitMismatch: it is another metric, level or unit than the published one.
    """
    if pack is None:
        return NOTHING
    pairs = (
        (pack.metric, kind.metric, "metric"),
        (said(pack.level), said(kind.level), "level"),
        (pack.lower_bound.unit, kind.unit, "lower_bound"),
        (pack.exposure.unit, kind.min_exposure.unit, "exposure"),
    )
    for found, wanted, name in pairs:
        if found != wanted:
            raise UnitMismatch(f"{field}.{name}", found=found, wanted=wanted)
    if pack.exposure.value < kind.min_exposure.value:
        return SHORT
    return SPARSE if pack.coverage < kind.min_coverage else None
