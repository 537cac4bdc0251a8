"""Lots together: the cheapest allocation that keeps every published limit, proven, or none."""
