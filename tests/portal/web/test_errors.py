import asyncio
import json
import logging
from functools import lru_cache
from pathlib import Path

import pytest
from asyncpg.exceptions import CannotConnectNowError, ConnectionDoesNotExistError
from httpx import ASGITransport, AsyncClient
from litestar import Litestar, Response, get
from litestar.exceptions import ClientException, HTTPException, NotAuthorizedException
from litestar.params import FromPath
from litestar.response import Template
from markupsafe import escape
from valkey.exceptions import ConnectionError as ValkeyConnectionError

from portal.app import create_app
from portal.package import Failure, Package
from portal.settings import get_settings
from portal.web.errors import WORDS, UserError, describe, words
from portal.web.guards import public
from portal.web.i18n import language
from tests.applications import running

STATUSES = sorted(WORDS)


class DoorIsClosed(UserError):
    message = "The date must be in the past."


@get("/{lang:str}/fail/{status:int}", guards=[public])
async def fail(status: FromPath[int]) -> None:
    """Fail in the way the test asks for."""
    if status == 500:
        raise RuntimeError("the words of a programmer")
    if status == 401:
        raise NotAuthorizedException
    raise HTTPException(status_code=status, detail="the words of a framework")


@get("/{lang:str}/closed", guards=[public])
async def closed() -> None:
    """Refuse with a reason."""
    raise DoorIsClosed


@get("/{lang:str}/broken", guards=[public])
async def broken() -> Template:
    """Give a template less than it needs."""
    return Template(template_str="{{ nothing.at.all }}")


@get("/api/fail", guards=[public])
async def api_fail() -> None:
    """Fail for a program."""
    raise ClientException("the words of a framework")


@lru_cache(1)
def failing() -> Litestar:
    app = create_app(get_settings())
    for handler in (fail, closed, broken, api_fail):
        app.register(handler)
    return app


@pytest.fixture
async def app(db):
    async with running(failing()) as app:
        yield app


@pytest.fixture
async def client(app: Litestar):
    transport = ASGITransport(app=app, raise_app_exceptions=False)
    async with AsyncClient(transport=transport, base_url="http://portal.test") as client:
        yield client


@pytest.mark.parametrize("code", ["fr", "ar", "en"])
@pytest.mark.parametrize("status", [status for status in STATUSES if status != 401])
async def test_every_error_has_its_page_in_every_language(client, status, code):
    answer = await client.get(f"/{code}/fail/{status}")

    language.set(code)
    title, text = words(status)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert f"<h1>{escape(title)}</h1>" in answer.text
    assert f'<p class="lead">{escape(text)}</p>' in answer.text
    assert "the words of" not in answer.text


async def test_the_titles_differ_between_languages():
    titles = set()
    for code in ("fr", "ar", "en"):
        language.set(code)
        titles |= {words(status)[0] for status in STATUSES}

    assert len(titles) == 3 * len(STATUSES)


async def test_an_unexpected_error_gives_a_number_to_tell(client, caplog):
    with caplog.at_level(logging.ERROR):
        answer = await client.get("/fr/fail/500")

    assert answer.headers["x-request-id"] in answer.text
    assert [record.getMessage() for record in caplog.records] == ["GET failed"]


async def test_a_page_that_cannot_be_rendered_gives_the_page_of_an_error(client):
    answer = await client.get("/fr/broken")

    assert answer.status_code == 500
    assert "<h1>Une erreur s&#39;est produite de notre côté</h1>" in answer.text


async def test_a_stranger_is_sent_to_sign_in_and_comes_back(client):
    answer = await client.get("/ar/fail/401?a=1&b=2")

    assert answer.status_code == 303
    assert answer.headers["location"].endswith("?next=%2Far%2Ffail%2F401%3Fa%3D1%26b%3D2")
    assert answer.headers["location"].startswith("/ar/")


async def test_a_part_of_a_page_sends_the_whole_page_to_sign_in(client):
    answer = await client.get(
        "/fr/fail/401",
        headers={
            "HX-Request-Type": "partial",
            "HX-Current-URL": "http://portal.test/fr/devices?q=x",
        },
    )

    assert answer.status_code == 200
    assert answer.headers["hx-redirect"].endswith("?next=%2Ffr%2Fdevices%3Fq%3Dx")


async def test_htmx_gets_a_message_for_the_flash(client):
    answer = await client.get("/en/closed", headers={"HX-Request-Type": "partial"})

    assert answer.status_code == 409
    assert answer.headers["hx-retarget"] == "#flash"
    assert answer.text.strip() == (
        '<div class="notice notice-error"><p><strong>Not possible now.</strong> '
        "The date must be in the past.</p></div>"
    )


async def test_a_refused_action_says_why(client):
    answer = await client.get("/fr/closed")

    assert answer.status_code == 409
    assert "La date doit être passée." in answer.text


async def test_a_package_says_errors_in_its_own_shape_below_its_address(app, client):
    def shape(failure: Failure) -> Response[str]:
        return Response(f"{failure.status} {failure.headers}", status_code=418)

    app.state.packages += (Package("own", Path(), error_shapes={"/api/fa": shape}),)

    answers = [await client.get(one) for one in ("/api/fail", "/api/fantasy", "/api/other")]

    assert [(one.status_code, one.text[:6]) for one in answers[:2]] == [
        (418, "400 {}"), (418, "404 {}"),
    ]  # fmt: skip
    assert answers[2].headers["content-type"] == "application/problem+json"


async def test_a_program_gets_problem_details(client):
    answer = await client.get("/api/fail", headers={"Accept-Language": "en"})

    assert answer.headers["content-type"] == "application/problem+json"
    assert json.loads(answer.text) == {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "detail": WORDS[400][1],
        "instance": "/api/fail",
        "request_id": answer.headers["x-request-id"],
    }


@pytest.mark.parametrize(
    ("path", "accept", "lang"),
    [("/nothing.php", "ar", "ar"), ("/nothing.php", "", "fr"), ("/en/nothing", "ar", "en")],
)
async def test_the_language_of_an_error_is_that_of_the_address_or_of_the_browser(
    client, path, accept, lang
):
    answer = await client.get(path, headers={"Accept-Language": accept})

    assert answer.status_code == 404
    assert f'<html lang="{lang}"' in answer.text


async def test_requests_at_the_same_time_keep_their_own_language(client):
    codes = ["fr", "ar", "en"] * 5
    answers = await asyncio.gather(*(client.get(f"/{code}/about") for code in codes))

    assert [answer.text.split('lang="')[1][:2] for answer in answers] == codes


@pytest.mark.parametrize("status", [403, 404, 410, 429, 500])
async def test_the_page_of_an_error_has_the_menu_and_the_languages(client, status, statements):
    answer = await client.get(f"/fr/fail/{status}?a=1")

    assert f'href="/ar/fail/{status}?a=1"' in answer.text
    assert 'href="/fr/devices"' in answer.text
    assert 'class="skip-link"' in answer.text
    assert statements == []


async def test_an_unknown_address_has_the_menu_and_does_not_say_that_nobody_is_signed_in(client):
    client.cookies.set("session", "something", domain="portal.test", path="/")

    answer = await client.get("/fr/there/is/nothing/here")

    assert (answer.status_code, 'href="/fr/account"' in answer.text) == (404, True)
    assert 'href="/fr/sign-in"' not in answer.text


async def test_what_was_sent_and_refused_leads_home_in_the_other_language(client):
    await client.get("/fr")
    token = {"_csrf_token": client.cookies["csrf"]}

    answer = await client.post("/fr/theme/none", data=token)

    assert (answer.status_code, 'href="/ar"' in answer.text) == (404, True)


async def test_a_broken_shell_costs_only_the_shell(client, app, caplog):
    def broken(place):
        raise RuntimeError("no menu")

    environment = app.template_engine.engine
    whole = environment.globals["navigation"]
    environment.globals["navigation"] = broken
    try:
        answer = await client.get("/fr/fail/500")
    finally:
        environment.globals["navigation"] = whole

    assert answer.status_code == 500
    assert "<h1>Une erreur s&#39;est produite de notre côté</h1>" in answer.text
    assert "main-nav" not in answer.text


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ConnectionRefusedError(111, "refused"), 503),
        (ConnectionDoesNotExistError(), 503),
        (CannotConnectNowError("the database system is starting up"), 503),
        (ValkeyConnectionError(), 503),
        (ValueError("a fault of ours"), 500),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_part_that_does_not_answer_is_not_a_fault_of_the_page(error, status):
    assert describe(error) == (status, "")
