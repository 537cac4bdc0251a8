"""A new manufacturer: from the registration to a device that strangers find."""

import re
import secrets
import time
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page, expect

from e2e.faults import faults, listen
from e2e.people import address_of, fill_sign_in, sign_in
from e2e.portal import Portal
from e2e.words import Words

PASSWORD = "quatre cigognes sur le minaret"
IN = {"fr": "in French", "ar": "in Arabic"}
PHOTO = {"fr": "Une pompe vue de face.", "ar": "مضخة من الأمام."}
# Right in every digit but the last one.
DOUBTFUL_ICE = "001561191000067"


@pytest.mark.parametrize("code", ["fr", "ar"])
def test_from_registration_to_a_device_that_strangers_find(visit, portal, code, tmp_path):
    words, mark = Words(code), secrets.token_hex(4).upper()
    email, company = f"maker-{mark.lower()}@tajhiz.example", f"Essai {mark} (fictif)"
    page = visit(words.path("/register"))
    heard = listen(page)

    register(page, words, email, company)
    confirm(page, words, portal, email)
    begin_device(page, words, mark)
    verify(visit, words, company)
    continue_device(page, words, mark, picture(tmp_path))
    submit(page, words)

    reason = f"Le certificat {mark} manque."
    judge(visit, words, mark, send_back=reason)
    page.reload()
    expect(page.get_by_text(reason).first).to_be_visible()
    submit(page, words)
    judge(visit, words, mark)

    find(visit, words, mark)
    assert heard == []


def register(page: Page, words: Words, email: str, company: str) -> None:
    """Fill in the registration: first with mistakes, then with a doubtful ICE."""
    send = page.get_by_role("button", name=words("Create the account"))
    page.get_by_label(words("E-mail address")).fill(email)
    page.get_by_label(words("Password"), exact=True).fill("court")
    send.click()
    wrong(page, words)
    assert faults(page, words.code) == []
    expect(page.get_by_label(words("E-mail address"))).to_have_value(email)

    page.get_by_label(words("Your name"), exact=True).fill("Essai")
    page.get_by_label(words("Password"), exact=True).fill(PASSWORD)
    page.get_by_label(words("Yes, I register my organisation now")).check()
    page.get_by_label(words("Kind of organisation")).select_option(words("Manufacturer"))
    page.get_by_label(words("Legal name, in French")).fill(company)
    page.get_by_label(words("ICE, common identifier of the company")).fill(DOUBTFUL_ICE)
    send.click()
    expect(page.get_by_role("heading", name=words("Look at your mail"))).to_be_visible()


def wrong(page: Page, words: Words) -> Locator:
    """Expect the summary of errors with the focus, and that its first link leads to the field."""
    summary = page.get_by_role("alert").filter(has_text=words("There is a problem"))
    expect(summary).to_be_focused()
    first = summary.get_by_role("link").first
    field = page.locator(first.get_attribute("href") or "")
    first.click()
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    return summary


def confirm(page: Page, words: Words, portal: Portal, email: str) -> None:
    """Open the link of the mail, confirm the address, sign in; the doubtful ICE is told."""
    page.goto(portal.mail_to(email, "/confirm/"))
    page.get_by_label(words("Password"), exact=True).fill(PASSWORD)
    page.get_by_role("button", name=words("Confirm my address")).click()
    expect(
        page.get_by_text(words("Your e-mail address is confirmed. You can sign in now."))
    ).to_be_visible()
    fill_sign_in(page, words, email, PASSWORD)
    page.locator(".account-menu").wait_for()
    page.goto(words.path("/account"))
    page.get_by_role("main").get_by_role("link", name="Essai").click()
    expect(page.get_by_text(words("The ICE is doubtful."))).to_be_visible()
    assert faults(page, words.code) == []


def save(page: Page, words: Words) -> None:
    page.get_by_role("main").get_by_role("button", name=words("Save and continue")).click()


def in_french(words: Words, label: str) -> str:
    return f"{words(label)} {words('in French')}"


def begin_device(page: Page, words: Words, mark: str) -> None:
    """Write the first two pages of a record, leave, and find everything on coming back."""
    page.goto(words.path("/devices/new"))
    save(page, words)
    expect(page.get_by_role("alert").filter(has_text=words("There is a problem"))).to_be_focused()
    page.get_by_label(in_french(words, "Name")).fill(f"Pompe d'essai {mark}")
    page.get_by_label(words("Catalogue reference")).fill(f"PE-{mark}")
    save(page, words)
    page.get_by_label(in_french(words, "What it is, in one sentence")).fill("Une pompe calme.")
    assert faults(page, words.code) == []
    save(page, words)
    expect(page.get_by_label(words("EMDN code"))).to_be_visible()

    page.get_by_role("link", name=words("Leave: what is saved stays")).click()
    page.get_by_role("link", name=f"Pompe d'essai {mark}").click()
    expect(page.get_by_text("Une pompe calme.")).to_be_visible()
    expect(
        page.get_by_text(
            words(
                "Your organisation has to be verified before it can submit devices. You can "
                "complete the record meanwhile: everything is kept."
            )
        )
    ).to_be_visible()
    assert faults(page, words.code) == []


def verify(visit, words: Words, company: str) -> None:
    """Let the verifier of the cluster verify the organisation in her own browser."""
    page = visit(words.path())
    sign_in(page, words, address_of("vera"))
    page.goto(words.path("/verification"))
    page.get_by_role("link", name=company).click()
    expect(page.get_by_text(words("The ICE is doubtful."))).to_be_visible()
    page.get_by_role("button", name=words("Verify"), exact=True).click()
    expect(
        page.get_by_text(
            words("The organisation is verified. Its administrators were told by e-mail.")
        )
    ).to_be_visible()
    page.context.close()


def continue_device(page: Page, words: Words, mark: str, photo: Path) -> None:
    """Go through the other pages of the record, once with a wrong number."""
    step(page, words, "Classification")
    page.get_by_label(words("EMDN code")).fill("Z120301")
    page.get_by_label(words("Risk class"), exact=False).first.select_option(words("Class IIb"))
    save(page, words)
    page.get_by_role("link", name=words("Add a variant")).click()
    page.get_by_label(words("Name of the variant")).fill("230 V")
    page.get_by_label(words("Who issued the number")).select_option(words("GS1 (GTIN)"))
    identifier = page.get_by_label(words("UDI-DI"), exact=False).first
    identifier.fill(gtin(mark, off_by=1))
    page.get_by_role("main").get_by_role("button", name=words("Save"), exact=True).click()
    wrong(page, words)
    expect(identifier).to_have_value(gtin(mark, off_by=1))
    assert faults(page, words.code) == []
    identifier.fill(gtin(mark))
    page.get_by_role("main").get_by_role("button", name=words("Save"), exact=True).click()
    expect(page.get_by_text(gtin(mark))).to_be_visible()
    page.get_by_role("link", name=words("Continue"), exact=True).click()
    assert faults(page, words.code) == []
    step(page, words, "Origin")
    page.get_by_label(words("Made in Morocco")).check()
    save(page, words)
    page.get_by_label(words("Registered"), exact=True).check()
    page.get_by_label(words("Number of the certificate")).fill(f"DM-{mark}")
    assert faults(page, words.code) == []
    save(page, words)
    page.get_by_label(words("From")).first.fill("12 500,00")
    page.get_by_label(words("excluding tax")).check()
    save(page, words)
    page.get_by_label(words("Add a photo")).set_input_files(photo)
    shown = f"{words('What the photo shows,')} {words(IN[words.code])}"
    page.get_by_label(shown).fill(PHOTO[words.code])
    page.get_by_role("button", name=words("Add the photo")).click()
    expect(page.get_by_role("main").get_by_role("img")).to_have_js_property("complete", True)
    assert page.locator(".file-list img").evaluate("image => image.naturalWidth") > 0
    assert faults(page, words.code) == []
    page.get_by_role("link", name=words("Continue"), exact=True).click()


def step(page: Page, words: Words, title: str) -> None:
    """Go to a part of the record by the list beside it."""
    parts = page.get_by_role("navigation", name=words("Parts of the record"))
    parts.get_by_role("link", name=re.compile(f"^{re.escape(words(title))}")).click()


def gtin(mark: str, *, off_by: int = 0) -> str:
    """Return a number kept for fictional companies; ``off_by`` spoils its last digit."""
    body = f"0611998{int(mark, 16) % 1_000_000:06}"
    weighed = sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(body))
    return f"{body}{(off_by - weighed) % 10}"


def picture(folder: Path) -> Path:
    """Draw a photo."""
    image = Image.new("RGB", (1200, 900), "white")
    ImageDraw.Draw(image).rectangle((300, 200, 900, 700), fill="darkgreen")
    image.save(folder / "pompe.png")
    return folder / "pompe.png"


def submit(page: Page, words: Words) -> None:
    page.get_by_role("button", name=words("Submit for review")).click()
    expect(page.get_by_role("main").get_by_text(words("Waiting for review")).first).to_be_visible()


def judge(visit, words: Words, mark: str, *, send_back: str = "") -> None:
    """Let the verifier decide about the record, in her own browser."""
    page = visit(words.path())
    sign_in(page, words, address_of("vera"))
    page.goto(words.path("/devices/review"))
    device = page.get_by_role("main").get_by_role("link", name=f"Pompe d'essai {mark}")
    device.click()
    assert faults(page, words.code) == []
    if send_back:
        page.get_by_role("link", name=words("Send back")).click()
        page.get_by_role("button", name=words("Send back")).click()
        wrong(page, words)
        page.get_by_label(words("Reason")).fill(send_back)
        page.get_by_role("button", name=words("Send back")).click()
    else:
        page.get_by_role("button", name=words("Publish"), exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(words("Devices to review"))
    expect(device).to_have_count(0)
    page.context.close()


def find(visit, words: Words, mark: str) -> None:
    """Search as a stranger until the worker has brought the device to the index."""
    page = visit(words.path())
    link = page.get_by_role("link", name=f"Pompe d'essai {mark}")
    until = time.monotonic() + 15
    while not link.count() and time.monotonic() < until:
        page.goto(words.path(f"/devices?q=PE-{mark}"))
    link.click()
    expect(page.get_by_text(gtin(mark))).to_be_visible()
    shown = page.get_by_role("img", name=PHOTO[words.code])
    expect(shown).to_have_js_property("complete", True)
    assert shown.evaluate("image => image.naturalWidth") > 0
    assert faults(page, words.code) == []
