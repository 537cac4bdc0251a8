"""A hospital's engineer makes a key for her dashboard, it reads, she revokes it: fr and ar."""

import httpx
import pytest
from playwright.sync_api import expect

from catalog.demo.loading import PASSWORD
from e2e.faults import faults
from e2e.people import address_of, sign_in
from e2e.words import Words

# Its own address: the stories of the API show wrong keys from the usual one, which is told to wait.
PROGRAM = "127.0.0.2"
both = pytest.mark.parametrize("code", ["fr", "ar"])


@both
def test_a_program_reads_with_a_key_until_it_is_revoked(visit, code, portal):
    words = Words(code)
    page = visit()
    sign_in(page, words, address_of("mia"))
    page.goto(words.path("/account"))
    page.locator("main").get_by_role("link", name=words("Access keys")).click()
    name = f"Tableau de bord {code}"

    page.get_by_label(words("Name of the key")).fill(name)
    page.get_by_label(words("What it is for")).fill("Réanimation")
    page.get_by_label(words("Present password")).fill("not this one at all")
    page.get_by_role("button", name=words("Make the key")).click()
    expect(page.get_by_role("alert")).to_contain_text(words("This is not your present password."))
    assert faults(page, code) == []
    page.get_by_label(words("Present password")).fill(PASSWORD)
    page.get_by_role("button", name=words("Make the key")).click()
    expect(page.get_by_text(words("Shown only once"))).to_be_visible()
    key = page.locator("#key").inner_text()
    assert key in page.locator("#line").inner_text()
    assert faults(page, code) == []

    def asked() -> httpx.Response:
        with httpx.Client(transport=httpx.HTTPTransport(local_address=PROGRAM)) as program:
            return program.get(
                f"{portal.address}/fhir/r4/Device",
                headers={"authorization": f"Bearer {key}", "accept-language": code},
            )

    read = asked()
    assert (read.status_code, read.json()["resourceType"]) == (200, "Bundle")
    assert "set-cookie" not in read.headers
    page.get_by_role("link", name=words("I have kept the key")).click()
    row = page.get_by_role("listitem").filter(has_text=name).filter(has_text=words("Key active"))
    expect(row).to_have_count(1)
    expect(row).not_to_contain_text(words("Never used"))  # used today
    assert key not in page.content()
    assert faults(page, code) == []

    row.get_by_role("button", name=words("Revoke")).click()
    expect(page.get_by_text(words("Key revoked"), exact=True).first).to_be_visible()
    refused = asked()
    assert (refused.status_code, refused.json()["resourceType"]) == (401, "OperationOutcome")
    assert refused.headers["www-authenticate"].startswith("Bearer")
    assert refused.json()["language"] == code
