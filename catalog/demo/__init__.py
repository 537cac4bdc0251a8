"""The fictional demonstration: makers, buyers, authorities, their people, sixty devices."""

from catalog.demo.loading import ACCOUNTS, load_demo

__all__ = ["ACCOUNTS", "load_demo"]
