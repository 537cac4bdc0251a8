"""Readings to take away: a table of one device, or the readings a pack was computed from."""
