"""Readings as Sparkplug B payloads: a third encoding on the same topic, told by its first byte.

Pure. `docs/device-guide.md` says what of Sparkplug is understood.
"""

from telemetry_ingest.sparkplug.payload import BEGINNINGS, read, written

__all__ = ["BEGINNINGS", "read", "written"]
