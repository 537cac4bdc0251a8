from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from portal.accounts.second_factor import enrolment_address, matching_step, new_secret, qr_svg

NOW = datetime(2026, 11, 21, 12, 0, 10, tzinfo=UTC)
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # "12345678901234567890", RFC 6238 appendix B


def test_matching_step_agrees_with_rfc_6238():
    at = datetime(2009, 2, 13, 23, 31, 30, tzinfo=UTC)  # 1234567890 s; 8 digits 89005924

    assert matching_step(SECRET, "005924", at, 0) == 41152263


@pytest.mark.parametrize(("late_s", "accepted"), [(-30, True), (0, True), (30, True), (61, False)])
def test_matching_step_allows_half_a_minute(late_s, accepted):
    code = pyotp.TOTP(SECRET).at(NOW)

    step = matching_step(SECRET, code, NOW + timedelta(seconds=late_s), 0)

    assert (step is not None) is accepted


def test_matching_step_refuses_a_step_that_was_used():
    code = pyotp.TOTP(SECRET).at(NOW)
    step = matching_step(SECRET, code, NOW, 0)

    assert matching_step(SECRET, code, NOW, step) is None
    assert matching_step(SECRET, f"{code[:3]} {code[3:]}", NOW, step - 1) == step


@pytest.mark.parametrize("code", ["", "abc", "12345", "٠٠٥٩٢٤", "0059240"])
def test_matching_step_refuses_what_is_no_code(code):
    assert matching_step(SECRET, code, NOW, 0) is None


def test_the_qr_code_needs_no_style_and_says_what_it_is():
    svg = qr_svg(enrolment_address(new_secret(), "sam@atlas.example"), title="Code QR")

    assert svg.startswith("<svg")
    assert "<title>Code QR</title>" in svg
    assert "style=" not in svg
