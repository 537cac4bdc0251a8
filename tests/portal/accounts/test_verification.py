"""Verifying organisations and recording successions, through the pages."""

import re

from portal.accounts.queries.organisations import organisation
from portal.permissions import OrganisationKind
from tests.people import make_organisation, make_person, post, sam, sign_in, vera
from tests.portal.accounts.mails import mails


async def test_an_organisation_is_changed_refused_corrected_and_verified(client):
    one = await make_organisation(OrganisationKind.MANUFACTURER, verified=False)
    admin = await make_person(organisation=one)
    judge = await vera()
    await sign_in(client, judge)
    shown = (await client.get(f"/fr/verification/{one.id}")).text
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', shown).group(1)

    silent = await post(client, f"/fr/verification/{one.id}/refused", seen=seen)
    refused = await post(client, f"/fr/verification/{one.id}/refused", seen=seen, reason="ICE ?")
    await sign_in(client, admin)
    told = (await client.get(f"/fr/organisations/{one.id}")).text
    saved = await post(
        client,
        f"/fr/organisations/{one.id}/edit",
        kind="manufacturer",
        name_fr="Atlas (fictif)",
        ice="001561191000066",
    )

    assert (silent.status_code, refused.status_code) == (422, 303)
    assert "ICE ?" in told
    assert saved.headers["location"] == f"/fr/organisations/{one.id}?done=again"
    after = await organisation(one.id)
    assert (after.state, after.state_reason, after.ice) == ("registered", "", "001561191000066")
    assert [template for _, template, _ in await mails()] == ["refused"]


async def test_a_decision_that_does_not_exist_is_not_found(client):
    one = await make_organisation(verified=False)
    await sign_in(client, await vera())

    answer = await post(client, f"/fr/verification/{one.id}/registered", seen="x")

    assert answer.status_code == 404


async def test_an_authority_records_a_succession(client):
    old = await make_organisation(OrganisationKind.BUYER, name="Hôpital (fictif)")
    new = await make_organisation(OrganisationKind.BUYER, name="GST (fictif)")
    await sign_in(client, await vera())
    typed = {
        "predecessor": str(old.id),
        "successor": str(new.id),
        "starts_on-day": "1",
        "starts_on-month": "7",
        "starts_on-year": "2026",
        "source": "Décret fictif",
    }

    itself = await post(client, "/en/successions/new", **(typed | {"successor": str(old.id)}))
    done = await post(client, "/en/successions/new", **typed)
    twice = await post(client, "/en/successions/new", **typed)
    listed = await client.get("/en/successions")

    assert "An organisation cannot succeed itself." in itself.text
    assert [one.status_code for one in (itself, done, twice)] == [422, 303, 422]
    assert "GST (fictif)" in listed.text


async def test_a_verifier_sees_what_is_doubtful(client):
    await make_organisation(name="Déjà là (fictif)", ice="001561191000065")
    one = await make_organisation(verified=False, ice="001561191000065", ice_doubtful=True)
    await sign_in(client, await vera())

    text = (await client.get(f"/en/verification/{one.id}")).text

    assert "The ICE is doubtful." in text
    assert "Other organisations have the same identifiers:" in text
    assert "Déjà là (fictif)" in text


async def test_what_a_verifier_has_not_seen_is_not_decided(client):
    one = await make_organisation(verified=False)
    await sign_in(client, await vera())

    answer = await post(client, f"/en/verification/{one.id}/verified", seen="older")

    assert answer.status_code == 409
    assert "Somebody else changed this a moment ago." in answer.text
    assert (await organisation(one.id)).state == "registered"


async def test_a_manufacturer_decides_nothing(client):
    one = await make_organisation(verified=False)
    await sign_in(client, await sam())

    answer = await post(client, f"/fr/verification/{one.id}/verified", seen="x")

    assert answer.status_code == 403


async def test_the_queue_of_an_unknown_state_is_refused(client):
    await sign_in(client, await vera())

    assert (await client.get("/fr/verification?state=nonsense")).status_code == 400
