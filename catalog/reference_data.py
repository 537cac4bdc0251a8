"""The rows that ship with a version, which ``tajhiz migrate`` writes."""

from catalog.actions.attributes import sync_attribute_definitions


async def write() -> None:
    """Write the definitions of attributes."""
    await sync_attribute_definitions()
