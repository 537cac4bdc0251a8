"""A buyer's sessions, the second factor, an invitation: each in French and in Arabic."""

import secrets
from datetime import UTC, datetime

import pyotp
import pytest
from playwright.sync_api import Page, expect

from e2e.faults import faults
from e2e.people import address_of, fill_sign_in, sign_in
from e2e.portal import Portal
from e2e.words import Words

PASSWORD = "quatre cigognes sur le minaret"
both = pytest.mark.parametrize("code", ["fr", "ar"])


def fresh(name: str) -> str:
    """Return an address nobody has."""
    return f"{name}-{secrets.token_hex(4)}@tajhiz.example"


def new_account(page: Page, words: Words, portal: Portal, email: str) -> None:
    """Register a person alone, confirm the address and sign in."""
    page.goto(words.path("/register"))
    page.get_by_label(words("Your name"), exact=True).fill("Essai")
    page.get_by_label(words("E-mail address")).fill(email)
    page.get_by_label(words("Password"), exact=True).fill(PASSWORD)
    page.get_by_label(words("No, somebody will invite me or I will do it later")).check()
    page.get_by_role("button", name=words("Create the account")).click()
    expect(page.get_by_role("heading", name=words("Look at your mail"))).to_be_visible()
    page.goto(portal.mail_to(email, "/confirm/"))
    page.get_by_label(words("Password"), exact=True).fill(PASSWORD)
    page.get_by_role("button", name=words("Confirm my address")).click()
    fill_sign_in(page, words, email, PASSWORD)
    page.locator(".account-menu").wait_for()


def key_on(page: Page) -> str:
    """Return the key the page shows in groups of letters."""
    return page.locator("main details .code").inner_text().replace(" ", "")


@both
def test_a_buyer_sees_her_sessions_and_ends_them(visit, code):
    words = Words(code)
    one, other = visit(), visit()
    for page in (one, other):
        sign_in(page, words, address_of("mia"))

    one.goto(words.path("/account/sessions"))
    rows = one.get_by_role("table").get_by_role("row")
    assert rows.count() >= 3
    expect(one.get_by_text(words("This one"), exact=True)).to_have_count(1)
    one.get_by_role("button", name=words("Sign out everywhere else")).click()

    expect(one.get_by_text(words("All other browsers were signed out."))).to_be_visible()
    expect(rows).to_have_count(2)
    assert faults(one, code) == []
    other.goto(words.path("/account"))
    expect(other.get_by_role("heading", level=1)).to_have_text(words("Sign in"))
    one.locator(".account-menu summary").click()
    one.locator(".account-menu").get_by_role("button", name=words("Sign out")).click()
    expect(one.get_by_role("banner").get_by_role("link", name=words("Sign in"))).to_be_visible()


@both
def test_a_wrong_password_says_so_and_tells_nothing(visit, code):
    words = Words(code)
    page = visit(words.path("/sign-in"))
    told = []
    for email in (address_of("mia"), fresh("nobody")):
        fill_sign_in(page, words, email, "not the password at all")
        summary = page.get_by_role("alert").filter(has_text=words("There is a problem"))
        expect(summary).to_be_focused()
        told.append(summary.inner_text())
    assert told[0] == told[1]
    assert faults(page, code) == []


@both
def test_the_second_factor_and_a_recovery_code(visit, portal, code):
    words, email = Words(code), fresh("totp")
    page = visit(words.path())
    new_account(page, words, portal, email)

    page.goto(words.path("/account/second-factor"))
    page.get_by_text(words("I cannot scan it")).click()
    key = key_on(page)
    assert faults(page, code) == []
    page.get_by_label(words("Code"), exact=True).fill(pyotp.TOTP(key).now())
    page.get_by_role("button", name=words("Switch the second factor on")).click()
    recovery = page.locator(".recovery-codes .code").all_inner_texts()
    assert len(set(recovery)) == len(recovery) >= 8
    assert faults(page, code) == []

    for typed in (recovery[0], recovery[1]):
        again = visit(words.path("/sign-in"))
        fill_sign_in(again, words, email, PASSWORD)
        expect(again.get_by_role("heading", level=1)).to_have_text(words("Second factor"))
        send = again.get_by_role("main").get_by_role("button", name=words("Sign in"))
        field = again.get_by_label(words("Code"), exact=True)
        # What is used up, or wrong, does not let in.
        field.fill("000000" if typed == recovery[0] else recovery[0])
        send.click()
        expect(field).to_have_attribute("aria-invalid", "true")
        assert faults(again, code) == []
        field.fill(typed)
        send.click()
        again.locator(".account-menu").wait_for()


def test_the_code_of_the_application_lets_in_once(visit, portal):
    words, email = Words("fr"), fresh("totp")
    page = visit(words.path())
    new_account(page, words, portal, email)
    page.goto(words.path("/account/second-factor"))
    page.get_by_text(words("I cannot scan it")).click()
    totp = pyotp.TOTP(key_on(page))
    used = totp.now()
    page.get_by_label(words("Code"), exact=True).fill(used)
    page.get_by_role("button", name=words("Switch the second factor on")).click()
    page.locator(".recovery-codes").wait_for()

    again = visit(words.path("/sign-in"))
    fill_sign_in(again, words, email, PASSWORD)
    field = again.get_by_label(words("Code"), exact=True)
    send = again.get_by_role("main").get_by_role("button", name=words("Sign in"))
    field.fill(used)
    send.click()
    expect(field).to_have_attribute("aria-invalid", "true")
    field.fill(totp.at(datetime.now(UTC), counter_offset=1))
    send.click()
    again.locator(".account-menu").wait_for()


@both
def test_an_invited_colleague_joins(visit, portal, code):
    words, email = Words(code), fresh("colleague")
    page = visit()
    sign_in(page, words, address_of("sam"))
    page.goto(words.path("/account"))
    page.get_by_role("main").get_by_role("link", name="Tizi").or_(
        page.get_by_role("main").get_by_role("link", name="تيزي")
    ).click()
    page.get_by_role("link", name=words("Invite somebody")).click()
    page.get_by_role("button", name=words("Send the invitation")).click()
    expect(page.get_by_role("alert").filter(has_text=words("There is a problem"))).to_be_focused()
    page.get_by_label(words("E-mail address")).fill(email)
    page.get_by_label(words("Reads everything of the organisation.")).or_(
        page.get_by_role("radio").first
    ).first.check()
    page.get_by_role("button", name=words("Send the invitation")).click()
    expect(page.get_by_text(words("The invitation is on its way."))).to_be_visible()
    assert faults(page, code) == []

    guest = visit(portal.mail_to(email, "/invitations/"))
    guest.get_by_role("link", name={"fr": "Français", "ar": "العربية"}[code]).click()
    assert faults(guest, code) == []
    guest.get_by_label(words("Your name"), exact=True).fill("Collègue")
    guest.get_by_label(words("Password"), exact=True).fill(PASSWORD)
    guest.get_by_role("button", name=words("Create the account and join")).click()
    expect(
        guest.get_by_text(words("Welcome. You are now a member of this organisation."))
    ).to_be_visible()
    assert faults(guest, code) == []


@both
def test_the_pages_behind_the_links_of_mails_are_sound(visit, portal, code):
    """No link of the portal leads to them: the walk of every page does not come by."""
    words, email = Words(code), fresh("links")
    page = visit(words.path("/confirm"), width=320)
    found = [f"confirm: {one}" for one in faults(page, code)]
    new_account(page, words, portal, email)
    page.context.clear_cookies()
    page.goto(words.path("/password/forgotten"))
    page.get_by_label(words("E-mail address")).fill(email)
    page.locator("main form button[type=submit]").click()
    new_password = portal.mail_to(email, "/password/new/")
    for address in (
        new_password,
        f"{new_password}-spent",
        portal.mail_to(email, "/confirm/"),
        words.path("/mailbox"),
        words.path("/there/is/nothing"),
    ):
        page.goto(address)
        found += [f"{address}: {one}" for one in faults(page, code)]
    page.goto(words.path("/mailbox"))
    # Other stories write letters at the same time, in their own language.
    page.locator("#mailbox tr", has_text=email).locator("td a").first.click()
    found += [f"letter: {one}" for one in faults(page, code)]

    assert not found, "\n".join(found)
