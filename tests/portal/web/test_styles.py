"""What holds for every style sheet, template and script of every package."""

import re
from pathlib import Path

import pytest

from portal.web.stylesheet import LAYERS, STATIC, stylesheet
from tests.sources import ROOT, hidden

CSS = sorted(
    path
    for path in ROOT.glob("*/**/css/*.css")
    if not {"node_modules", "vendor"} & set(path.parts) and not hidden(path)
)
TEMPLATES = sorted(
    path
    for path in ROOT.glob("*/**/templates/**/*.html")
    if "node_modules" not in path.parts and not hidden(path)
)
ON_PAGES = [path for path in TEMPLATES if "mail" not in path.parts and "pdf" not in path.parts]

PHYSICAL = re.compile(
    r"(?:^|[;{\s])(?:(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right|top|bottom)"
    r"|border-(?:top|bottom)-(?:left|right)-radius|left|right|top|bottom|width|height"
    r"|(?:min|max)-(?:width|height))\s*:"
    r"|text-align\s*:\s*(?:left|right)|float\s*:\s*(?:left|right)|clear\s*:\s*(?:left|right)"
)
INLINE = re.compile(
    r"\sstyle\s*=|<style|\son[a-z]+\s*=|javascript:|hx-on|<script(?![^>]*\ssrc=)(?![^>]*ld\+json)"
)
COLOUR = re.compile(r"--([\w-]+): (#[0-9a-f]{6});")


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


@pytest.mark.parametrize("path", CSS, ids=names(CSS))
def test_style_sheets_know_no_left_and_right(path):
    text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.S)
    text = re.sub(r"@media[^{]*", "@media ", text)

    assert [found.group().strip() for found in PHYSICAL.finditer(text)] == []
    assert len(path.read_text("utf-8").splitlines()) <= 400


def test_every_style_sheet_of_the_portal_is_in_a_layer():
    assert sorted(path.stem for path in (STATIC / "css").glob("*.css")) == sorted(LAYERS)


def test_the_last_layers_are_those_that_must_win():
    first = stylesheet([]).splitlines()[0]

    assert first.startswith("@layer pico, tokens, ground,")
    assert first.endswith("packages, print;")


@pytest.mark.parametrize("path", ON_PAGES, ids=names(ON_PAGES))
def test_templates_hold_nothing_the_content_policy_refuses(path):
    text = re.sub(r"\{([#{%]).*?[#}%]\}", "", path.read_text("utf-8"), flags=re.S)

    assert [found.group().strip() for found in INLINE.finditer(text)] == []
    assert len(path.read_text("utf-8").splitlines()) <= 150


def test_every_icon_of_a_template_is_installed():
    listed = {
        line.partition("#")[0].strip()
        for line in (STATIC / "icons.txt").read_text("utf-8").splitlines()
    }
    used = {
        (name, str(path.relative_to(ROOT)))
        for path in TEMPLATES
        for call in re.findall(r"icon\(([^)]*)\)", path.read_text("utf-8"))
        for name in re.findall(r'(?:^|else |, )"([a-z0-9-]+)"', call)
    }

    assert sorted(pair for pair in used if pair[0] not in listed) == []


def palettes() -> dict[str, dict[str, str]]:
    """Return the colours of each look, as the tokens give them."""
    text = (STATIC / "css" / "tokens.css").read_text("utf-8")
    light, system, chosen = (
        dict(COLOUR.findall(part))
        for part in re.split(
            r"@media \(prefers-color-scheme: dark\)|:root\[data-theme=\"dark\"\] \{", text
        )
    )
    return {"light": light, "system": {**light, **system}, "chosen": {**light, **chosen}}


def test_the_dark_look_is_the_same_whoever_chose_it():
    looks = palettes()

    assert looks["system"] == looks["chosen"]
    assert looks["system"] != looks["light"]


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour (WCAG 2.2)."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21 (WCAG 2.2)."""
    dark, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dark + 0.05)


GROUNDS = ("ground", "surface", "sunken", "green-pale")
TEXTS = [
    *[(text, ground) for text in ("ink", "ink-soft", "green", "green-deep") for ground in GROUNDS],
    *[("ink", ground) for ground in ("red-pale", "ochre-pale")],
    *[("red", ground) for ground in ("ground", "surface", "red-pale")],
    *[("ochre", ground) for ground in ("ground", "surface", "ochre-pale")],
    ("on-green", "green"),
    ("on-green", "green-deep"),
]


@pytest.mark.parametrize("look", ["light", "chosen"])
@pytest.mark.parametrize(("text", "ground"), TEXTS)
def test_texts_are_readable_on_their_ground(look, text, ground):
    colours = palettes()[look]

    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("look", ["light", "chosen"])
@pytest.mark.parametrize("ground", ["ground", "surface", "field", "sunken"])
def test_the_borders_of_fields_can_be_seen(look, ground):
    colours = palettes()[look]

    assert contrast(colours["line-strong"], colours[ground]) >= 3
