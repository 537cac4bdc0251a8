"""The robustness report: how the order would look under other weights; it never decides."""

from procurement.scoring.robustness.emc1 import seed_of
from procurement.scoring.robustness.report import Given, Robustness, robustness

__all__ = ["Given", "Robustness", "robustness", "seed_of"]
