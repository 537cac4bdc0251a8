"""Find the columns of a table by their headings, in whichever language and spelling they come."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from catalog.importers.reasons import FileRefused
from portal.web.i18n import lazy

CLOSE = 0.72  # below this a proposal is more often wrong than right


def folded(heading: object) -> str:
    """Reduce a heading to what matters: « Catégorie (niveau 1) » and "CATEGORIE NIVEAU_1" agree."""
    words = unicodedata.normalize("NFKD", str(heading or "")).lower()
    words = "".join(c for c in words if not unicodedata.combining(c))
    words = re.sub("[أإآ]", "ا", words).replace("ة", "ه").replace("ى", "ي")
    return re.sub(r"[\W_]+", "", words)


def columns(
    headings: Sequence[object],
    known: Mapping[str, tuple[str, ...]],
    *,
    required: Sequence[str],
) -> dict[str, int]:
    """Return where each known field stands.

    Args:
        headings: the cells of the first row.
        known: field → the headings it goes by; the field's own name always counts.
        required: the fields without which the file makes no sense.

    Raises:
        FileRefused: a required column is missing or a column stands twice.
    """
    names = {folded(name): field for field, all_names in known.items() for name in all_names}
    names |= {folded(field): field for field in known}
    places: dict[str, int] = {}
    for place, heading in enumerate(headings):
        field = names.get(folded(heading))
        if field is None:
            continue
        if field in places:
            raise FileRefused(
                lazy("The column « %(column)s » stands twice in the heading."), column=heading
            )
        places[field] = place
    if missing := [field for field in required if field not in places]:
        raise FileRefused(
            lazy("Columns missing: %(missing)s. Columns found: %(found)s."),
            missing=", ".join(missing),
            found=", ".join(str(heading)[:40] for heading in headings[:60] if heading) or "—",
        )
    return places


@dataclass(frozen=True, slots=True)
class Unread:
    """A column of the file that nothing reads; ``nearest`` is the field it may stand for, or ""."""

    heading: str
    nearest: str = ""


def unread(headings: Sequence[object], known: Mapping[str, tuple[str, ...]]) -> list[Unread]:
    """Return the columns that are not read, each with the known column it looks most like.

    A column that the file has already is not proposed: two of a kind would be refused.
    """
    names = {folded(name): field for field in known for name in (field, *known[field])}
    present = {names.get(folded(heading)) for heading in headings}
    free = {name: field for name, field in names.items() if field not in present}
    found = []
    for heading in headings:
        plain = folded(heading)
        if plain and plain not in names:
            near = get_close_matches(plain, free, n=1, cutoff=CLOSE)
            found.append(Unread(str(heading).strip()[:80], free[near[0]] if near else ""))
    return found
