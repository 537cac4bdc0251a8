"""What can be guessed stays limited when Valkey stops while the portal runs."""

import pytest
from httpx import ASGITransport, AsyncClient
from pydantic import SecretStr

from portal.app import create_app
from portal.local.places import Places, any_port
from portal.local.valkey import Valkey as Server
from portal.settings import get_settings
from portal.web.limits import ALONE, Limit
from tests.people import PASSWORD, post, sign_in, zoe

FEW = 3


@pytest.fixture
def server(tmp_path):
    places = Places(tmp_path)
    places.make()
    server = Server(places, any_port(), durable=False)
    server.prepare()
    child = server.child()
    child.start()
    child.wait_ready()
    ALONE._counts.clear()  # this process counted for other tests as well
    yield server, child
    child.stop()


@pytest.fixture
async def browser(db, server):
    """A browser of a portal with a Valkey of its own, and how to stop that."""
    changes = {
        "valkey_url": SecretStr(server[0].url()),
        "sign_in_attempts_per_hour": FEW,
        "trusted_proxies": 1,
    }
    app = create_app(get_settings().model_copy(update=changes))
    async with app.lifespan():
        transport = ASGITransport(app=app)
        async with AsyncClient(transport=transport, base_url="http://portal.test") as client:
            await client.get("/fr")
            yield client, server[1].stop


@pytest.mark.parametrize(
    ("path", "fields", "answer"),
    [
        ("/fr/sign-in", {"email": "zoe@ailleurs.example", "password": "faux"}, 422),
        ("/fr/password/forgotten", {"email": "zoe@ailleurs.example"}, 303),
        ("/fr/register", {"with_organisation": "no", "name": "Zoé", "email": "no"}, 422),
        ("/fr/sign-in/code", {"code": "000000"}, 303),
    ],
    ids=["sign-in", "reset", "register", "code"],
)
async def test_guesses_stay_limited_while_valkey_is_down(browser, path, fields, answer):
    client, stop = browser
    await zoe()
    client.headers["x-forwarded-for"] = "10.1.0.1"
    before = await post(client, path, **fields)

    stop()
    after = [(await post(client, path, **fields)).status_code for _ in range(FEW)]

    assert [before.status_code, *after] == [answer] * FEW + [429]


async def test_the_limit_of_one_account_holds_from_many_addresses(browser, monkeypatch):
    client, stop = browser
    person = await zoe()
    monkeypatch.setattr("portal.accounts.pages.sign_in.ACCOUNT", Limit("account", FEW, 3600))
    stop()

    statuses = []
    for number in range(FEW + 1):
        client.headers["x-forwarded-for"] = f"10.2.{number}.1"
        sent = await post(client, "/fr/sign-in", email=person.email, password="faux")
        statuses.append(sent.status_code)

    assert statuses == [422] * FEW + [429]


async def test_nobody_signs_in_and_no_code_is_taken_without_sessions(browser):
    client, stop = browser
    person = await zoe()
    stop()

    sent = await post(client, "/fr/sign-in", email=person.email, password=PASSWORD)
    await sign_in(client, person)
    code = await post(client, "/fr/sign-in/code", code="000000")

    assert (sent.status_code, code.status_code) == (503, 503)
