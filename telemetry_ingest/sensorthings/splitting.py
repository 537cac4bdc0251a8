"""The language of ``$expand``: links with their own options in brackets. Pure."""

import re
from collections.abc import Iterator

PIECES = re.compile(r"'(?:[^']|'')*'|[()]|[,;]|[^'(),;]+|'")
LINKS = re.compile(r"([A-Za-z]+(?:/[A-Za-z]+)*)(?:\((.*)\))?", re.DOTALL)
MOST_TEXT = 4_000
Pairs = tuple[tuple[str, str], ...]


class NotLinks(ValueError):
    """A text does not name links."""


def links(text: str) -> dict[str, Pairs]:
    """Return the links that are named first, each with the options that hold for it.

    ``A/B,A($top=2)`` is one link ``A`` with the options ``$top=2`` and ``$expand=B``.

    Raises:
        NotLinks: it cannot be read.
    """
    found: dict[str, list[tuple[str, str]]] = {}
    for one in split(text, ","):
        match = LINKS.fullmatch(one.strip())
        if match is None:
            raise NotLinks
        link, _slash, rest = match[1].partition("/")
        given = found.setdefault(link, [])
        if rest:
            given.append(("$expand", f"{rest}({match[2]})" if match[2] else rest))
        else:
            given += _options(match[2] or "")
    return {link: _once(given) for link, given in found.items()}


def split(text: str, at: str) -> list[str]:
    """Return the parts of a text between commas or semicolons that stand in no brackets.

    Raises:
        NotLinks: a bracket or a quote is alone.
    """
    parts, depth = [""], 0
    for piece in PIECES.findall(text[: MOST_TEXT + 1]):
        depth += {"(": 1, ")": -1}.get(piece, 0)
        if piece == "'" or depth < 0:
            raise NotLinks
        if piece == at and not depth:
            parts.append("")
        else:
            parts[-1] += piece
    if depth or len(text) > MOST_TEXT:
        raise NotLinks
    return parts


def _options(text: str) -> Iterator[tuple[str, str]]:
    for one in split(text, ";") if text.strip() else ():
        name, equals, value = one.partition("=")
        if not equals:
            raise NotLinks
        yield name.strip(), value.strip()


def _once(given: list[tuple[str, str]]) -> Pairs:
    """Return the options with all further links in one."""
    further = [text for name, text in given if name == "$expand"]
    own = [pair for pair in given if pair[0] != "$expand"]
    return (*own, *([("$expand", ",".join(further))] if further else []))
