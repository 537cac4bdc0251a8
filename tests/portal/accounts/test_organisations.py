import asyncio
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from portal.accounts.actions.organisations import (
    decide,
    record_succession,
    update_organisation,
)
from portal.accounts.errors import (
    ChangedMeanwhile,
    MoveRefused,
    NotYoursToDecide,
    OrganisationNotFound,
    ReasonMissing,
    SuccessionRefused,
)
from portal.accounts.identity import actor_with
from portal.accounts.queries.organisations import (
    acting_for,
    look_alikes,
    organisation,
    successions,
)
from portal.accounts.states import OrganisationState
from portal.permissions import OrganisationKind
from tests.people import make_organisation, make_person, mia, organisation_of, sam, vera
from tests.portal.accounts.mails import events, mails

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
VERIFIED, REFUSED = OrganisationState.VERIFIED, OrganisationState.REFUSED


async def waiting(**columns):
    """Return an organisation that waits for verification, with an administrator to tell."""
    one = await make_organisation(verified=False, **columns)
    await make_person("admin@atlas.example", organisation=one, language="ar")
    return await organisation(one.id)


async def verifying():
    return await actor_with((await vera()).id)


async def test_verify_tells_the_administrators(db):
    one, actor = await waiting(), await verifying()

    await decide(one.id, VERIFIED, actor=actor, now=NOW, seen=one.version)

    after = await organisation(one.id)
    assert (after.state, after.verified_at) == (VERIFIED, NOW)
    [(to, template, values)] = await mails()
    assert (to, template) == ("admin@atlas.example", "verified")
    assert values["link"] == f"http://localhost:8000/ar/organisations/{one.id}"
    assert await events() == ["organisation.verified"]


async def test_refuse_needs_a_reason_that_the_organisation_reads(db):
    one, actor = await waiting(), await verifying()

    with pytest.raises(ReasonMissing):
        await decide(one.id, REFUSED, actor=actor, now=NOW, seen=one.version, reason=" ")
    await decide(one.id, REFUSED, actor=actor, now=NOW, seen=one.version, reason="ICE illisible")

    after = await organisation(one.id)
    assert (after.state, after.state_reason) == (REFUSED, "ICE illisible")
    assert [values["reason"] for _, _, values in await mails()] == ["ICE illisible"]


async def test_of_two_verifiers_at_once_one_decides(db):
    one, actor = await waiting(), await verifying()

    answers = await asyncio.gather(
        decide(one.id, VERIFIED, actor=actor, now=NOW, seen=one.version),
        decide(one.id, REFUSED, actor=actor, now=NOW, seen=one.version, reason="non"),
        return_exceptions=True,
    )

    assert sorted(type(answer).__name__ for answer in answers) == ["ChangedMeanwhile", "NoneType"]
    assert len(await mails()) == 1


async def test_what_changed_after_the_verifier_saw_it_is_not_verified(db):
    one, actor = await waiting(), await verifying()
    await update_organisation(one.id, {"name_fr": "Autre nom (fictif)"}, actor=actor)

    with pytest.raises(ChangedMeanwhile):
        await decide(one.id, VERIFIED, actor=actor, now=NOW, seen=one.version)


async def test_a_manufacturer_does_not_verify_and_nobody_their_own(db):
    one = await waiting()
    maker = await actor_with((await sam()).id)
    own = await organisation_of(await vera())
    authority = await organisation(own.id)

    with pytest.raises(NotYoursToDecide):
        await decide(one.id, VERIFIED, actor=maker, now=NOW, seen=one.version)
    with pytest.raises(NotYoursToDecide):
        await decide(
            own.id,
            OrganisationState.SUSPENDED,
            actor=await actor_with((await make_person(organisation=own)).id),
            now=NOW,
            seen=authority.version,
            reason="x",
        )


async def test_a_refused_organisation_is_not_verified_at_once(db):
    one, actor = await waiting(state="refused"), await verifying()

    with pytest.raises(MoveRefused):
        await decide(one.id, VERIFIED, actor=actor, now=NOW, seen=one.version)


async def test_decide_about_an_unknown_organisation(db):
    with pytest.raises(OrganisationNotFound):
        await decide(uuid4(), VERIFIED, actor=await verifying(), now=NOW, seen="")


@pytest.mark.parametrize(
    ("before", "values", "after"),
    [
        ("verified", {"phone": "+212 5 00 00 00 00"}, "verified"),
        ("verified", {"name_fr": "Nom nouveau (fictif)"}, "registered"),
        ("verified", {"name_ar": "اسم سلطة أخرى"}, "registered"),
        ("verified", {"other_kinds": ["distributor"]}, "registered"),
        ("verified", {"other_kinds": []}, "verified"),
        ("refused", {"address": "1, rue des Pins"}, "registered"),
        ("refused", {}, "refused"),
        ("suspended", {"name_fr": "Nom nouveau (fictif)"}, "suspended"),
    ],
)
async def test_update_organisation_asks_again_when_what_was_verified_changes(
    db, before, values, after
):
    one = await make_organisation(state=before, state_reason="x")

    state = await update_organisation(one.id, values, actor=await verifying())

    assert state == after == (await organisation(one.id)).state


async def test_look_alikes_share_an_identifier(db):
    first = await make_organisation(name="Un (fictif)", ice="001561191000066")
    second = await make_organisation(
        name="Deux (fictif)", ice="001561191000066", rc_number="12", rc_court="Fès"
    )
    third = await make_organisation(name="Trois (fictif)", rc_number="12", rc_court="fès")
    await make_organisation(name="Quatre (fictif)", rc_number="12", rc_court="Rabat")

    found = await look_alikes(await organisation(second.id))

    assert [(one.id, one.shared) for one in found] == [
        (third.id, ("rc",)),
        (first.id, ("ice",)),
    ]


async def test_a_succession_acts_from_its_day_on(db):
    hospital = await organisation_of(await mia())
    group = await make_organisation(OrganisationKind.BUYER, name="GST (fictif)")
    actor = await verifying()

    await record_succession(
        hospital.id, group.id, starts_on=date(2026, 7, 1), source="Décret (fictif)", actor=actor
    )

    assert await acting_for(hospital.id, date(2026, 6, 30)) == hospital.id
    assert await acting_for(hospital.id, date(2026, 7, 1)) == group.id
    assert [(row.predecessor, row.successor) for row in await successions(hospital.id)] == [
        (hospital.name_fr, group.name_fr)
    ]


async def test_a_succession_is_recorded_once_and_closes_no_circle(db):
    one, other = await make_organisation(), await make_organisation()
    actor = await verifying()
    day = {"starts_on": date(2026, 7, 1), "source": "Décret (fictif)", "actor": actor}
    await record_succession(one.id, other.id, **day)

    for pair in [(one.id, other.id), (other.id, one.id), (one.id, one.id)]:
        with pytest.raises(SuccessionRefused):
            await record_succession(*pair, **day)
    with pytest.raises(OrganisationNotFound):
        await record_succession(one.id, uuid4(), **day)


async def test_of_two_who_record_it_at_once_one_does(db):
    one, other = await make_organisation(), await make_organisation()
    actor = await verifying()
    day = {"starts_on": date(2026, 7, 1), "source": "Décret (fictif)", "actor": actor}

    answers = await asyncio.gather(
        record_succession(one.id, other.id, **day),
        record_succession(other.id, one.id, **day),
        return_exceptions=True,
    )

    assert sorted(type(answer).__name__ for answer in answers) == ["SuccessionRefused", "UUID"]
