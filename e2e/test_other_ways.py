"""Without a mouse, without JavaScript, in the dark, on paper: the same portal."""

import re
import secrets

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.faults import faults
from e2e.people import address_of, sign_in
from e2e.portal import violations
from e2e.words import Words

both = pytest.mark.parametrize("code", ["fr", "ar"])
# How the browser paints what has the focus; nothing at all would be lost to a keyboard's user.
PAINT = """
() => {
  const style = getComputedStyle(document.activeElement);
  return [style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
          style.boxShadow !== "none"];
}
"""


def tab_to(page: Page, target: Locator, *, within: int = 60) -> None:
    """Press Tab until the target has the focus, and expect every focus to be seen."""
    for _ in range(within):
        page.keyboard.press("Tab")
        painted = page.evaluate(PAINT)
        where = page.evaluate("document.activeElement.outerHTML.slice(0, 160)")
        assert any(painted), f"the focus is not seen on {where}"
        if target.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"Tab does not reach {target}")


@both
def test_searching_with_the_keyboard_only(visit, code):
    words = Words(code)
    page = visit(words.path("/devices"))
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name=words("Skip to the content"))).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()

    tab_to(page, page.get_by_role("searchbox", name=words("What are you looking for?")))
    page.keyboard.type("TM")
    expect(page).to_have_url(re.compile("q=TM"))
    group = page.get_by_role("group", name=words("Class"), exact=True)
    box = group.get_by_role("checkbox", name=re.compile(f"^{re.escape(words('Class IIb'))} "))
    expect(box).to_be_visible()
    tab_to(page, box)
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile("class=IIb"))
    expect(box).to_be_focused()
    device = page.locator(".results").get_by_role("link").first
    name = device.inner_text()
    tab_to(page, device)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


@both
def test_registering_a_device_with_the_keyboard_only(visit, code):
    words, mark = Words(code), secrets.token_hex(3)
    page = visit()
    sign_in(page, words, address_of("sam"))
    page.goto(words.path("/devices/mine"))
    tab_to(page, page.get_by_role("main").get_by_role("link", name=words("Register a device")))
    page.keyboard.press("Enter")
    name = page.get_by_label(f"{words('Name')} {words('in French')}")
    expect(name).to_be_visible()
    tab_to(page, name)
    page.keyboard.type(f"Au clavier {mark}")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/purpose$"))
    expect(page.get_by_role("button", name=words("Save and continue"))).to_be_visible()
    tab_to(page, page.get_by_role("link", name=re.compile(f"^{words('Origin')}")))
    page.keyboard.press("Enter")
    expect(page.get_by_label(words("Made in Morocco"))).to_be_visible()
    tab_to(page, page.get_by_label(words("Made in Morocco")))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name=words("Save and continue")))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/registration$"))


@both
def test_searching_without_javascript(visit, code):
    words = Words(code)
    page = visit(words.path(), javascript=False)
    page.get_by_label(words("Which device are you looking for?")).fill("TM")
    page.get_by_role("main").get_by_role("button", name=words("Search")).click()
    everything = page.locator(".results .result").count()
    group = page.get_by_role("group", name=words("Class"), exact=True)
    group.get_by_role("checkbox", name=re.compile(f"^{re.escape(words('Class IIb'))} ")).check()
    page.get_by_role("button", name=words("Apply the filters")).click()

    expect(page).to_have_url(re.compile("class=IIb"))
    narrowed = page.locator(".results .result").count()
    assert 0 < narrowed < everything
    told = words.many("%(num)s device", "%(num)s devices", narrowed)
    expect(page.get_by_role("heading", level=2, name=told, exact=True)).to_be_visible()
    page.get_by_role("main").get_by_role("combobox", name=words("Order")).select_option("title")
    page.get_by_role("main").get_by_role("button", name=words("Search")).first.click()
    expect(page).to_have_url(re.compile("class=IIb.*sort=title|sort=title.*class=IIb"))


@both
def test_registering_a_device_without_javascript(visit, code):
    words, mark = Words(code), secrets.token_hex(3)
    page = visit(words.path(), javascript=False)
    sign_in(page, words, address_of("sam"))
    page.goto(words.path("/devices/new"))
    save = page.get_by_role("main").get_by_role("button", name=words("Save and continue"))
    save.click()
    problem = page.get_by_role("alert").filter(has_text=words("There is a problem"))
    expect(problem).to_be_visible()
    page.get_by_label(f"{words('Name')} {words('in French')}").fill(f"Sans script {mark}")
    save.click()
    page.get_by_label(f"{words('What it is, in one sentence')} {words('in French')}").fill("Sobre.")
    save.click()
    page.get_by_label(words("Find a term by words")).fill("monitor")
    page.get_by_role("main").get_by_role("button", name=words("Find"), exact=True).click()
    terms = page.get_by_role("group", name=words("Terms found: choose one"))
    terms.get_by_role("radio").first.check()
    save.click()
    expect(page).to_have_url(re.compile("/variants$"))
    page.goto(words.path("/devices/mine"))
    page.get_by_role("link", name=f"Sans script {mark}").click()
    expect(page.get_by_text("Sobre.")).to_be_visible()
    page.locator(".account-menu summary").click()
    page.locator(".account-menu").get_by_role("button", name=words("Sign out")).click()
    expect(page.get_by_role("banner").get_by_role("link", name=words("Sign in"))).to_be_visible()


@pytest.mark.parametrize("code", ["fr", "ar"])
def test_the_dark_look_has_enough_contrast(visit, code):
    words = Words(code)
    page = visit(words.path())
    page.get_by_role("contentinfo").get_by_role("button", name=words("Dark")).click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    device = _first_device(page, words)
    for path in ("", "/devices?q=TM", "/register", "/components", device):
        page.goto(words.path(path) if path != device else device)
        dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert max(int(part) for part in re.findall(r"\d+", dark)[:3]) < 80
        assert violations(page) == [], path


def _first_device(page: Page, words: Words) -> str:
    page.goto(words.path("/devices?q=TM-12"))
    return page.locator(".results").get_by_role("link").first.get_attribute("href") or ""


@both
def test_on_paper_only_the_content_remains(visit, code):
    words = Words(code)
    page = visit(words.path())
    page.goto(_first_device(page, words))
    page.emulate_media(media="print", color_scheme="dark")
    for role in ("search", "contentinfo"):
        expect(page.get_by_role(role)).to_have_count(0)
    expect(page.get_by_role("navigation")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).color").startswith("rgb(")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)")


def test_every_language_tells_the_same_facts(visit):
    page, told = visit(), {}
    page.goto(_first_device(page, Words("fr")))
    address = page.url
    for code in ("fr", "ar", "en"):
        page.goto(address.replace("/fr/", f"/{code}/"))
        told[code] = (
            sorted(page.locator("main .code").all_inner_texts()),
            page.locator("main dt").count(),
            page.locator("main tr").count(),
            [digits(text) for text in page.locator("main dd").all_inner_texts()],
        )
        assert faults(page, code) == []
    assert told["fr"] == told["ar"] == told["en"]


def digits(text: str) -> list[str]:
    """Return the numbers of a text without what each language puts between their digits."""
    plain = re.sub(r"(?<=\d)[\s\u00a0\u202f.,](?=\d{3}\b)", "", text)
    return re.findall(r"\d+", plain)
