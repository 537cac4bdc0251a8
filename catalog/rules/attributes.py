"""What an attribute definition must say before it may be used."""

import re
from collections.abc import Mapping
from typing import Any

from catalog.rules.emdn import is_node
from catalog.rules.values import UNITS
from catalog.states import AttributeKind

KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")
FIELDS = {"labels", "kind", "unit", "scope", "minimum", "maximum", "choices"}
LABELS = 3


def mistakes(key: str, one: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with one definition, in words for the person who wrote it."""
    kind = one.get("kind", AttributeKind.NUMBER)
    choices = one.get("choices", {})
    wrong = {
        "the key takes small letters, digits and _, at most 60": not KEY.fullmatch(key),
        f"unknown: {', '.join(sorted(set(one) - FIELDS))}": bool(set(one) - FIELDS),
        "labels needs French, Arabic and English": not _three(one.get("labels")),
        f"kind « {kind} » is none of {', '.join(AttributeKind)}": kind not in set(AttributeKind),
        "a number needs a unit of UNITS (catalog/rules/values.py)":
            kind == AttributeKind.NUMBER and one.get("unit") not in UNITS,
        f"scope « {one.get('scope')} » is no EMDN code":
            bool(one.get("scope")) and not is_node(str(one["scope"])),
        "a choice needs choices, each with three labels":
            kind == AttributeKind.CHOICE
            and not (choices and all(_three(texts) for texts in choices.values())),
    }  # fmt: skip
    return [words for words, is_wrong in wrong.items() if is_wrong]


def _three(texts: object) -> bool:
    return (
        isinstance(texts, list)
        and len(texts) == LABELS
        and all(isinstance(text, str) and text for text in texts)
    )
