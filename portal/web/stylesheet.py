"""The one style sheet: Pico, our layers and those of the packages, put together at start-up.

There is no bundler: the files are joined in the order of ``LAYERS``, each in its cascade layer, so
that a later layer wins whatever the selectors of an earlier one are.
"""

import hashlib
import logging
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

STATIC = Path(__file__).parent.parent / "static"
LAYERS = (
    "tokens", "ground", "forms", "lists", "cards", "components", "charts", "menu", "shell", "pages",
    "print",
)  # fmt: skip

logger = logging.getLogger(__name__)


def stylesheet(folders: Iterable[Path]) -> str:
    """Return the whole style sheet; ``folders`` are those of the packages (``css/*.css``)."""
    parts = [f"@layer pico, {', '.join(LAYERS[:-1])}, packages, {LAYERS[-1]};"]
    parts.append(vendor("fonts.css").replace('url("fonts/', 'url("vendor/fonts/'))
    parts.append(layer("pico", vendor("pico.min.css").removeprefix('@charset "UTF-8";')))
    parts += [layer(name, (STATIC / "css" / f"{name}.css").read_text("utf-8")) for name in LAYERS]
    for folder in folders:
        for path in sorted((folder / "css").glob("*.css")):
            parts.append(layer("packages", path.read_text("utf-8")))
    return "\n".join(parts)


def layer(name: str, text: str) -> str:
    """Put rules into a cascade layer."""
    return f"@layer {name} {{\n{text}\n}}"


def vendor(name: str) -> str:
    """Return a file the set-up installs; nothing, with a warning, where it did not run yet."""
    path = STATIC / "vendor" / name
    if path.exists():
        return path.read_text("utf-8")
    logger.warning("static/vendor/%s is missing: `make run` installs the browser files", name)
    return ""


@lru_cache(maxsize=256)
def version_of(path: str) -> str:
    """Return a mark of a static file's content, so that its address changes when it does."""
    file = STATIC / path
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12] if file.is_file() else "0"
