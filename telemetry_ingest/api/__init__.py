"""Telemetry for programs, in the shapes of standards."""
