"""The numbers that both sides are measured on: the same in every interpreter."""

import numpy as np

BIDS, CRITERIA, TENDERS = 50, 20, 10_000


def matrix(seed: int = 1) -> np.ndarray:
    """Return positive values [50, 20]."""
    return np.random.default_rng(seed).integers(100, 10_000, (BIDS, CRITERIA)) / 100


def weights() -> np.ndarray:
    """Return weights of sum 1 [20]."""
    parts = np.random.default_rng(2).integers(1, 20, CRITERIA)
    return parts / parts.sum()


SENSE = ["max"] * (CRITERIA // 2) + ["min"] * (CRITERIA // 2)
TYPES = np.array([1 if one == "max" else -1 for one in SENSE])
Q, P = np.full(CRITERIA, 2.0), np.full(CRITERIA, 20.0)
"""Indifference and preference of PROMETHEE's linear function."""


def prices(seed: int = 3) -> np.ndarray:
    """Return prices in centimes [50]."""
    return np.random.default_rng(seed).integers(50_000_000, 120_000_000, BIDS)


def points(seed: int = 4) -> np.ndarray:
    """Return points of 0 to 100 [50, 19]: all criteria but the price."""
    return np.random.default_rng(seed).integers(30, 101, (BIDS, CRITERIA - 1))


def basis_points() -> list[int]:
    """Return published weights [20] of sum 10,000: 4,000 for the price, then the others."""
    return [4000, *([316] * 15), *([315] * 4)]


def many() -> np.ndarray:
    """Return 10,000 tenders of 50 × 20 scores (80 MB of int64)."""
    return np.random.default_rng(5).integers(0, 10_001, (TENDERS, BIDS, CRITERIA))
