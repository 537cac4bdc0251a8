"""Pilot devices and what they measured as FHIR R4: mapping, searching, writing; no patient."""
