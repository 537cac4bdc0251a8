"""Pilots as Things, Datastreams and Observations: a part of OGC SensorThings 1.1, read only."""
