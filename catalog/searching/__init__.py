"""The search pages: what the address asks, what is shown for it, and the same as JSON."""
