"""The files the browser gets: installed with npm from the lock and copied to `static/vendor`.

Standard library only: it runs before anything is installed.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

COPIED = {
    "@picocss/pico/css/pico.min.css": "pico.min.css",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "uplot/dist/uPlot.iife.min.js": "uplot.min.js",
    "uplot/dist/uPlot.min.css": "uplot.min.css",
}
FONTS = {
    "@fontsource/ibm-plex-sans": ("latin", "latin-ext"),
    "@fontsource/ibm-plex-sans-arabic": ("arabic",),
}
WEIGHTS = (400, 500, 600, 700)
FONT_FACE = re.compile(r"/\* (?P<name>[a-z0-9-]+) \*/\s*@font-face \{(?P<body>[^}]*)\}")
FONT_SOURCE = re.compile(r"src: url\(\./files/(?P<file>[^)]+\.woff2)\)[^;]*;")
LICENCES = {
    "@picocss/pico/LICENSE.md": "pico",
    "htmx.org/LICENSE": "htmx",
    "uplot/LICENSE": "uplot",
    "lucide-static/LICENSE": "lucide",
    "@fontsource/ibm-plex-sans/LICENSE": "ibm-plex-sans",
    "@fontsource/ibm-plex-sans-arabic/LICENSE": "ibm-plex-sans-arabic",
}


class IconUnknown(Exception):
    """An icon is asked for that the icon set does not have."""


def copy(packages: Path, names: Path, target: Path) -> None:
    """Fill ``target`` from the npm ``packages``, whole or not at all.

    Args:
        packages: the folder `node_modules`.
        names: text file with the name of an icon on each line.
        target: the folder the web server serves.
    """
    fresh = target.with_name("vendor.new")
    shutil.rmtree(fresh, ignore_errors=True)
    (fresh / "fonts").mkdir(parents=True)
    for source, name in COPIED.items():
        shutil.copyfile(packages / source, fresh / name)
    faces = "\n".join(_font_faces(packages, fresh / "fonts"))
    (fresh / "fonts.css").write_text(faces, encoding="utf-8")
    icons = sprite(packages / "lucide-static" / "icons", icon_names(names))
    (fresh / "icons.svg").write_text(icons, encoding="utf-8")
    for source, name in LICENCES.items():
        if (packages / source).exists():
            shutil.copyfile(packages / source, fresh / f"LICENSE-{name}.txt")
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)


def icon_names(file: Path) -> list[str]:
    """Return the names in ``file``; a line may be empty or a comment (`#`)."""
    lines = (line.partition("#")[0].strip() for line in file.read_text("utf-8").splitlines())
    return sorted({line for line in lines if line})


def sprite(icons: Path, names: Iterable[str]) -> str:
    """Return one SVG with a symbol for each named icon, to be shown with `<use href="…#name">`.

    Raises:
        IconUnknown: the set has no such icon.
    """
    symbols = "\n".join(_symbol(icons, name) for name in names)
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'


def _symbol(icons: Path, name: str) -> str:
    file = icons / f"{name}.svg"
    if not file.exists():
        raise IconUnknown(f"There is no icon « {name} »: correct portal/static/icons.txt.")
    drawing = re.search(r"<svg[^>]*>(.*)</svg>", file.read_text("utf-8"), re.DOTALL)
    assert drawing is not None
    lines = " ".join(drawing.group(1).split())
    return (
        f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
        f'stroke-width="2" stroke-linecap="round" stroke-linejoin="round">{lines}</symbol>'
    )


def _font_faces(packages: Path, fonts: Path) -> Iterator[str]:
    """Copy the fonts we use and return the rules that name them."""
    for package, subsets in FONTS.items():
        family = package.rpartition("/")[2]
        for weight in WEIGHTS:
            text = (packages / package / f"{weight}.css").read_text("utf-8")
            wanted = {f"{family}-{subset}-{weight}-normal" for subset in subsets}
            for face in FONT_FACE.finditer(text):
                source = FONT_SOURCE.search(face["body"])
                if face["name"] in wanted and source is not None:
                    file = source["file"]
                    shutil.copyfile(packages / package / "files" / file, fonts / file)
                    body = FONT_SOURCE.sub(
                        f'src: url("fonts/{file}") format("woff2");', face["body"]
                    )
                    yield f"@font-face {{{body}}}"
