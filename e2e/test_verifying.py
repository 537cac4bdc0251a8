"""The verifier refuses with a reason, and the audit trail tells it."""

import secrets

import pytest
from playwright.sync_api import expect

from e2e.faults import faults
from e2e.people import address_of, sign_in
from e2e.test_accounts import fresh, new_account
from e2e.words import Words


@pytest.mark.parametrize("code", ["fr", "ar"])
def test_a_refusal_has_a_reason_and_stands_in_the_audit_trail(visit, portal, code):
    words, mark = Words(code), secrets.token_hex(4)
    company, reason = f"Refus {mark} (fictif)", f"Extrait du registre absent, {mark}."
    applicant = visit(words.path())
    new_account(applicant, words, portal, fresh("refused"))
    applicant.goto(words.path("/organisations/new"))
    kind = applicant.get_by_label(words("Kind of organisation"))
    kind.select_option(words("Distributor or importer"))
    applicant.get_by_label(words("Legal name, in French")).fill(company)
    applicant.get_by_role("button", name=words("Register the organisation")).click()
    expect(applicant.get_by_role("heading", level=1)).to_have_text(company)

    page = visit(words.path())
    sign_in(page, words, address_of("vera"))
    page.goto(words.path("/verification"))
    page.get_by_role("link", name=company).click()
    page.get_by_role("button", name=words("Refuse"), exact=True).click()
    expect(page.get_by_role("alert").filter(has_text=words("There is a problem"))).to_be_focused()
    assert faults(page, code) == []
    page.get_by_label(words("Reason of the refusal")).fill(reason)
    page.get_by_role("button", name=words("Refuse"), exact=True).click()
    expect(page.get_by_role("link", name=company)).to_have_count(0)

    applicant.reload()
    expect(applicant.get_by_text(reason)).to_be_visible()
    applicant.goto(words.path("/audit"))
    expect(applicant.get_by_text(reason).first).to_be_attached()
    assert faults(applicant, code) == []

    authority = visit(words.path())
    sign_in(authority, words, address_of("lina"))
    authority.goto(words.path("/audit"))
    expect(authority.get_by_text(reason).first).to_be_attached()
