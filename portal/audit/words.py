"""What a recorded event is called: the packages say it, as message ids."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from portal.package import load
from portal.settings import get_settings
from portal.web.i18n import gettext as _


@lru_cache
def events() -> dict[str, str]:
    """Return the message id of every event that the packages of this deployment record."""
    found: dict[str, str] = {}
    for package in load(get_settings().packages):
        found |= package.events
    return found


def words(event: str) -> str:
    """Return an event in the language of this request; one of a former version by its name."""
    return _(events()[event]) if event in events() else event


def detail_text(details: Mapping[str, Any]) -> str:
    """Return the details of a record on one line."""
    return " · ".join(f"{name}: {_value(value)}" for name, value in sorted(details.items()))


def _value(value: Any) -> str:
    match value:
        case None:
            return "–"
        case list():
            return ", ".join(_value(item) for item in value)
        case dict():
            return ", ".join(f"{name} = {_value(item)}" for name, item in value.items())
        case _:
            return str(value)
