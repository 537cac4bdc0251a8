"""A maker and a hospital agree on a pilot; the engineer enrols a device and starts it."""

import re
import secrets
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from e2e.faults import faults
from e2e.people import address_of, sign_in
from e2e.words import Words
from portal.web.i18n import CASABLANCA
from telemetry_ingest.metrics import metrics

DEVICE, HOSPITAL = "TM-OX2", re.compile("Orangers|للبرتقال")
WATCHED = f"watch_{metrics()['MDC_PULS_OXIM_SAT_O2'].code}"


@pytest.mark.parametrize("code", ["fr", "ar"])
def test_a_pilot_is_proposed_agreed_and_started(visit, code):
    words, mark = Words(code), secrets.token_hex(3).upper()
    maker, host = visit(words.path()), visit(words.path(), width=360)
    sign_in(maker, words, address_of("sam"))
    sign_in(host, words, address_of("mia"))

    propose(maker, words, f"Essai {mark}")
    agree(maker, words)
    host.goto(words.path("/pilots"))
    host.get_by_role("link", name=mark).click()
    agree(host, words)
    expect(host).to_have_url(maker.url)

    enrol(host, words, f"SN-{mark}")
    host.get_by_role("link", name=words("Start the pilot")).click()
    look(host, words)
    press(host, words, "Start the pilot")
    expect(host.get_by_text(words("Running"), exact=True)).to_be_visible()
    look(host, words)

    host.get_by_role("link", name=words("Live values")).click()
    expect(host.get_by_text(f"SN-{mark}").first).to_be_visible()
    maker.reload()
    maker.get_by_role("link", name=f"SN-{mark}").click()
    expect(maker.get_by_role("heading", level=1)).to_contain_text(f"SN-{mark}")


def look(page: Page, words: Words) -> None:
    assert faults(page, words.code) == []


def press(page: Page, words: Words, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=words(name)).click()


def propose(page: Page, words: Words, title: str) -> None:
    """Choose a device, correct what is wrong and propose the pilot."""
    page.goto(words.path("/pilots"))
    page.get_by_role("link", name=words("Propose a pilot")).click()
    page.get_by_role("searchbox", name=words("Device, reference or maker")).fill(DEVICE)
    press(page, words, "Search")
    look(page, words)
    page.get_by_role("main").get_by_role("link", name=DEVICE).click()
    page.locator("[name=host]").select_option(
        page.locator("[name=host] option", has_text=HOSPITAL).get_attribute("value")
    )
    page.get_by_label(words("Title")).fill(title)
    today = datetime.now(CASABLANCA).date()
    for name, day in (("starts", today), ("ends", today + timedelta(days=30))):
        for part in ("day", "month", "year"):
            page.locator(f"[name={name}-{part}]").fill(str(getattr(day, part)))
    page.locator("[name=availability]").fill("95,5")
    press(page, words, "Propose it to the other side")
    expect(page.get_by_role("alert").filter(has_text=words("There is a problem"))).to_be_focused()
    look(page, words)

    page.locator(f"[name={WATCHED}]").check()
    press(page, words, "Propose it to the other side")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    look(page, words)


def agree(page: Page, words: Words) -> None:
    """Read the protocol once more and put the organisation's name to it."""
    page.get_by_role("link", name=words("Agree to the protocol")).click()
    look(page, words)
    press(page, words, "Agree to the protocol")
    page.locator(".pilot-next").wait_for()


def enrol(page: Page, words: Words, serial: str) -> None:
    """Enrol a device; the token is shown this once."""
    page.get_by_role("link", name=words("Enrol a device")).click()
    look(page, words)
    page.get_by_label(words("Serial number")).fill(serial)
    press(page, words, "Enrol and show the token")
    token = page.locator("#token").inner_text()
    assert len(token) == 43
    look(page, words)
    page.get_by_role("link", name=words("I have kept the token")).click()
    expect(page.get_by_text(serial).first).to_be_visible()
    assert token not in page.content()


def agreed(visit, host: Page, words: Words, serial: str) -> tuple[str, str]:
    """Bring a pilot to its agreement, with a device; leave the host on its page."""
    maker = visit(words.path())
    sign_in(maker, words, address_of("sam"))
    sign_in(host, words, address_of("mia"))
    propose(maker, words, f"Essai {serial}")
    agree(maker, words)
    host.goto(maker.url)
    agree(host, words)
    host.get_by_role("link", name=words("Enrol a device")).click()
    host.get_by_label(words("Serial number")).fill(serial)
    press(host, words, "Enrol and show the token")
    shown = host.locator("#device").inner_text(), host.locator("#token").inner_text()
    expect(host.locator(".qr-box svg")).to_be_visible()
    host.get_by_role("link", name=words("I have kept the token")).click()
    return shown
