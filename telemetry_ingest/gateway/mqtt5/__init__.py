"""Readings over MQTT 5, which the broker does not speak; PUBACK is what 202 is over HTTPS."""
