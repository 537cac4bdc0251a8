"""Notifications of the portal."""
