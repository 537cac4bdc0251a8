import pytest

from portal.accounts.package import PACKAGE
from portal.notifications.rendering import written

TEMPLATES = sorted(path.stem for path in (PACKAGE.folder / "templates/accounts/mail").glob("*.txt"))
LINK = "http://localhost:8000/fr/confirm/abc"
VALUES = {
    "name": "Fatima",
    "organisation": "Atlas & fils (fictif)",
    "invited_by": "Sam",
    "reason": "ICE <illisible>",
    "link": LINK,
    "new_email": "z…@neuf.example",
    "days": 3,
    "hours": 4,
    "key": "Tableau de bord",
    "waiting": [{"text": "Devices", "count": 2, "new": 1, "oldest": "2026-03-05", "link": LINK}],
}
# What the code calls these templates with.
USED = {
    *("confirm", "known", "reset", "password_changed", "protected", "unprotected", "invitation"),
    "waiting",
    *("email_confirm", "email_change", "email_changed", "email_taken", "email_held"),
    *("verified", "refused", "suspended", "inactive", "key_made"),
}
WITHOUT_LINK = {
    *("password_changed", "protected", "unprotected", "email_taken", "email_held", "key_made"),
}


def test_every_mail_has_its_template():
    assert set(TEMPLATES) == USED


@pytest.mark.parametrize("language", ["fr", "ar", "en"])
@pytest.mark.parametrize("template", TEMPLATES)
def test_every_mail_is_written_in_every_language(template, language):
    subject, text, html = written(f"accounts/mail/{template}", VALUES, language)

    assert "%(" not in subject + text
    assert f'<html lang="{language}"' in html
    assert ("<illisible>" in text, "<illisible>" in html) == (
        (True, False) if template in {"refused", "suspended"} else (False, False)
    )
    assert (VALUES["link"] in text) is (template not in WITHOUT_LINK)
