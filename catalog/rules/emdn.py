"""EMDN codes: their form, their ancestors, and the path that facets count by."""

import re

# Source: EMDN, structure of the nomenclature: a letter (category), two digits (group), then up to
# five types of two digits. A device is given the most granular term there is.
NODE = re.compile(r"[A-Z](\d{2}){0,6}")
ASSIGNABLE = re.compile(r"[A-Z]\d{2}(\d{2}){1,5}")


def normal_code(text: str) -> str:
    """Return a code as it is stored: capitals, no spaces, points or signs that cannot be stored."""
    return re.sub(r"[\s.\-\x00]", "", text).upper()


def is_node(code: str) -> bool:
    """Say whether ``code`` has the form of any place in the nomenclature."""
    return NODE.fullmatch(code) is not None


def is_assignable(code: str) -> bool:
    """Say whether ``code`` has the form of a term that a device may be given."""
    return ASSIGNABLE.fullmatch(code) is not None


def ancestors(code: str) -> tuple[str, ...]:
    """Return the places above ``code``, from its category down, without itself."""
    return tuple(code[:length] for length in range(1, len(code), 2)) if is_node(code) else ()


def path(code: str) -> str:
    """Return ``A/A01/A0101``: what a tree facet counts by; empty for what is no code."""
    return "/".join((*ancestors(code), code)) if is_node(code) else ""


def level(code: str) -> int:
    """Return the depth of a code: 1 for a category, 2 for a group, up to 7."""
    return 1 + (len(code) - 1) // 2


def calm(text: str) -> str:
    """Return a name that the nomenclature writes in capitals as a sentence."""
    return text.capitalize() if text.isupper() else text
