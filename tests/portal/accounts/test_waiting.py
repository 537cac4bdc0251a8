"""Verifiers hear of what waits, find it by age and region, and are not told twice."""

import asyncio
from datetime import UTC, datetime, timedelta

from catalog.states import DeviceState
from portal import database
from portal.accounts.actions.organisations import update_organisation
from portal.accounts.actions.waiting import tell_verifiers
from portal.accounts.jobs import tell_verifiers as job
from portal.accounts.queries.waiting import waiting_organisations
from portal.accounts.tables import Organisation
from portal.permissions import Actor, OrganisationKind, Role
from tests.access import actor
from tests.catalog.devices import make_device
from tests.people import make_organisation, make_person, mia, organisation_of, sam, sign_in, vera
from tests.portal.accounts.mails import mails


def now() -> datetime:
    return datetime.now(UTC)


async def told() -> list[tuple[str, list[tuple[int, int]]]]:
    return [
        (to, [(one["count"], one["new"]) for one in values["waiting"]])
        for to, template, values in await mails()
        if template == "waiting"
    ]


async def test_verifiers_are_told_at_once_then_together_every_four_hours(db):
    judge = await vera()
    await mia()
    await make_organisation(verified=False)
    await make_organisation(verified=False, name="Deux (fictif)")
    at = now()

    first = await tell_verifiers(at)
    again = await tell_verifiers(at + timedelta(hours=5))  # nothing new
    await make_organisation(
        verified=False, name="Trois (fictif)", created_at=at + timedelta(minutes=5)
    )
    early = await tell_verifiers(at + timedelta(hours=1))
    late = await tell_verifiers(at + timedelta(hours=4))

    assert (first, again, early, late) == (1, 0, 0, 1)
    assert await told() == [(judge.email, [(2, 2)]), (judge.email, [(3, 1)])]
    rows = await database.fetch("SELECT person_id, route FROM notice")
    assert [tuple(row) for row in rows] == [(judge.id, "accounts.verification")] * 2


async def test_of_two_workers_at_once_one_tells(db):
    await vera()
    await make_organisation(verified=False)

    counts = await asyncio.gather(job({}), job({}))

    assert (sorted(counts), len(await told())) == ([0, 1], 1)


async def test_only_verifiers_are_told_and_of_what_they_may_decide(db):
    cluster = await make_organisation(OrganisationKind.CLUSTER, name="Cluster (fictif)")
    helper = await make_person(organisation=cluster, role=Role.EDITOR)
    await make_person(organisation=cluster, role=Role.VIEWER)
    unverified = await make_organisation(OrganisationKind.AUTHORITY, verified=False)
    await make_person(organisation=unverified)
    await sam()

    assert await tell_verifiers(now()) == 0  # an authority waits: no matter of a cluster
    await make_organisation(verified=False, name="Un (fictif)")
    assert await tell_verifiers(now()) == 1
    assert await told() == [(helper.email, [(1, 1)])]


async def test_a_submitted_device_is_told_as_well(db):
    judge = await vera()
    await make_device(
        await organisation_of(await sam()), state=DeviceState.SUBMITTED, submitted_at=now()
    )

    await tell_verifiers(now())

    assert await told() == [(judge.email, [(1, 1)])]


async def test_who_asks_again_waits_since_then_and_is_told_again(db):
    one = await make_organisation(created_at=now() - timedelta(days=90))
    judge = await vera()
    await tell_verifiers(now())
    before = now()

    await update_organisation(one.id, {"name_fr": "Autre nom (fictif)"}, actor=Actor())
    found = await waiting_organisations(actor("authority"), before)
    await tell_verifiers(now() + timedelta(hours=5))

    assert (found.count, found.new, found.oldest >= before) == (1, 1, True)
    assert await told() == [(judge.email, [(1, 1)])]


async def test_the_home_of_a_verifier_says_how_many_wait_and_since_when(client):
    await make_organisation(verified=False, created_at=datetime(2026, 3, 5, tzinfo=UTC))
    await sign_in(client, await vera())

    verifiers = (await client.get("/fr")).text
    await sign_in(client, await sam())
    makers = (await client.get("/fr")).text

    assert 'href="/fr/verification">Organisations' in verifiers
    assert "5 mars 2026" in verifiers
    assert "waiting-title" not in makers


async def test_the_queue_has_pages_an_order_and_a_region(client):
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(60):
        await make_organisation(
            verified=False,
            name=f"Maison {number:02} (fictive)",
            created_at=start + timedelta(days=number),
            region="06" if number % 2 else "04",
        )
    await sign_in(client, await vera())

    pages = [
        (await client.get(f"/fr/verification{query}")).text
        for query in ("", "?page=2", "?order=newest", "?region=06", "?order=sideways")
    ]

    counts = [text.count('id="organisation-') for text in pages[:4]]
    assert counts == [50, 10, 50, 30]
    assert ["Maison 00" in text for text in pages[:4]] == [True, False, False, False]
    assert ["Maison 59" in text for text in pages[:4]] == [False, True, True, True]
    assert "(30)" in pages[3]
    assert 'id="organisation-' not in pages[4]


async def test_a_cluster_does_not_count_what_only_an_authority_decides(db):
    await make_organisation(OrganisationKind.CLUSTER, verified=False)

    counts = [
        (await waiting_organisations(actor(role), now())).count for role in ("cluster", "authority")
    ]

    assert counts == [0, 1]
    assert len(await Organisation.objects()) == 1
