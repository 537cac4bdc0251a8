"""Compute a record of Tajhiz again, by other means: `python recompute RECORD.json`.

This folder needs Python alone and shares nothing with the engines that made the record: it was
written from the published rules and reckons with fractions throughout. It checks the chain of
SHA-256 links, the seal of the tender, the draw, who was set aside, the ranking, the awards, the
amounts and every line with a number that decides one of these; it prints what differs and then
ends with 1, or with 2 and one line when a file is no record.

Of lots awarded together it checks that the allocation keeps every limit and adds up, and proves
that none is cheaper where there are few enough to try them all; where not, it says so.
"""

from .content import check, differences
from .notes import Note
from .reading import Unreadable

__all__ = ["Note", "Unreadable", "check", "differences"]
