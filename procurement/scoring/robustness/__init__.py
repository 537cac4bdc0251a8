"""The robustness report: how the order would look under other weights; it never decides."""
