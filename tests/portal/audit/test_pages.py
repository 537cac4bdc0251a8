import re
import subprocess
import sys
from uuid import UUID, uuid4

import pytest

from catalog.actions.editing import register_device
from portal import database
from portal.audit.actions import record
from portal.audit.queries import newest
from portal.audit.verifier import Intact, verify
from portal.permissions import Actor, OrganisationKind, Role
from tests.people import (
    make_organisation,
    make_person,
    mia,
    organisation_of,
    sam,
    sign_in,
    vera,
    zoe,
)


async def note(organisation: UUID | None, event: str = "document.stored", **details) -> None:
    async with database.transaction():
        await record(
            event,
            subject=("document", uuid4()),
            actor=Actor(),
            organisation_id=organisation,
            **details,
        )


@pytest.fixture
async def buyer(db):
    return await mia()


async def test_an_administrator_sees_the_trail_of_their_organisation_only(client, buyer):
    await note((await organisation_of(buyer)).id, reason="ours")
    await note(uuid4(), reason="theirs")
    await sign_in(client, buyer)

    answer = await client.get("/en/audit")

    assert answer.status_code == 200
    assert ("ours" in answer.text, "theirs" in answer.text) == (True, False)


async def test_an_authority_sees_every_record(client, db):
    await note(uuid4(), reason="one")
    await note(None, reason="two")
    await sign_in(client, await vera())

    answer = await client.get("/en/audit")

    assert ("reason: one" in answer.text, "reason: two" in answer.text) == (True, True)


async def test_others_do_not_see_the_trail(client, db):
    hospital = await make_organisation(OrganisationKind.BUYER)
    assert (await client.get("/en/audit")).status_code in {303, 401}
    for person in (await zoe(), await make_person(organisation=hospital, role=Role.EDITOR)):
        await sign_in(client, person)
        assert (await client.get("/en/audit")).status_code == 403
        assert (await client.get("/en/audit/export/csv")).status_code == 403


async def test_asking_for_another_organisation_shows_nothing(client, buyer):
    other = uuid4()
    await note(other, reason="theirs")
    await sign_in(client, buyer)

    for address in (
        f"/en/audit?organisation={other}",
        f"/en/audit/export/csv?organisation={other}",
    ):
        assert "theirs" not in (await client.get(address)).text


@pytest.mark.parametrize("query", ["since=2026-13-45", "before=x", "organisation=1", "after=-1"])
async def test_a_wrong_filter_is_said_to_be_wrong(client, buyer, query):
    await sign_in(client, buyer)

    assert (await client.get(f"/en/audit?{query}")).status_code == 422


async def test_the_trail_is_paged_by_number_in_both_directions(client, db):
    for number in range(120):
        await note(None, number=number)
    await sign_in(client, await vera())

    def numbers(text: str) -> tuple[bool, ...]:
        return tuple(f"number: {n}<" in text for n in (119, 70, 69, 20, 19, 0))

    first = await client.get("/en/audit")
    assert numbers(first.text) == (True, True, False, False, False, False)
    second = await client.get("/en/audit?before=71")
    assert numbers(second.text) == (False, False, True, True, False, False)
    last = await client.get("/en/audit?before=21")
    assert numbers(last.text) == (False, False, False, False, True, True)
    assert 'rel="next"' not in last.text
    back = await client.get("/en/audit?after=70")
    assert numbers(back.text) == (True, True, False, False, False, False)


@pytest.mark.parametrize("count", [1, 3])
async def test_the_trail_asks_the_same_questions_however_many_records(
    client, db, statements, count
):
    for _ in range(count):
        await note(None)
    await sign_in(client, await vera())
    await client.get("/en/audit")
    statements.clear()

    await client.get("/en/audit")

    assert len([one for one in statements if "audit_record" in one or "UNION" in one]) == 3


async def test_the_whole_chain_verifies_with_the_records_of_others_closed(client, buyer):
    await note((await organisation_of(buyer)).id, reason="ours")
    await note(uuid4(), reason="theirs")
    await sign_in(client, buyer)

    answer = await client.get("/en/audit/export/ndjson")

    head = (await newest()).digest
    assert verify(answer.content.splitlines(), head=head) == Intact(2, head, closed=1)
    assert "theirs" not in answer.text


async def test_the_table_is_harmless_in_a_spreadsheet(client, db):
    await note(None, event="=cmd.run")
    await sign_in(client, await vera())

    answer = await client.get("/fr/audit/export/csv")

    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("seq,at,event,words,")
    assert lines[1].split(",")[2] == "'=cmd.run"
    assert (await client.get("/fr/audit/export/exe")).status_code in {400, 404}


async def test_anybody_may_read_how_to_verify_and_take_the_program(client, db, tmp_path):
    await note(None)
    page = await client.get("/en/audit/verification")
    assert (await newest()).digest in page.text

    program = await client.get("/audit/verifier.py")
    (tmp_path / "verifier.py").write_bytes(program.content)
    done = subprocess.run([sys.executable, tmp_path / "verifier.py", "-"], input=b"")
    assert done.returncode == 0


async def moved(device, organisation, move: str = "publish") -> None:
    async with database.transaction():
        await record(
            "device.moved",
            subject=("device", device),
            actor=Actor(),
            organisation_id=organisation,
            move=move,
        )


async def shown(client, address: str) -> str:
    answer = await client.get(address)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<details>.*?</details>|<[^>]+>", " ", answer.text, flags=re.S).split())


async def test_a_line_names_the_step_and_the_thing_outside_the_folded_record(client, db):
    person = await sam()
    maker = await organisation_of(person)
    device = await register_device(maker.id, {"name_fr": "Pompe Atlas"}, actor=Actor(person.id))
    await moved(device, maker.id, "submit")
    await sign_in(client, person)

    text = await shown(client, "/en/audit")
    links = (await client.get("/en/audit")).text

    assert "A device went one step further in its life · Submitted for review" in text
    assert "Device · Pompe Atlas" in text
    assert re.findall(r'<a href="(/en/devices/\d+-pompe-atlas)">', links) != []


async def test_what_is_gone_is_said_to_be_gone(client, buyer):
    await note((await organisation_of(buyer)).id)
    await sign_in(client, buyer)

    assert "Document · no longer there" in await shown(client, "/en/audit")


async def test_the_trail_asks_as_many_statements_for_many_things_as_for_one(client, db, statements):
    person = await sam()
    maker = await organisation_of(person)
    await sign_in(client, person)
    counts = []
    for number in (1, 12):
        for place in range(number):
            actor = Actor(person.id)
            await register_device(maker.id, {"name_fr": f"Pompe {number} {place}"}, actor=actor)
        statements.clear()
        await client.get("/en/audit")
        counts.append(len(statements))

    assert counts[0] == counts[1]
