"""A stranger searches: misspelt, in Arabic, by facets, by a scanned code; and finds ways out."""

import re

import pytest
from playwright.sync_api import Page, expect

from catalog.demo.reading import devices
from e2e.faults import faults, listen
from e2e.words import Words

MONITOR = next(one for one in devices() if one.reference == "TM-12")
# As people write them: letters wrong or missing, other forms of alef and ta marbuta.
MISSPELT = {"fr": "monitteur pasient", "ar": "اجهزه مراقبه المريض"}
NAMES = {"fr": MONITOR.names[0], "ar": MONITOR.names[1]}

both = pytest.mark.parametrize("code", ["fr", "ar"])


def found(page: Page, words: Words, number: int) -> None:
    """Expect the heading of the results and the live region to tell the number."""
    told = words.many("%(num)s device", "%(num)s devices", number)
    expect(page.get_by_role("heading", level=2, name=told, exact=True)).to_be_visible()
    expect(page.get_by_role("status")).to_have_text(told)


def facet(page: Page, legend: str, value: str):
    """Return the check box of one value, whatever number stands beside it."""
    group = page.get_by_role("group", name=legend, exact=True)
    return group.get_by_role("checkbox", name=re.compile(f"^{re.escape(value)} "))


@both
def test_from_the_home_page_to_a_device_and_its_supplier(visit, code):
    words = Words(code)
    page = visit(words.path())
    heard = listen(page)

    page.get_by_label(words("Which device are you looking for?")).fill(MISSPELT[code])
    page.get_by_role("main").get_by_role("button", name=words("Search")).click()
    expect(page.get_by_role("link", name=NAMES[code])).to_be_visible()
    page.get_by_role("link", name=NAMES[code]).click()

    expect(page.get_by_role("heading", level=1)).to_have_text(NAMES[code])
    expect(page.get_by_text(MONITOR.variants[0].udi_di)).to_be_visible()
    assert faults(page, code) == []
    page.get_by_role("main").get_by_role("link", name=re.compile("Tizi|تيزي")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile("Tizi|تيزي"))
    expect(page.get_by_role("link", name=NAMES[code])).to_be_visible()
    assert heard == []


@both
def test_narrowing_by_facets_keeps_address_focus_and_the_way_back(visit, code):
    words = Words(code)
    page = visit(words.path("/devices?q=TM"))
    everything = page.locator(".results .result").count()
    class_iib = facet(page, words("Class"), words("Class IIb"))

    class_iib.focus()
    page.keyboard.press("Space")

    expect(page).to_have_url(re.compile(r"/devices\?q=TM&class=IIb$"))
    expect(page.get_by_role("list", name=words("Chosen filters"))).to_contain_text("IIb")
    shown = page.locator(".results .result")
    found(page, words, shown.count())
    assert 0 < shown.count() < everything
    expect(class_iib).to_be_focused()
    expect(class_iib).to_be_checked()
    page.reload()
    expect(class_iib).to_be_checked()

    page.go_back()
    expect(page).to_have_url(re.compile(r"/devices\?q=TM$"))
    expect(class_iib).not_to_be_checked()
    expect(shown).to_have_count(everything)


@both
def test_typing_searches_and_says_how_much_is_found(visit, code):
    words = Words(code)
    page = visit(words.path("/devices"))
    field = page.get_by_role("searchbox", name=words("What are you looking for?"))

    field.press_sequentially("TM-ECG6")

    found(page, words, 1)
    expect(field).to_be_focused()
    expect(field).to_have_value("TM-ECG6")
    expect(page).to_have_url(re.compile(r"q=TM-ECG6"))


@both
def test_nothing_matches_and_filters_exclude_all_have_different_ways_out(visit, code):
    words = Words(code)
    page = visit(words.path("/devices?q=zzqxv"))
    expect(
        page.get_by_role("heading", name=words("Nothing matches « %(words)s »", words="zzqxv"))
    ).to_be_visible()
    assert faults(page, code) == []
    page.get_by_role("link", name=words("Show everything")).click()
    expect(page).to_have_url(re.compile(r"/devices$"))

    page.goto(words.path("/devices?q=TM-ECG6&class=III"))
    expect(
        page.get_by_role("heading", name=words("Your filters exclude everything"))
    ).to_be_visible()
    assert faults(page, code) == []
    page.get_by_role("main").get_by_role("link", name=words("Remove all filters")).last.click()
    expect(page.get_by_role("link", name=re.compile("TM-ECG6"))).to_be_visible()


@both
def test_a_scanned_label_leads_to_the_device(visit, code):
    words = Words(code)
    scanned = f"(01){MONITOR.variants[0].udi_di}(17)281231(10)LOT7(21)S42"
    page = visit(words.path("/devices"))
    page.get_by_role("searchbox", name=words("What are you looking for?")).fill(scanned)
    page.get_by_role("main").get_by_role("button", name=words("Search")).first.click()
    first = page.locator(".results .result").first
    expect(first).to_contain_text(words("Exact match"))
    expect(first.get_by_role("link")).to_have_text(NAMES[code])

    page.goto(words.path("/udi"))
    page.get_by_label(words("Code of the label")).fill(scanned)
    page.get_by_role("button", name=words("Look up")).click()
    expect(page.get_by_text("LOT7")).to_be_visible()
    expect(page.get_by_role("link", name=NAMES[code])).to_be_visible()
    assert faults(page, code) == []


def test_the_language_changes_on_the_spot(visit):
    page = visit("/fr/devices?q=moniteur&class=IIb&view=table")
    for code, name in (("ar", "العربية"), ("en", "English"), ("fr", "Français")):
        page.get_by_role("link", name=name).click()
        expect(page).to_have_url(re.compile(rf"/{code}/devices\?q=moniteur&class=IIb&view=table$"))
        expect(page.locator("html")).to_have_attribute("dir", Words(code).direction)
        assert page.get_by_role("searchbox").first.input_value() == "moniteur"
