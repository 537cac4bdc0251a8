"""A kept pack as its page and its report show it: made once for a language, and kept for a while.

A device that restarts all day makes a pack of megabytes; many who look at it must not read it anew
each time. Whether somebody may see it is decided before, for every request.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from portal.settings import LANGUAGES
from portal.web.i18n import language
from telemetry_ingest.errors import UnknownForm
from telemetry_ingest.evidence.pack import Pack
from telemetry_ingest.evidence.recent import Recent
from telemetry_ingest.evidence.report import kept_pdf
from telemetry_ingest.evidence.shown import Shown, shown
from telemetry_ingest.evidence.verify import FORMLESS, NotAPack, contents_of, loaded
from telemetry_ingest.queries.evidence import PackView, held

T = TypeVar("T")
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Presented:
    """A pack in words, the key it is signed with, and how much there was of each device."""

    shown: Shown
    key: str
    held: dict[int, int]


_words = Recent[Presented](48)
_reports = Recent[bytes](12)


def presented(kept: PackView) -> Presented:
    """Return a pack in the present language.

    Raises:
        UnknownForm: this version does not know its form.
    """
    return _words.of((kept.id, kept.head, language.get()), lambda: _readable(kept, _presented))


def report(kept: PackView) -> bytes:
    """Return the report of a pack in the present language.

    Raises:
        UnknownForm: this version does not know its form.
    """
    return _reports.of((kept.id, kept.head, language.get()), lambda: _readable(kept, _report))


def print_all(kept: PackView) -> None:
    """Make the report of a pack in every language, so that its first visitors need not wait.

    Raises:
        UnknownForm: this version does not know its form.
    """
    for code in LANGUAGES:
        _readable(kept, partial(kept_pdf, language=code))


def opened(kept: PackView) -> Pack:
    """Return a pack.

    Raises:
        UnknownForm: this version does not know its form.
    """
    return _readable(kept, lambda pack: pack)


def _presented(pack: Pack) -> Presented:
    key = str(pack.data["signature"]["public_key"])
    return Presented(shown(pack), key, held(contents_of(pack).units))


def _report(pack: Pack) -> bytes:
    return kept_pdf(pack, language.get())


def _readable(kept: PackView, make: Callable[[Pack], T]) -> T:
    try:
        return make(loaded(kept.content))
    except (NotAPack, *FORMLESS) as error:
        logger.warning("Evidence %s has a form that is not known", kept.head, exc_info=error)
        raise UnknownForm from error
