"""The people of the demonstration, as the stories sign them in."""

from playwright.sync_api import Page

from catalog.demo.loading import PASSWORD
from catalog.demo.rows import DOMAIN
from e2e.words import Words

# Each role of the demonstration that sees other pages: buyer, maker, cluster, authority, fair.
ROLES = ("mia", "sam", "vera", "lina", "omar", "zoe")


def address_of(name: str) -> str:
    """Return the e-mail address of a demonstration account."""
    return f"{name}@{DOMAIN}"


def fill_sign_in(page: Page, words: Words, email: str, password: str = PASSWORD) -> None:
    """Fill in and send the sign-in page that is open."""
    page.get_by_label(words("E-mail address")).fill(email)
    page.get_by_label(words("Password"), exact=True).fill(password)
    page.get_by_role("main").get_by_role("button", name=words("Sign in")).click()


def sign_in(page: Page, words: Words, email: str, password: str = PASSWORD) -> None:
    """Sign in through the page and wait until the portal knows the person."""
    page.goto(words.path("/sign-in"))
    fill_sign_in(page, words, email, password)
    page.locator(".account-menu").wait_for()
