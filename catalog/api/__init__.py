"""The catalogue for programs, under ``/api/v1``."""
