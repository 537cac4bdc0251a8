"""Documents of the portal."""
