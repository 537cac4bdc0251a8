"""The metrics that pilot devices may send, by MDC reference identifier and by code. Pure."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path


@dataclass(frozen=True)
class Metric:
    """One thing that is measured.

    Attributes:
        refid: reference identifier of IEEE 11073-10101, e.g. ``MDC_PULS_OXIM_SAT_O2``.
        code: its 32-bit number, partition × 65,536 + term.
        unit: unit in UCUM.
        name: an English msgid.
        low: lowest plausible value, in ``unit``.
        high: highest plausible value, in ``unit``.
        sure: whether the code was read in a source at hand; else « à confirmer ».
    """

    refid: str
    code: int
    unit: str
    name: str
    low: float
    high: float
    sure: bool


@lru_cache
def metrics() -> dict[str, Metric]:
    """Return all metrics by reference identifier."""
    text = (Path(__file__).parent / "metrics.toml").read_text(encoding="utf-8")
    return {refid: Metric(refid=refid, **data) for refid, data in tomllib.loads(text).items()}


@lru_cache
def by_code() -> dict[int, Metric]:
    """Return all metrics by their code."""
    return {one.code: one for one in metrics().values()}


def code_of(metric: int | str) -> int | None:
    """Return the code of a metric that is named or coded, ``None`` for an unknown one."""
    if isinstance(metric, int):
        return metric if metric in by_code() else None
    found = metrics().get(metric)
    return found.code if found else None
