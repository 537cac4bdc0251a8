import asyncio
from datetime import UTC, datetime

from portal import database
from portal.accounts.actions.organisations import decide, update_organisation
from portal.accounts.identity import actor_with
from portal.accounts.queries.hidden import HIDDEN, of_shown, stays_shown
from portal.accounts.queries.organisations import organisation
from portal.accounts.states import OrganisationState
from tests.people import make_organisation, vera

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


async def test_suspended_organisations_are_hidden_and_those_refused_after_a_verification(db):
    made = {
        state: await make_organisation(
            name=state,
            state=state,
            verified_at=NOW,
            withdrawn_at=NOW if state == OrganisationState.REFUSED else None,
        )
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


async def test_asking_again_does_not_undo_a_refusal_until_somebody_verifies(db):
    one = await make_organisation()
    verifier = await actor_with((await vera()).id)
    states, shown = [], []

    async def look() -> None:
        states.append((await organisation(one.id)).state)
        async with database.transaction():
            shown.append(await stays_shown(one.id))

    await update_organisation(one.id, {"ice": "000000000000001"}, actor=verifier)
    await look()
    for target, reason in [("refused", "ICE inconnu"), (None, ""), ("verified", "")]:
        if target is None:  # its own administrator changes anything at all
            await update_organisation(one.id, {"address": "1, rue des Pins"}, actor=verifier)
        else:
            seen = (await organisation(one.id)).version
            wanted = OrganisationState(target)
            await decide(one.id, wanted, actor=verifier, now=NOW, seen=seen, reason=reason)
        await look()

    assert states == ["registered", "refused", "registered", "verified"]
    assert shown == [True, False, False, True]


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
