"""The tables of telemetry: pilots here, what devices send in tables of PostgreSQL's own making.

Readings, their ledger and roll-ups have keys of several columns and partitions, which Piccolo does
not declare: the migration `telemetry_storage_1` makes them, and its SQL file says what they hold.
"""

from telemetry_ingest.tables.pilots import EvidencePack, Pilot, PilotDevice, PilotMove, Quarantine

__all__ = ["EvidencePack", "Pilot", "PilotDevice", "PilotMove", "Quarantine"]
