import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from catalog.states import DeviceState
from portal import database
from portal.accounts.tables import Organisation
from portal.permissions import OrganisationKind
from telemetry_ingest.actions.pilots import (
    Proposal,
    agree,
    change_protocol,
    move_pilot,
    propose_pilot,
)
from telemetry_ingest.errors import (
    AgreedForTheOther,
    AlreadyAgreed,
    NoDeviceEnrolled,
    NotAHost,
    NotASide,
    NotForAPilot,
    PeriodIsOver,
    PilotChangedMeanwhile,
    PilotMoveNotAllowed,
    PilotNotFound,
    PilotReasonMissing,
)
from telemetry_ingest.protocol import ProtocolRefused, digest
from telemetry_ingest.queries.pilots import pilot
from telemetry_ingest.states import MOVES, Move, PilotState
from tests.catalog.devices import make_device
from tests.people import make_organisation
from tests.telemetry_ingest.pilots import make_pilot, make_unit, soon, two_sides

REASON = "Le service ferme pour travaux."
TOKEN = {"token_hash": b"\1" * 32, "token_number": 1}
LATE = datetime(2026, 1, 1, tzinfo=UTC)


async def told() -> list[tuple[str, str]]:
    rows = await database.fetch("SELECT recipient, details::json->>'what' AS w FROM mail")
    return sorted((row["recipient"], row["w"]) for row in rows)


async def recorded() -> list[str]:
    rows = await database.fetch("SELECT event FROM audit_record WHERE event LIKE 'pilot%'")
    return sorted(row["event"] for row in rows)


async def test_a_pilot_goes_from_its_proposal_to_its_closing(db):
    sides = await two_sides()
    proposal = Proposal(sides.device.id, sides.host_id, "Réanimation", soon())

    id_ = await propose_pilot(proposal, sides=frozenset({sides.owner_id}), actor=sides.by_maker)
    one = await agree(id_, side=sides.owner_id, version=1, actor=sides.by_maker)
    both = await agree(id_, side=sides.host_id, version=2, actor=sides.by_host)
    await make_unit(await _row(id_), **TOKEN)
    host = {"side": sides.host_id, "actor": sides.by_host}
    started = await move_pilot(id_, Move.START, version=3, **host)
    closed = await move_pilot(id_, Move.CLOSE, version=4, reason=REASON, **host)

    assert (one, both) == (PilotState.PROPOSED, PilotState.AGREED)
    assert (started, closed) == (PilotState.RUNNING, PilotState.CLOSED)
    found = await pilot(id_)
    assert (found.version, found.protocol_digest) == (5, digest(proposal.protocol))
    assert found.started_at < found.closed_at
    assert found.engineer_id == sides.host.id
    assert [(move.move, move.reason) for move in found.moves] == [
        ("agree", ""), ("agree", ""), ("start", ""), ("close", REASON),
    ]  # fmt: skip
    assert await told() == [
        ("mia@hopital.example", "one_agreed"), ("mia@hopital.example", "proposed"),
        ("sam@atlas.example", "agreed"), ("sam@atlas.example", "close"),
        ("sam@atlas.example", "start"),
    ]  # fmt: skip
    assert await recorded() == [
        "pilot.agreed", "pilot.agreed", "pilot.moved", "pilot.moved", "pilot.proposed",
    ]  # fmt: skip


async def _row(id_):
    from telemetry_ingest.tables import Pilot

    return await Pilot.objects().get(Pilot.id == id_)


async def test_one_person_cannot_agree_for_both_sides(db):
    sides = await two_sides()
    row = await make_pilot(sides)
    await agree(row.id, side=sides.host_id, version=1, actor=sides.by_host)
    with pytest.raises(AgreedForTheOther):
        await agree(row.id, side=sides.owner_id, version=2, actor=sides.by_host)
    assert (await pilot(row.id)).state is PilotState.PROPOSED

    # Other terms void what was agreed; then the other side may be theirs.
    terms = {"site": "", "side": sides.host_id, "actor": sides.by_host}
    version = await change_protocol(row.id, soon(title="Autre"), version=2, **terms)
    await agree(row.id, side=sides.owner_id, version=version, actor=sides.by_host)
    with pytest.raises(AgreedForTheOther):
        await agree(row.id, side=sides.host_id, version=version + 1, actor=sides.by_host)
    done = await agree(row.id, side=sides.host_id, version=version + 1, actor=sides.by_maker)
    assert done is PilotState.AGREED


async def test_a_hospital_proposes_as_well(db):
    sides = await two_sides()
    proposal = Proposal(sides.device.id, sides.host_id, "", soon())

    id_ = await propose_pilot(proposal, sides=frozenset({sides.host_id}), actor=sides.by_host)

    one = await pilot(id_)
    assert (one.owner_id, one.host_id) == (sides.owner_id, sides.host_id)
    assert await told() == [("sam@atlas.example", "proposed")]


async def test_what_cannot_be_a_pilot_is_not_proposed(db):
    sides = await two_sides()
    draft = await make_device(sides.owner_id, state=DeviceState.DRAFT)
    foreign = await make_device(None, origin="foreign")
    organiser = await make_organisation(OrganisationKind.ORGANISER, name="Salon (fictif)")
    young = await make_organisation(OrganisationKind.BUYER, verified=False, name="Clinique")
    mine, good = frozenset({sides.owner_id}), soon()
    over = soon(starts_at=LATE, ends_at=LATE + timedelta(days=1))
    cases = [
        (Proposal(draft.id, sides.host_id, "", good), mine, NotForAPilot),
        (Proposal(foreign.id, sides.host_id, "", good), mine, NotForAPilot),
        (Proposal(uuid4(), sides.host_id, "", good), mine, NotForAPilot),
        (Proposal(sides.device.id, organiser.id, "", good), mine, NotAHost),
        (Proposal(sides.device.id, young.id, "", good), mine, NotAHost),
        (Proposal(sides.device.id, sides.owner_id, "", good), mine, NotAHost),
        (Proposal(sides.device.id, sides.host_id, "", good), frozenset({uuid4()}), NotASide),
        (Proposal(sides.device.id, sides.host_id, "", over), mine, PeriodIsOver),
        (
            Proposal(sides.device.id, sides.host_id, "", soon(daily_to=8, daily_from=9)),
            mine,
            ProtocolRefused,
        ),
    ]

    for proposal, of_mine, error in cases:
        with pytest.raises(error):
            await propose_pilot(proposal, sides=of_mine, actor=sides.by_maker)

    assert (await database.fetch("SELECT count(*) AS n FROM pilot"))[0]["n"] == 0
    assert await told() == []


async def test_other_terms_void_the_signatures_until_both_have_agreed(db):
    sides = await two_sides()
    row = await make_pilot(sides, host_agreed_at=datetime.now(UTC))
    other = soon(silence_s=300)
    maker = {"side": sides.owner_id, "actor": sides.by_maker}

    version = await change_protocol(row.id, other, site="Urgences", version=1, **maker)

    one = await pilot(row.id)
    assert (one.version, one.site, one.protocol_digest) == (version, "Urgences", digest(other))
    assert (one.owner_agreed, one.host_agreed) == (False, False)
    assert await told() == [("mia@hopital.example", "changed")]
    for version, error in ((1, PilotChangedMeanwhile), (2, PeriodIsOver)):
        late = soon(starts_at=LATE, ends_at=LATE + timedelta(days=1))
        protocol = late if error is PeriodIsOver else other
        with pytest.raises(error):
            await change_protocol(row.id, protocol, site="", version=version, **maker)
    fixed = await make_pilot(sides, PilotState.AGREED)
    with pytest.raises(PilotMoveNotAllowed):
        await change_protocol(fixed.id, other, site="", version=1, **maker)


async def test_nobody_agrees_twice_nor_for_others_nor_to_what_they_did_not_see(db):
    sides = await two_sides()
    row = await make_pilot(sides, owner_agreed_at=datetime.now(UTC))
    fixed = await make_pilot(sides, PilotState.AGREED)
    over = await make_pilot(
        sides, protocol={"starts_at": LATE, "ends_at": LATE + timedelta(days=1)}
    )
    cases = [
        (row.id, sides.owner_id, 1, AlreadyAgreed),
        (row.id, uuid4(), 1, NotASide),
        (row.id, sides.host_id, 2, PilotChangedMeanwhile),
        (fixed.id, sides.host_id, 1, PilotMoveNotAllowed),
        (over.id, sides.host_id, 1, PeriodIsOver),
        (uuid4(), sides.host_id, 1, PilotNotFound),
    ]

    for id_, side, version, error in cases:
        with pytest.raises(error):
            await agree(id_, side=side, version=version, actor=sides.by_host)


@pytest.mark.parametrize("move", [Move.START, Move.CLOSE, Move.WITHDRAW])
@pytest.mark.parametrize("source", list(PilotState))
async def test_every_move_from_every_state(db, move, source):
    sides = await two_sides()
    row = await make_pilot(sides, source)
    await make_unit(row, **TOKEN)
    sources, target = MOVES[move]
    asked = {"side": sides.host_id, "version": 1, "actor": sides.by_host, "reason": REASON}

    if source in sources:
        assert await move_pilot(row.id, move, **asked) is target
    else:
        with pytest.raises(PilotMoveNotAllowed):
            await move_pilot(row.id, move, **asked)

    assert (await pilot(row.id)).state is (target if source in sources else source)


async def test_what_a_move_asks_for(db):
    sides = await two_sides()
    bare, running = (
        await make_pilot(sides, PilotState.AGREED),
        await make_pilot(sides, PilotState.RUNNING),
    )
    revoked = await make_pilot(sides, PilotState.AGREED)
    await make_unit(revoked, revoked_at=datetime.now(UTC))
    over = await make_pilot(
        sides, PilotState.AGREED, protocol={"starts_at": LATE, "ends_at": LATE + timedelta(days=1)}
    )
    await make_unit(over, **TOKEN)
    asked = {"side": sides.host_id, "version": 1, "actor": sides.by_host}
    cases = [
        (bare.id, Move.START, NoDeviceEnrolled),
        (revoked.id, Move.START, NoDeviceEnrolled),
        (over.id, Move.START, PeriodIsOver),
        (bare.id, Move.WITHDRAW, PilotReasonMissing),
        (running.id, Move.CLOSE, PilotReasonMissing),
        (bare.id, Move.AGREE, PilotMoveNotAllowed),
    ]

    for id_, move, error in cases:
        with pytest.raises(error):
            await move_pilot(id_, move, reason="court", **asked)

    done = await make_pilot(
        sides, PilotState.RUNNING, protocol={"starts_at": LATE, "ends_at": LATE + timedelta(days=1)}
    )
    assert await move_pilot(done.id, Move.CLOSE, **asked) is PilotState.CLOSED


async def test_of_two_people_at_once_one_decides(db):
    sides = await two_sides()
    row = await make_pilot(sides, owner_agreed_at=datetime.now(UTC))

    results = await asyncio.gather(
        agree(row.id, side=sides.host_id, version=1, actor=sides.by_host),
        change_protocol(
            row.id, soon(silence_s=9), site="", side=sides.owner_id, version=1,
            actor=sides.by_maker,
        ),
        return_exceptions=True,
    )  # fmt: skip

    assert sum(isinstance(one, PilotChangedMeanwhile) for one in results) == 1
    found = await pilot(row.id)
    signed = (found.owner_agreed, found.host_agreed)
    assert signed == ((True, True) if found.state is PilotState.AGREED else (False, False))
    assert found.version == 2


async def test_a_pilot_starts_once(db):
    sides = await two_sides()
    row = await make_pilot(sides, PilotState.AGREED)
    await make_unit(row, **TOKEN)
    asked = {"side": sides.host_id, "version": 1, "actor": sides.by_host}

    results = await asyncio.gather(
        *(move_pilot(row.id, Move.START, **asked) for _ in range(3)), return_exceptions=True
    )

    assert sorted(isinstance(one, PilotChangedMeanwhile) for one in results) == [False, True, True]
    assert [move.move for move in (await pilot(row.id)).moves] == ["start"]


async def test_a_suspended_maker_proposes_nothing(db):
    sides = await two_sides()
    await Organisation.update({Organisation.state: "suspended"}).where(
        Organisation.id == sides.owner_id
    )

    with pytest.raises(NotForAPilot):
        await propose_pilot(
            Proposal(sides.device.id, sides.host_id, "", soon()),
            sides=frozenset({sides.owner_id}),
            actor=sides.by_maker,
        )
