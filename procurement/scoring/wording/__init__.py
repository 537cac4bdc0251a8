"""The sentences of the explanation: one English sentence for each code of a line.

Each area has a module here with its dictionary ``WORDING``: code → ``lazy("…")`` with
``%(name)s`` places for the line's values; ``%(subject)s`` and ``%(rule)s`` may stand in each.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from procurement.scoring.outcome import Line


@cache
def sentences() -> dict[str, str]:
    """Return the sentences of all areas, code → English sentence.

    Raises:
        ValueError: two areas use one code.
    """
    found: dict[str, str] = {}
    for module in iter_modules(__path__):
        wording: dict[str, str] = import_module(f"{__name__}.{module.name}").WORDING
        if twice := found.keys() & wording.keys():
            raise ValueError(f"two areas use {sorted(twice)}")
        found |= wording
    return found


def values_of(line: Line) -> dict[str, object]:
    """Return what stands in the places of a line's sentence."""
    return {"subject": line.subject, "rule": line.rule, **line.values}


def sentence(line: Line) -> str:
    """Return the English sentence of a line with its values in it.

    Raises:
        KeyError: the code has no sentence, or the line lacks one of its values.
    """
    return sentences()[line.code] % values_of(line)
