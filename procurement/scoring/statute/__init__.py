"""The statutory engine: dated rules of public buying, in exact arithmetic, one line per number."""

from procurement.scoring.statute.lots import evaluate

__all__ = ["evaluate"]
