from datetime import UTC, datetime
from uuid import uuid4

import pytest

from portal.permissions import Membership, OrganisationKind, Role
from portal.settings import Settings
from portal.web import held_back
from portal.web.i18n import language
from tests.people import make_organisation, make_person, post, sign_in

SINCE = datetime(2026, 7, 1, 12, tzinfo=UTC)
PLACE = Membership(
    organisation_id=uuid4(),
    kind=OrganisationKind.MANUFACTURER,
    role=Role.ADMIN,
    verified=False,
    organisation_name="Atlas (fictif)",
    suspended_at=SINCE,
)


@pytest.mark.parametrize(
    ("address", "whom"),
    [
        (None, "the cluster or the authority that verified it"),
        ("aide@portail.example", "aide@portail.example"),
    ],
)
def test_it_says_since_when_and_to_whom_to_write(monkeypatch, address, whom):
    monkeypatch.setattr(held_back, "get_settings", lambda: Settings(contact_email=address))
    token = language.set("en")

    text = held_back.suspended(PLACE).text()

    language.reset(token)
    assert text == (
        "Your organisation « Atlas (fictif) » is suspended since 1 July 2026. You can read and "
        f"export what belongs to it, but not change it. Write to {whom}."
    )


async def test_members_of_a_suspended_organisation_are_told_so_where_they_would_change_it(client):
    maker = await make_organisation(state="suspended", suspended_at=SINCE)
    await sign_in(client, await make_person(organisation=maker))

    for path in ("/en/devices/new", f"/en/organisations/{maker.id}/invite"):
        shown, sent = await client.get(path), await post(client, path)
        assert (shown.status_code, sent.status_code) == (403, 403)
        assert "is suspended since 1 July 2026" in shown.text
        assert "is suspended since 1 July 2026" in sent.text
    for path in ("/en/devices/mine", f"/en/organisations/{maker.id}", "/en/audit"):
        assert (await client.get(path)).status_code == 200
