"""Why an evaluation is refused, in the present language: at once, or from what a job has kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from procurement.evaluation import sentences, words
from procurement.evaluation.words import gettext as _
from procurement.scoring.errors import ScoringError, UnitMismatch


def refusal(error: ScoringError) -> str:
    """Return why an evaluation is refused."""
    return told(error.kept())


def told(kept: Mapping[str, Any]) -> str:
    """Return what ``ScoringError.kept`` holds as a sentence."""
    units = kept["reason"] == UnitMismatch.__name__
    values = {name: _value(name, value, units=units) for name, value in kept["values"].items()}
    values |= {"field": words.isolated(kept["field"]), "rule": sentences.cited(kept["rule"])}
    message = str(kept["message"])
    return words.tidy(_(message) % values)


def _value(name: str, value: Any, *, units: bool) -> object:
    """Write a value: reasons translated, units in words, names kept together in Arabic."""
    if isinstance(value, Mapping):
        return _reason(value)
    if name == "why":
        return _(str(value))
    if units and value in sentences.UNITS:
        return _(sentences.UNITS[value])
    return words.isolated(value) if isinstance(value, str) else value


def _reason(kept: Mapping[str, Any]) -> str:
    """Write a reason, whose values may be reasons themselves."""
    parts = {
        name: _reason(part) if isinstance(part, Mapping) else part
        for name, part in kept["values"].items()
    }
    message = str(kept["message"])
    return _(message, **parts)
