"""The nomenclature: one place in the tree with what is below it, and terms by words."""

from dataclasses import dataclass
from typing import Any

import msgspec

from catalog.errors import TermNotFound
from catalog.queries.records import Term, first_said
from catalog.queries.visible import READABLE
from catalog.rules.emdn import ancestors, normal_code
from catalog.rules.values import Definition
from catalog.states import AttributeKind
from portal import database


@dataclass(frozen=True)
class Branch:
    """A term with how many public devices there are in it and below it."""

    term: Term
    devices: int
    moroccan: int
    children: int


@dataclass(frozen=True)
class Place:
    """One place in the tree: itself, what is above it and what is directly below it."""

    here: Branch | None  # nothing at the top
    above: tuple[Term, ...]
    below: tuple[Branch, ...]


TERMS = "code, name_fr, name_ar, name_en, terminal, level, parent"
# `LIKE t.code || '%'` would not use the index: the prefix is no constant.
BELOW = f"""
SELECT t.code, t.name_fr, t.name_ar, t.name_en, t.terminal, t.level, t.parent,
  (SELECT count(*) FROM emdn_term c WHERE c.parent = t.code) AS children,
  n.devices, n.moroccan
FROM emdn_term t, LATERAL (
  SELECT count(*) AS devices, count(*) FILTER (WHERE d.origin = 'morocco') AS moroccan
  FROM device_model d
  WHERE {READABLE}
    AND d.emdn_code ~>=~ t.code AND d.emdn_code ~<~ (t.code || '~')
) n
"""  # noqa: S608 — our own condition


def _branch(row: Any) -> Branch:
    return Branch(_term(row), row["devices"], row["moroccan"], row["children"])


def _term(row: Any) -> Term:
    names = ("code", "name_fr", "name_ar", "name_en", "terminal", "level", "parent")
    return Term(**{name: row[name] for name in names})


async def place(code: str = "") -> Place:
    """Return one place in the tree, or the top of it.

    Raises:
        TermNotFound: there is no such code.
    """
    rows = await database.fetch(
        BELOW + "WHERE t.parent = $1 OR t.code = $1 ORDER BY t.code", normal_code(code)
    )
    here = next((_branch(row) for row in rows if row["code"] == normal_code(code)), None)
    if code and here is None:
        raise TermNotFound
    below = tuple(_branch(row) for row in rows if row["code"] != normal_code(code))
    return Place(here, await terms(ancestors(normal_code(code))), below)


async def terms(codes: tuple[str, ...]) -> tuple[Term, ...]:
    """Return the terms with these codes, in the order of the codes."""
    if not codes:
        return ()
    rows = await database.fetch(
        f"SELECT {TERMS} FROM emdn_term WHERE code = ANY($1) ORDER BY code",  # noqa: S608 — own names
        list(codes),
    )
    return tuple(_term(row) for row in rows)


async def term(code: str) -> Term | None:
    """Return one term, or ``None`` when the nomenclature has no such code."""
    found = await terms((code,))
    return found[0] if found else None


async def terms_with(words: str, *, limit: int = 20) -> list[Term]:
    """Return the terms whose code begins so, or whose names hold every word; terminal ones first.

    Accents and capitals do not count.
    """
    pieces = words.replace("\x00", " ").split()[:8]
    if not pieces:
        return []
    escaped = [
        piece.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") for piece in pieces
    ]
    rows = await database.fetch(
        f"""SELECT {TERMS} FROM emdn_term
        WHERE code LIKE $1 || '%'
          OR unaccent(lower(name_fr || ' ' || name_ar || ' ' || name_en))
             LIKE ALL (SELECT '%' || unaccent(lower(word)) || '%' FROM unnest($2::text[]) word)
        ORDER BY code = $1 DESC, NOT terminal, level, code LIMIT $3""",  # noqa: S608 — own names
        normal_code(words) or "-",
        escaped,
        limit,
    )
    return [_term(row) for row in rows]


@dataclass(frozen=True)
class AttributeField:
    """An attribute that a device of some branch may have, as a form shows it."""

    key: str
    label_fr: str
    label_ar: str
    label_en: str
    kind: str
    unit: str
    minimum: float | None
    maximum: float | None
    choices: dict[str, dict[str, str]]

    @property
    def label(self) -> str:
        """Return the name in the language of the reader."""
        return first_said(self.label_fr, self.label_ar, self.label_en) or self.key

    @property
    def definition(self) -> Definition:
        """Return what a value is checked against."""
        return Definition(
            self.key,
            AttributeKind(self.kind),
            self.unit,
            self.minimum,
            self.maximum,
            tuple(self.choices),
        )

    @property
    def options(self) -> list[tuple[str, str]]:
        """Return the choices with their labels in the language of the reader."""
        return [
            (key, first_said(one.get("fr", ""), one.get("ar", ""), one.get("en", "")) or key)
            for key, one in self.choices.items()
        ]


async def attribute_fields(emdn_code: str) -> list[AttributeField]:
    """Return the attributes defined for a code and the branches above it, general ones first."""
    rows = await database.fetch(
        "SELECT key, label_fr, label_ar, label_en, kind, unit, minimum, maximum, choices"
        " FROM attribute_definition WHERE starts_with($1, emdn_scope)"
        " ORDER BY length(emdn_scope), position, key",
        emdn_code,
    )
    return [
        AttributeField(**{**dict(row), "choices": msgspec.json.decode(row["choices"])})
        for row in rows
    ]
