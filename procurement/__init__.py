"""Buying: tenders, their bids and how they are evaluated."""
