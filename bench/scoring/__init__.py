"""How fast the scoring engine is, beside its peers in the same run (`make bench-scoring`)."""
