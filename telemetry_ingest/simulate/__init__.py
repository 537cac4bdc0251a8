"""Devices that are not there: what they measure, how they fail, and how they send it.

`scenario` is pure: the same seed gives the same messages. `mqtt` and `https` deliver them.
"""
