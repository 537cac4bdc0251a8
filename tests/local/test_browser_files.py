import re
from xml.etree import ElementTree

import pytest

from portal.local import browser_files
from portal.local.bootstrap import NODE_MODULES, STATIC

ICONS = NODE_MODULES / "lucide-static" / "icons"


def test_sprite_has_one_symbol_for_each_icon():
    root = ElementTree.fromstring(browser_files.sprite(ICONS, ["check", "search"]))

    assert [(symbol.get("id"), symbol.get("viewBox")) for symbol in root] == [
        ("check", "0 0 24 24"),
        ("search", "0 0 24 24"),
    ]
    assert [len(symbol) > 0 for symbol in root] == [True, True]


def test_sprite_refuses_an_unknown_icon_by_name():
    with pytest.raises(browser_files.IconUnknown, match="no icon « no-such-icon »"):
        browser_files.sprite(ICONS, ["no-such-icon"])


def test_icon_names_leave_out_comments_and_doubles(tmp_path):
    (tmp_path / "icons.txt").write_text("# ours\nsearch\n\ncheck # a tick\nsearch\n")

    assert browser_files.icon_names(tmp_path / "icons.txt") == ["check", "search"]


def test_copy_fills_the_folder_whole(tmp_path):
    browser_files.copy(NODE_MODULES, STATIC / "icons.txt", tmp_path / "vendor")

    faces = (tmp_path / "vendor" / "fonts.css").read_text()
    named = re.findall(r'url\("([^"]+)"\)', faces)
    assert sorted(
        path.name for path in (tmp_path / "vendor").iterdir() if path.suffix != ".txt"
    ) == [
        "fonts",
        "fonts.css",
        "htmx.min.js",
        "icons.svg",
        "pico.min.css",
        "uplot.min.css",
        "uplot.min.js",
    ]
    assert len(named) == 12
    assert [name for name in named if not (tmp_path / "vendor" / name).exists()] == []
    assert "http" not in faces


def test_copy_with_an_unknown_icon_leaves_the_old_folder(tmp_path):
    (tmp_path / "icons.txt").write_text("no-such-icon\n")
    (tmp_path / "vendor").mkdir()
    (tmp_path / "vendor" / "old.css").write_text("")

    with pytest.raises(browser_files.IconUnknown):
        browser_files.copy(NODE_MODULES, tmp_path / "icons.txt", tmp_path / "vendor")

    assert [path.name for path in (tmp_path / "vendor").iterdir()] == ["old.css"]
