"""Every route × every role: by its guard, and by asking the running application."""

from collections.abc import AsyncIterator, Iterator
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from httpx import ASGITransport, AsyncClient
from litestar.handlers import HTTPRouteHandler
from valkey.asyncio import Valkey

from catalog.states import DeviceState
from catalog.tables import DeviceVariant
from portal.app import create_app
from portal.documents.actions import store_upload
from portal.documents.kinds import IMAGES
from portal.permissions import Action, Actor, OrganisationKind, may
from portal.settings import get_settings
from tests.access import ALLOWED, OBJECTS, OF_MAKER, ROLES, SUSPENDED_SINCE, UNGUARDED, actor
from tests.catalog.devices import make_device, make_terms
from tests.leaving import leaving_events
from tests.people import make_organisation, make_person, sign_in
from tests.portal.documents.files import image, upload
from tests.telemetry_ingest.pilots import make_pilot, make_unit

REFUSED = {401, 403}
HIDDEN = REFUSED | {404, 409}  # 409: « this step is not yours to take now »


def handlers() -> Iterator[tuple[str, str, HTTPRouteHandler]]:
    """Yield name, path and handler of each route; OPTIONS answers by itself."""
    for route in create_app(get_settings()).routes:
        for handler in getattr(route, "route_handlers", ()):
            if set(handler.http_methods) != {"OPTIONS"}:
                yield handler.name or "", route.path, handler


HANDLERS = {name: (path, handler) for name, path, handler in handlers()}


def actions(handler: HTTPRouteHandler) -> list[Action]:
    """Return the actions that the guards of a route name."""
    guards = [getattr(guard, "func", guard) for guard in handler.guards or ()]
    return [guard.action for guard in guards if isinstance(getattr(guard, "action", None), Action)]


def test_every_route_has_a_name_of_its_own():
    names = [name for name, _, _ in handlers()]

    assert ([name for name in names if not name], len(names) - len(set(names))) == ([], 0)


def test_the_table_names_every_route_and_no_other():
    assert set(HANDLERS) - UNGUARDED == set(ALLOWED)
    assert set(OBJECTS) - set(HANDLERS) == set()


@pytest.mark.parametrize("name", sorted(set(HANDLERS) - UNGUARDED))
def test_a_route_has_one_guard_that_lets_through_whom_the_table_says(name):
    (action,) = actions(HANDLERS[name][1])

    allowed = {role for role in ROLES if may(actor(role), action)}

    assert allowed == ALLOWED.get(name)


def test_no_route_writes_on_get():
    verbs = (".post", ".add", ".remove", ".create", ".delete", ".confirm.post")
    reading = {name for name, (_, one) in HANDLERS.items() if "GET" in one.http_methods}

    assert [name for name in reading if name.endswith(verbs)] == []


@pytest.fixture
async def client(app) -> AsyncIterator[AsyncClient]:
    """A browser without JavaScript that does not wait for the end of live events."""
    async with AsyncClient(
        transport=ASGITransport(app=leaving_events(app)), base_url="http://portal.test"
    ) as client:
        yield client


@pytest.fixture
async def world(db) -> dict[str, Any]:
    """Lay out an organisation with a person, a device and a document, and somebody per role."""
    await make_terms()
    maker = await make_organisation(OrganisationKind.MANUFACTURER)
    people = {}
    for role, place in ROLES.items():
        if role == "stranger":
            continue
        if place is None:
            people[role] = await make_person(name=role)
            continue
        kind, inside, verified = place
        state = {"state": "suspended", "suspended_at": SUSPENDED_SINCE}
        own = maker if role in OF_MAKER else await make_organisation(
            kind, verified=verified, **(state if role == "suspended" else {})
        )  # fmt: skip
        people[role] = await make_person(organisation=own, role=inside, name=role)
    device = await make_device(maker, state=DeviceState.PUBLISHED)
    variant = await DeviceVariant.objects().where(DeviceVariant.device == device.id).first()
    document = await store_upload(
        upload(image()), organisation_id=maker.id, actor=Actor(), kinds=IMAGES
    )
    hospital = await make_organisation(OrganisationKind.BUYER)
    sides = SimpleNamespace(owner_id=maker.id, host_id=hospital.id, device=device)
    pilot = await make_pilot(sides)
    return {
        "people": people,
        "values": {
            "lang": "en",
            "organisation_id": maker.id,
            "person_id": people["maker_viewer"].id,
            "device_id": device.id,
            "variant_id": variant.id,
            "document_id": document,
            "pilot_id": pilot.id,
            "unit_id": (await make_unit(pilot)).id,
            "width": 320,
            "step": "purpose",
            "move": "retire",
            "form": "csv",
            "kind": "csv",
            "decision": "verified",
            "code": "A02",
            "handle": str(device.id),
            "file_path": "none",
        },
    }


def address(path: str, values: dict[str, Any]) -> str:
    """Fill in a path; what the world does not have is something that does not exist."""
    parts = []
    for part in path.split("/"):
        if part.startswith("{"):
            name, kind = part.strip("{}").split(":")
            part = str(values.get(name, uuid4() if kind in {"uuid", "str"} else 1))
        parts.append(part)
    return "/".join(parts)


async def become(client: Any, world: dict[str, Any], role: str) -> None:
    """Sign in with a fresh rate limit."""
    client.cookies.clear()
    async with Valkey.from_url(get_settings().valkey_url.get_secret_value()) as valkey:
        await valkey.flushdb()
    if role != "stranger":
        await sign_in(client, world["people"][role])


def refused(answer: Any) -> bool:
    """Say whether an answer is a refusal, or the way to the sign-in page."""
    to_sign_in = answer.status_code == 303 and "/sign-in?" in answer.headers.get("location", "")
    return answer.status_code in REFUSED or to_sign_in


@pytest.mark.parametrize("role", ROLES)
async def test_pages_open_for_those_the_table_allows_and_no_others(client, world, role):
    await become(client, world, role)
    wrong = {}
    for name, (path, handler) in HANDLERS.items():
        if "GET" not in handler.http_methods or name in UNGUARDED:
            continue
        answer = await client.get(address(path, world["values"]))
        allowed = role in OBJECTS.get(name, ALLOWED.get(name, set()))
        if allowed:
            good = not refused(answer) and answer.status_code < (400 if name in OBJECTS else 500)
        else:
            good = refused(answer) or (name in OBJECTS and answer.status_code in HIDDEN)
        if not good:
            wrong[name] = (allowed, answer.status_code)

    assert wrong == {}


@pytest.mark.parametrize("role", ROLES)
async def test_nobody_changes_what_the_table_does_not_allow(client, world, role):
    await become(client, world, role)
    await client.get("/en/about")
    headers = {"x-csrftoken": client.cookies.get("csrftoken", "")}
    wrong = {}
    for name, (path, handler) in HANDLERS.items():
        if "POST" not in handler.http_methods or role in ALLOWED.get(name, set()):
            continue
        answer = await client.post(address(path, world["values"]), headers=headers)
        if not refused(answer):
            wrong[name] = answer.status_code

    assert wrong == {}


# What changes something of the organisation ``maker`` administers, and who may.
CHANGES = sorted(
    name
    for name, (path, handler) in HANDLERS.items()
    if "POST" in handler.http_methods and ("{device_id" in path or "{organisation_id" in path)
)
OUTSIDERS = ("distributor", "subcontractor", "newcomer", "buyer")


@pytest.mark.parametrize("role", OUTSIDERS)
async def test_nobody_changes_what_belongs_to_another_organisation(client, world, role):
    await become(client, world, role)
    await client.get("/en/about")
    headers = {"x-csrftoken": client.cookies.get("csrftoken", "")}
    wrong = {}
    for name in CHANGES:
        answer = await client.post(address(HANDLERS[name][0], world["values"]), headers=headers)
        if not refused(answer) and answer.status_code not in HIDDEN:
            wrong[name] = answer.status_code

    assert wrong == {}


async def test_a_post_without_our_token_is_refused(client, world):
    await become(client, world, "maker")
    wrong = {}
    for name, (path, handler) in HANDLERS.items():
        if "POST" in handler.http_methods and not path.startswith("/api/"):
            answer = await client.post(address(path, world["values"]))
            if answer.status_code != 403:
                wrong[name] = answer.status_code

    assert wrong == {}
