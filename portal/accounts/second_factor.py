"""The second factor: six digits of a time step (RFC 6238), each accepted once."""

import hmac
import io
from datetime import datetime

import pyotp
import segno

STEP_S = 30
DRIFT = 1  # steps: a telephone may be half a minute early or late
ISSUER = "Tajhiz"


def new_secret() -> str:
    """Return a fresh secret of 160 bits in base 32."""
    return pyotp.random_base32()


def matching_step(secret: str, code: str, now: datetime, last_step: int) -> int | None:
    """Return the time step ``code`` belongs to, unless it is wrong or was used before.

    Args:
        secret: base 32.
        code: as typed; spaces are ignored.
        now: the present moment, with its time zone.
        last_step: the step of the last accepted code; that one and earlier ones are spent.
    """
    typed = "".join(code.split())
    if not (typed.isascii() and typed.isdigit()):
        return None
    present = int(now.timestamp()) // STEP_S
    totp = pyotp.TOTP(secret)
    for step in range(present - DRIFT, present + DRIFT + 1):
        if step > last_step and hmac.compare_digest(totp.generate_otp(step), typed):
            return step
    return None


def enrolment_address(secret: str, email: str) -> str:
    """Return the ``otpauth:`` address an authenticator application reads."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def qr_svg(text: str, *, title: str) -> str:
    """Return ``text`` as a QR code in SVG: attributes only, for a page that allows no style."""
    out = io.BytesIO()
    segno.make_qr(text, error="m").save(
        out, kind="svg", xmldecl=False, svgns=True, scale=5, border=4, light="#fff", dark="#000",
        title=title, svgclass="qr", lineclass=None, omitsize=True,
    )  # fmt: skip
    return out.getvalue().decode()
