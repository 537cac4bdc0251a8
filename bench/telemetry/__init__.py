"""Telemetry measured beside its peers, and broken on purpose."""
