"""Stories told in a real browser, on a portal that runs as it does in service."""
