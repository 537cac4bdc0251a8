"""Readings of a device that come in a file: the same checks, the same way through the broker."""
