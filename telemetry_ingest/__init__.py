"""Telemetry: devices under test in hospitals, what they send, and the evidence that comes of it."""
