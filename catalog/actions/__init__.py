"""Changing the catalogue: each action is one transaction with its audit record."""
