import asyncio
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID, uuid4

import asyncpg
import pytest

from portal import database
from portal.audit.actions import NoTransaction, keep_head, plain, record
from portal.audit.queries import Sought, actions_of, heads, in_order, newest
from portal.audit.verifier import GENESIS, Intact, canonical, verify
from portal.permissions import STRANGER, SYSTEM, Actor

MIA = Actor(person_id=UUID(int=1), name="Mia")


async def note(event: str = "device.published", **details: object) -> None:
    async with database.transaction():
        await record(event, subject=("device", UUID(int=7)), actor=MIA, **details)


async def exported() -> list[bytes]:
    return [canonical(one.line()) async for batch in in_order(Sought()) for one in batch]


async def test_record_says_who_did_what_to_which(db):
    async with database.transaction():
        await record(
            "device.published",
            subject=("device", UUID(int=7)),
            actor=MIA,
            organisation_id=UUID(int=3),
            reason="complete",
        )

    (entry,) = [one async for batch in in_order(Sought()) for one in batch]

    assert (entry.seq, entry.event, entry.actor) == (1, "device.published", str(UUID(int=1)))
    assert (entry.subject_kind, entry.subject_id) == ("device", str(UUID(int=7)))
    assert (entry.organisation_id, entry.details) == (UUID(int=3), {"reason": "complete"})
    assert entry.previous == GENESIS


@pytest.mark.parametrize(
    ("actor", "label"), [(STRANGER, "stranger"), (SYSTEM, "system"), (MIA, str(UUID(int=1)))]
)
def test_an_actor_is_named_by_id(actor, label):
    assert actor.label == label


async def test_record_refuses_to_run_outside_a_transaction(db):
    with pytest.raises(NoTransaction):
        await record("device.published", subject=("device", "7"), actor=MIA)

    assert await newest() == (await newest()).__class__(0, GENESIS)


async def test_a_chain_verifies_after_many_kinds_of_details(db):
    class Kind(StrEnum):
        ONE = "one"

    await note(text='é "quoted" \n\t\x00 \ud800 ﷽ 𐀀', number=2**70, small=-3, yes=True, none=None)
    await note(price=Decimal("12.50"), ratio=0.1, day=date(2026, 1, 1), kind=Kind.ONE)
    await note(at=datetime(2026, 1, 1, tzinfo=UTC), ids={UUID(int=2), UUID(int=1)})
    await note(changes={"z": [1, "a"], "é": {"b": None}, "\ue000": 1, "𐀀": 2})

    outcome = verify(await exported(), head=(await newest()).digest)

    assert outcome == Intact(4, (await newest()).digest)


async def test_twenty_writers_at_once_give_one_chain_without_gaps(db):
    async def write(number: int) -> None:
        for turn in range(3):
            await note(number=number, turn=turn)

    await asyncio.gather(*(write(number) for number in range(20)))

    lines = await exported()
    assert [json.loads(line)["seq"] for line in lines] == list(range(1, 61))
    assert verify(lines, head=(await newest()).digest) == Intact(60, (await newest()).digest)


async def test_a_rolled_back_action_leaves_neither_record_nor_gap(db):
    await note()
    with pytest.raises(ZeroDivisionError):
        async with database.transaction():
            await record("device.published", subject=("device", "7"), actor=MIA)
            raise ZeroDivisionError
    await note()

    assert verify(await exported()) == Intact(2, (await newest()).digest)


async def test_a_rolled_back_savepoint_takes_its_record_along(db):
    async with database.transaction() as opened:
        await record("import.started", subject=("import", "1"), actor=MIA)
        savepoint = await opened.savepoint()
        await record("import.row_kept", subject=("import", "1"), actor=MIA)
        await savepoint.rollback_to()
        await record("import.ended", subject=("import", "1"), actor=MIA)

    events = [json.loads(line)["record"]["event"] for line in await exported()]
    assert events == ["import.started", "import.ended"]


async def test_writers_that_lock_rows_in_opposite_order_do_not_deadlock_over_the_chain(db):
    # The chain's lock is taken at commit: recording first and locking a row afterwards is safe.
    async with database.transaction():
        await record("a.done", subject=("a", "1"), actor=MIA)
        await asyncio.create_task(_note_elsewhere())
        await record("a.done", subject=("a", "2"), actor=MIA)

    assert verify(await exported()) == Intact(3, (await newest()).digest)


async def _note_elsewhere() -> None:
    token = database.DB.current_transaction.set(None)
    try:
        await note()
    finally:
        database.DB.current_transaction.reset(token)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_record SET event = 'x.y'",
        "UPDATE audit_record SET seq = 9",
        "UPDATE audit_record SET digest = repeat('0', 64)",
        "DELETE FROM audit_record",
        "TRUNCATE audit_record",
        "UPDATE audit_head SET seq = 9",
        "DELETE FROM audit_head",
    ],
)
async def test_the_database_refuses_to_change_what_is_recorded(db, statement):
    await note()
    await keep_head(date(2026, 1, 1))

    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
        await database.fetch(statement)


async def test_the_database_gives_the_place_in_the_chain_itself(db):
    await note()
    await database.fetch(
        "INSERT INTO audit_record (id, seq, at, event, actor, subject_kind, subject_id, details,"
        " content, previous, digest) VALUES ($1, 77, now(), 'a.b', 'x', 'a', '1', '{}',"
        " repeat('a', 64), repeat('b', 64), repeat('c', 64))",
        uuid4(),
    )

    head = await newest()
    assert (head.seq, head.digest == "c" * 64) == (2, False)


async def test_keep_head_keeps_the_first_one_of_a_day(db):
    await keep_head(date(2026, 1, 1))  # nothing is recorded yet
    await note()
    await keep_head(date(2026, 1, 2))
    first = await newest()
    await note()
    await keep_head(date(2026, 1, 2))

    assert [(head.day, head.seq, head.digest) for head in await heads()] == [
        (date(2026, 1, 2), 1, first.digest)
    ]


def test_plain_leaves_nothing_that_could_be_written_in_two_ways():
    assert plain({"a": 1.5, 2: {3, 1}}) == {"a": "1.5", "2": [1, 3]}


async def test_a_person_gets_a_copy_of_what_they_did(db):
    await note()
    async with database.transaction():
        await record("device.published", subject=("device", "8"), actor=SYSTEM)

    assert [(one["seq"], one["event"]) for one in await actions_of(UUID(int=1))] == [
        (1, "device.published")
    ]
