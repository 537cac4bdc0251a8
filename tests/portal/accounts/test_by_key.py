"""A program with a person's key: what it may read, what not, and what it is told."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from portal import database
from portal.accounts import by_key
from portal.accounts.actions.keys import Wish, make_key
from portal.accounts.by_key import admit, narrowed
from portal.accounts.errors import KeyRefused
from portal.accounts.keys import new_key
from portal.accounts.queries.keys import OpenKey, keys_of
from portal.permissions import STRANGER, Actor, Membership, OrganisationKind, Role
from portal.web.limits import Limit, Tally
from telemetry_ingest.states import PilotState
from tests.people import PASSWORD, make_organisation, make_person, sign_in, vera, zoe
from tests.telemetry_ingest.pilots import hold, make_pilot, make_unit, release, two_sides

DEVICES = "/fhir/r4/Device"
WISH = Wish("Tableau de bord", "", 30)


async def key_of(person):
    return await make_key(person.id, WISH, PASSWORD, now=datetime.now(UTC))


def bearing(key):
    return {"authorization": f"Bearer {key}"}


@pytest.fixture
async def pilot(db):
    sides = await two_sides()
    row = await make_pilot(sides, PilotState.RUNNING)
    return sides, row, await make_unit(row)


async def test_a_program_reads_what_its_person_may_and_gets_no_cookie(client, pilot):
    sides, row, unit = pilot
    mine, strangers = await key_of(sides.host), await key_of(await zoe())
    file = f"/fr/pilots/{row.id}/devices/{unit.id}/readings/file"
    day = datetime.now(UTC).date()
    period = {"since": str(day), "until": str(day)}

    found = await client.get(DEVICES, headers=bearing(mine))
    things = await client.get("/sensorthings/v1.1/Things", headers=bearing(mine))
    readings = await client.get(file, params=period, headers=bearing(mine))
    wrong = await client.get(file, params=period | {"until": "x"}, headers=bearing(mine))
    others = await client.get(DEVICES, headers=bearing(strangers))

    assert [one["resource"]["id"] for one in found.json()["entry"]] == [str(unit.id)]
    assert len(things.json()["value"]) == 1
    assert readings.headers["content-type"].startswith("text/csv")
    assert (wrong.status_code, wrong.headers["content-type"]) == (422, "application/problem+json")
    assert others.status_code == 403
    for answer in (found, things, readings, wrong, others):
        assert "set-cookie" not in answer.headers
    (kept,) = await keys_of(sides.host.id)
    assert kept.used_on is not None


async def test_a_key_opens_no_page_and_changes_nothing(client, pilot):
    sides, row, unit = pilot
    headers = bearing(await key_of(sides.host))
    unit_path = f"/fr/pilots/{row.id}/devices/{unit.id}"

    pages = ("/fr/account", "/fr/account/keys", "/fr/account/data.json", f"/fr/pilots/{row.id}",
             f"{unit_path}/readings", f"/fr/pilots/{row.id}/live/events")  # fmt: skip
    read = [await client.get(one, headers=headers) for one in pages]
    written = [
        await client.post(one, headers=headers)
        for one in (f"{unit_path}/revoke", "/fr/account/keys", DEVICES)
    ]

    assert {one.headers["location"].split("?")[0] for one in read} == {"/fr/sign-in"}
    assert [one.status_code for one in written] == [403, 403, 405]


async def test_who_is_signed_in_beside_a_wrong_key_is_not_let_in_by_the_cookie(client, pilot):
    sides, _row, _unit = pilot
    await sign_in(client, sides.host)

    assert (await client.get(DEVICES)).status_code == 200
    assert (await client.get(DEVICES, headers=bearing(new_key()))).status_code == 401
    # On a page a key is nothing, wrong or right.
    assert (await client.get("/fr/account", headers=bearing("x"))).status_code == 200


@pytest.mark.parametrize(
    ("path", "kind", "where"),
    [
        (DEVICES, "application/fhir+json", lambda said: said["issue"][0]["code"] == "login"),
        ("/sensorthings/v1.1/Things", "application/json", lambda said: said["error"]["code"]),
        ("/api/v1/devices", "application/problem+json", lambda said: said["status"] == 401),
        (
            f"/ar/pilots/{'0' * 8}-0000-4000-8000-{'0' * 12}/evidence/readings.csv.gz",
            "application/problem+json",
            lambda said: said["title"] == "Unauthorized",
        ),
    ],
)
@pytest.mark.parametrize("shown", ["wrong", "tajhiz_é", ""])
async def test_a_wrong_key_is_refused_in_the_shape_of_the_address(client, path, kind, where, shown):
    answer = await client.get(path, headers={"authorization": f"bearer {shown}".encode("latin-1")})

    assert answer.status_code == 401
    assert answer.headers["content-type"].split(";")[0] == kind
    assert answer.headers["www-authenticate"] == 'Bearer realm="Tajhiz", error="invalid_token"'
    assert where(answer.json())


async def test_who_shows_no_key_is_told_that_one_would_do(client):
    answer = await client.get(DEVICES)

    assert answer.headers["www-authenticate"] == 'Bearer realm="Tajhiz"'


@pytest.mark.parametrize("state", ["suspended", "refused"])
async def test_a_key_ends_with_the_organisation_and_comes_back_with_it(client, pilot, state):
    sides, row, _unit = pilot
    headers = bearing(await key_of(sides.host))

    await hold(row.id, "host", state)
    during = await client.get(DEVICES, headers=headers)
    await release(row.id, "host")
    after = await client.get(DEVICES, headers=headers)

    assert (during.status_code, after.status_code) == (401, 200)


def test_a_person_of_two_organisations_reads_for_the_one_that_is_not_suspended():
    one, other = uuid4(), uuid4()
    places = [Membership(each, OrganisationKind.BUYER, Role.EDITOR, True) for each in (one, other)]
    actor = Actor(uuid4(), memberships=tuple(places))

    def held(*organisations):
        return OpenKey(uuid4(), uuid4(), None, frozenset(organisations))

    assert narrowed(actor, held(one)).memberships == (places[1],)
    assert narrowed(Actor(uuid4()), held()).memberships == ()
    for who, key in ((actor, held(one, other)), (STRANGER, held())):
        with pytest.raises(KeyRefused):
            narrowed(who, key)


async def test_somebody_with_the_duty_of_a_second_factor_needs_it_for_a_program_as_well(
    app, client, pilot, monkeypatch
):
    headers = bearing(await key_of(await vera()))
    before = await client.get(DEVICES, headers=headers)
    settings = app.state.settings.model_copy(update={"second_factor_required": True})
    monkeypatch.setattr(app.state, "settings", settings)

    assert (before.status_code, (await client.get(DEVICES, headers=headers)).status_code) == (
        200, 403,
    )  # fmt: skip


async def test_rights_are_those_of_the_moment(client, pilot):
    sides, _row, _unit = pilot
    headers = bearing(await key_of(sides.host))

    await database.fetch("DELETE FROM membership WHERE person = $1", sides.host.id)

    assert (await client.get(DEVICES, headers=headers)).status_code == 403


async def test_one_key_and_one_guesser_are_slowed_down_and_others_not(client, pilot, monkeypatch):
    sides, _row, _unit = pilot
    mine, other = await key_of(sides.host), await key_of(sides.maker)
    monkeypatch.setattr(by_key, "_uses", Tally(Limit("access-key", 2, 10**9)))
    monkeypatch.setattr(by_key, "GUESSES", Limit("wrong-access-keys", 2, 10**9))

    used = [(await client.get(DEVICES, headers=bearing(mine))).status_code for _ in range(3)]
    guessed = [(await client.get(DEVICES, headers=bearing("x"))) for _ in range(3)]
    beside = await client.get(DEVICES, headers=bearing(other))

    assert used == [200, 200, 429]
    assert [one.status_code for one in guessed] == [401, 401, 429]
    assert guessed[-1].json()["issue"][0]["code"] == "throttled"
    assert int(guessed[-1].headers["retry-after"]) > 0
    assert beside.status_code == 200


async def test_a_key_is_admitted_or_refused(app, client):
    with pytest.raises(KeyRefused):
        await admit(Connection(app), "nothing")
    person = await make_person(organisation=await make_organisation())
    key = await key_of(person)

    assert (await admit(Connection(app), key)).person_id == person.id


class Connection:
    """As much of a connection as a key is asked about."""

    def __init__(self, app):
        self.app = app
        self.scope = {"headers": [], "client": ("192.0.2.7", 1)}
