import pytest
from httpx import ASGITransport, AsyncClient

from portal.app import create_app
from portal.settings import get_settings
from portal.web.security import FOREVER, HEADERS, HSTS

EVERY_KIND = {
    "page": "/fr",
    "unknown page": "/fr/nothing-here",
    "unknown language": "/xx",
    "unknown address": "/nothing.php",
    "unknown API": "/api/nothing",
    "redirect": "/",
    "style sheet": "/static/tajhiz.css",
    "static file": "/static/img/star.svg",
    "unknown static file": "/static/none.css",
    "probe": "/healthz",
    "metrics": "/metrics",
    "robots": "/robots.txt",
    "refused method": "/fr/appearance",
}


@pytest.mark.parametrize("path", EVERY_KIND.values(), ids=EVERY_KIND)
async def test_every_answer_carries_the_protective_headers(client, path):
    answer = await client.get(path)

    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert len(answer.headers["x-request-id"]) == 32
    assert "strict-transport-security" not in answer.headers


async def test_the_content_policy_allows_nothing_inline():
    policy = HEADERS["content-security-policy"]

    assert "unsafe" not in policy
    assert policy.startswith("default-src 'self';")


@pytest.fixture
async def production(db):
    settings = get_settings().model_copy(update={"environment": "production"})
    app = create_app(settings)
    async with app.lifespan():
        transport = ASGITransport(app=app)
        async with AsyncClient(transport=transport, base_url="https://portal.test") as client:
            yield client


async def test_production_tells_browsers_to_use_https_only(production):
    answer = await production.get("/fr")

    assert answer.headers["strict-transport-security"] == HSTS
    cookies = answer.headers.get_list("set-cookie")
    assert [cookie.split("=")[0] for cookie in cookies] == ["__Host-csrf", "language"]
    assert all("Secure" in cookie and "HttpOnly" in cookie for cookie in cookies)


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/static/tajhiz.css?v=1", FOREVER),
        ("/static/img/star.svg?v=1", FOREVER),
        ("/static/img/star.svg", "no-cache"),
        ("/static/img/star.svg?w=1", "no-cache"),
        ("/static/none.svg?v=1", "no-cache"),
        ("/fr", "private, no-cache"),
        ("/healthz", "no-store"),
    ],
)
async def test_answers_say_how_long_they_may_be_kept(client, path, kept):
    answer = await client.get(path)

    assert answer.headers["cache-control"] == kept


async def test_static_files_set_no_cookie(client):
    answer = await client.get("/static/tajhiz.css?v=1")

    assert answer.headers.get_list("set-cookie") == []


async def test_a_post_without_our_token_is_refused(client):
    answer = await client.post("/fr/appearance", data={"theme": "dark"})

    assert answer.status_code == 403


async def test_a_given_request_id_is_kept_when_it_is_harmless(client):
    good = await client.get("/healthz", headers={"X-Request-ID": "proxy-0123456789"})
    bad = await client.get("/healthz", headers={"X-Request-ID": "a b\t<script>"})

    assert good.headers["x-request-id"] == "proxy-0123456789"
    assert len(bad.headers["x-request-id"]) == 32


async def test_the_token_of_the_form_lets_a_post_pass(client):
    await client.get("/fr")
    token = client.cookies["csrf"]

    answer = await client.post(
        "/fr/appearance", data={"theme": "dark", "next": "/fr/about", "_csrf_token": token}
    )

    assert answer.status_code == 303
    assert answer.headers["location"] == "/fr/about"
