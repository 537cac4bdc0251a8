"""Icons of the sprite and line drawings of device families, as markup."""

from functools import lru_cache

from markupsafe import Markup

from portal.web.families import DRAWINGS, family_of

ICON = Markup(
    '<svg class="icon{extra}" aria-hidden="true" focusable="false">'
    '<use href="{file}#{name}"/></svg>'
)
DRAWING = Markup(
    '<svg class="drawing" viewBox="0 0 96 96" aria-hidden="true" focusable="false">{lines}</svg>'
)
# Those that point in the direction of reading are mirrored in Arabic.
DIRECTED = {
    "arrow-left",
    "arrow-right",
    "chevron-left",
    "chevron-right",
    "log-in",
    "log-out",
    "send",
}


@lru_cache(maxsize=500)
def icon(file: str, name: str) -> Markup:
    """Return an icon of the sprite; it is decoration, so text always stands beside it."""
    extra = " icon-directed" if name in DIRECTED else ""
    return ICON.format(extra=extra, file=file, name=name)


def drawing(code: str | None) -> Markup:
    """Return the line drawing of the family an EMDN code belongs to."""
    return _drawing(family_of(code))


@lru_cache
def _drawing(family: str) -> Markup:
    return DRAWING.format(lines=Markup(DRAWINGS[family]))  # noqa: S704 — our own constants
