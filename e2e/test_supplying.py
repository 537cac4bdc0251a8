"""Two editors of one record, and a table of devices handed in."""

import secrets
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from e2e.faults import faults
from e2e.people import address_of, sign_in
from e2e.words import Words

both = pytest.mark.parametrize("code", ["fr", "ar"])


@both
def test_two_editors_of_one_record_lose_nothing(visit, code):
    words, mark = Words(code), secrets.token_hex(3)
    label = f"{words('Name')} {words('in French')}"
    mine, theirs = visit(), visit()
    for page in (mine, theirs):
        sign_in(page, words, address_of("sam"))
    mine.goto(words.path("/devices/new"))
    mine.get_by_label(label).fill(f"Brouillon {mark}")
    keep(mine, words)
    record = mine.url.removesuffix("/purpose")

    for page in (mine, theirs):
        page.goto(f"{record}/names")
    theirs.get_by_label(label).fill(f"Leur nom {mark}")
    keep(theirs, words)
    expect(theirs).to_have_url(f"{record}/purpose")
    mine.get_by_label(label).fill(f"Mon nom {mark}")
    keep(mine, words)

    expect(mine.get_by_role("alert").filter(has_text=words("There is a problem"))).to_be_focused()
    expect(mine.get_by_label(label)).to_have_value(f"Mon nom {mark}")
    expect(mine.get_by_text(f"Leur nom {mark}").last).to_be_visible()
    assert faults(mine, code) == []
    keep(mine, words)
    expect(mine).to_have_url(f"{record}/purpose")
    mine.goto(f"{record}/names")
    expect(mine.get_by_label(label)).to_have_value(f"Mon nom {mark}")


def keep(page: Page, words: Words) -> None:
    page.get_by_role("main").get_by_role("button", name=words("Save and continue")).click()


@both
def test_a_table_is_looked_at_then_confirmed(visit, code, tmp_path):
    words, mark = Words(code), secrets.token_hex(3).upper()
    page = visit()
    sign_in(page, words, address_of("sam"))
    page.goto(words.path("/devices/mine"))
    page.get_by_role("link", name=words("Import a table")).click()
    page.get_by_role("button", name=words("Look at what would change")).click()
    expect(page.get_by_role("alert").filter(has_text=words("There is a problem"))).to_be_focused()

    page.get_by_label(words("File")).set_input_files(table(tmp_path, mark))
    page.get_by_role("button", name=words("Look at what would change")).click()
    expect(page.get_by_role("rowheader", name=f"LT-{mark}-A")).to_be_visible()
    expect(page.get_by_role("table", name=words("Mistakes of each refused row"))).to_contain_text(
        f"LT-{mark}-B"
    )
    assert faults(page, code) == []
    page.goto(words.path("/devices/mine"))
    expect(page.get_by_role("link", name=mark)).to_have_count(0)

    page.go_back()
    told = words.many("Confirm: write %(num)s device", "Confirm: write %(num)s devices", 1)
    page.get_by_role("button", name=told).click()
    page.get_by_role("main").get_by_role("link", name=words("My devices")).click()
    page.get_by_role("link", name=mark).click()
    expect(page.get_by_text(f"LT-{mark}-A").first).to_be_visible()
    expect(page.get_by_text(words("Draft"), exact=True)).to_be_visible()


def table(folder: Path, mark: str) -> Path:
    """Write a table with one device, and one that its class makes impossible."""
    path = folder / f"lits-{mark}.csv"
    path.write_text(
        "reference;name_fr;name_ar;risk_class\n"
        f"LT-{mark}-A;Lit {mark};سرير {mark};I\n"
        f"LT-{mark}-B;Lit sans classe;;IX\n",
        encoding="utf-8",
    )
    return path


INSIDE = """(all) => all.map((image) => {
  const it = image.getBoundingClientRect();
  const frame = image.parentNode.getBoundingClientRect();
  return it.height <= frame.height && it.width <= frame.width;
})"""


def test_a_picture_of_any_shape_stays_in_its_frame(visit, tmp_path):
    words, mark = Words("fr"), secrets.token_hex(3)
    page = visit()
    sign_in(page, words, address_of("sam"))
    page.goto(words.path("/suppliers"))
    page.get_by_role("link", name="Tizi Monitorage").first.click()
    page.get_by_role("link", name=words("Present your organisation")).click()
    for size in [(40, 1600), (1600, 40), (16, 16)]:
        Image.new("RGB", size, "#cc3333").save(tmp_path / "tall.png")
        page.locator("[name=logo]").set_input_files(tmp_path / "tall.png")
        page.get_by_role("button", name=words("Keep this logo")).click()
        expect(page.get_by_role("button", name=words("Remove the logo"))).to_be_visible()
        assert page.locator(".logo img").evaluate_all(INSIDE) == [True, True]
    page.get_by_role("button", name=words("Remove the logo")).click()
    expect(page.locator(".logo")).to_have_count(0)

    page.goto(words.path("/devices/new"))
    page.get_by_label(f"{words('Name')} {words('in French')}").fill(f"Brouillon {mark}")
    keep(page, words)
    page.goto(page.url.replace("/purpose", "/files"))
    Image.new("RGB", (40, 1600), "#cc3333").save(tmp_path / "tall.png")
    page.locator("[name=photo]").set_input_files(tmp_path / "tall.png")
    page.get_by_role("button", name=words("Add the photo")).click()
    expect(page.locator(".picture img")).to_have_count(1)
    assert page.locator(".picture img").evaluate_all(INSIDE) == [True]
