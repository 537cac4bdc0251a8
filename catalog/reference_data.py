"""The rows that ship with a version, which ``tajhiz migrate`` writes."""

from catalog.actions.attributes import sync_attribute_definitions as write

__all__ = ["write"]
