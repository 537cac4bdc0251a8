import asyncio
from datetime import UTC, datetime

from portal import database
from portal.accounts.queries.hidden import HIDDEN, of_shown, stays_shown
from portal.accounts.states import OrganisationState
from tests.people import make_organisation


async def test_suspended_organisations_are_hidden_and_those_refused_after_a_verification(db):
    made = {
        state: await make_organisation(name=state, state=state, verified_at=datetime.now(UTC))
        for state in OrganisationState
    }
    never = await make_organisation(name="never", state="refused", verified_at=None)

    rows = await database.fetch(
        f"SELECT o.name_fr FROM organisation o WHERE {of_shown('o.id')} ORDER BY o.name_fr"
    )
    assert [row["name_fr"] for row in rows] == ["never", "registered", "verified"]
    assert (await database.fetch(f"SELECT {of_shown('NULL::uuid')} AS shown"))[0]["shown"] is True
    hidden = (await database.fetch(f"SELECT {HIDDEN} AS ids"))[0]["ids"]
    assert set(hidden) == {made["suspended"].id, made["refused"].id}
    assert never.id not in hidden


async def test_who_asks_whether_an_organisation_stays_shown_waits_for_a_suspension(db):
    one = await make_organisation()
    suspending = asyncio.Event()
    seen: list[bool] = []

    async def suspend() -> None:
        async with database.transaction():
            await database.fetch(
                "UPDATE organisation SET state = 'suspended' WHERE id = $1", one.id
            )
            suspending.set()
            await asyncio.sleep(0.1)

    async def ask() -> None:
        await suspending.wait()
        async with database.transaction():
            seen.append(await stays_shown(one.id))

    await asyncio.gather(suspend(), ask())
    assert seen == [False]
