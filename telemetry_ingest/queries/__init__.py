"""What telemetry answers with: frozen values, never rows."""
