"""The addresses written into mails: whole ones, in the language of the reader."""

from datetime import timedelta

from portal.settings import get_settings

CONFIRM_FOR = timedelta(days=3)
RESET_FOR = timedelta(hours=1)
CHANGE_EMAIL_FOR = timedelta(days=3)
UNDO_EMAIL_FOR = timedelta(days=7)
INVITED_FOR = timedelta(days=14)


def confirm_link(token: str, language: str) -> str:
    """Return the link that confirms an e-mail address."""
    return _whole(language, f"confirm/{token}")


def reset_link(token: str, language: str) -> str:
    """Return the link that chooses a new password."""
    return _whole(language, f"password/new/{token}")


def email_link(token: str, language: str) -> str:
    """Return the link that confirms a new e-mail address of an account."""
    return _whole(language, f"email/confirm/{token}")


def undo_email_link(token: str, language: str) -> str:
    """Return the link that gives an account its former address back."""
    return _whole(language, f"email/undo/{token}")


def invitation_link(token: str, language: str) -> str:
    """Return the link that accepts an invitation."""
    return _whole(language, f"invitations/{token}")


def sign_in_link(language: str) -> str:
    """Return the address of the sign-in page."""
    return _whole(language, "sign-in")


def page_link(path: str, language: str) -> str:
    """Return the address of a page of the portal, by its path without the language."""
    return _whole(language, path)


def organisation_link(organisation_id: object, language: str) -> str:
    """Return the address of an organisation's own page."""
    return _whole(language, f"organisations/{organisation_id}")


def _whole(language: str, path: str) -> str:
    return f"{get_settings().base_url.rstrip('/')}/{language}/{path}"
