import re
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from httpx import ASGITransport, AsyncClient
from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from pydantic import SecretStr
from valkey.asyncio import Valkey

from portal import database
from portal.app import create_app
from portal.settings import get_settings


async def test_health_says_that_the_process_answers(client):
    answer = await client.get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_ready_names_the_parts_that_answer(client):
    answer = await client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json()["parts"] == {"postgresql": "ok", "valkey": "ok"}


async def test_ready_names_what_a_page_does_not_need_and_stays_ready(client, app):
    async def beside(state: object) -> dict[str, str]:
        return {"nats": "away"}

    package, *others = app.state.packages
    app.state.packages = (replace(package, beside=beside),)
    degraded = await client.get("/readyz")
    app.state.packages = (package, *others)

    assert (degraded.status_code, degraded.json()["status"]) == (200, "degraded")
    assert degraded.json()["beside"] == {"nats": "away"}


async def test_measures_of_a_package_stand_beside_the_portals_own(client, app):
    async def measured(state: object) -> list[Metric]:
        return [GaugeMetricFamily("tajhiz_tested", "A figure.", value=7.0)]

    async def broken(state: object) -> list[Metric]:
        raise ConnectionError

    package, other, *others = app.state.packages
    app.state.packages = (replace(package, measured=broken), replace(other, measured=measured))
    text = (await client.get("/metrics")).text
    app.state.packages = (package, other, *others)

    assert ("tajhiz_tested 7.0" in text, "tajhiz_jobs_waiting" in text) == (True, True)


async def test_ready_says_which_part_fails(client, app):
    nobody = Valkey.from_url("redis://127.0.0.1:1/0", socket_connect_timeout=0.2)
    working = app.state["valkey"]
    app.state["valkey"] = nobody

    answer = await client.get("/readyz")

    app.state["valkey"] = working
    await nobody.aclose()
    assert answer.status_code == 503
    assert answer.json() == {
        "status": "failing",
        "parts": {"postgresql": "ok", "valkey": "ConnectionError"},
    }


async def test_ready_says_that_the_database_fails(client, monkeypatch):
    monkeypatch.setattr(database.DB, "pool", None)

    answer = await client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["parts"] == {"postgresql": "AssertionError", "valkey": "ok"}


async def test_a_process_is_ready_when_it_has_read_the_search_index(db):
    app = create_app(get_settings(), warm_up=True)
    async with app.lifespan():
        transport = ASGITransport(app=app)
        async with AsyncClient(transport=transport, base_url="http://portal.test") as client:
            early = await client.get("/readyz")
            await app.state["warming"]
            later = await client.get("/readyz")

    assert early.json()["parts"]["search"] in {"Reading", "ok"}
    assert later.json()["parts"] == {"postgresql": "ok", "valkey": "ok", "search": "ok"}


async def test_a_process_stops_while_it_reads_the_search_index(db):
    app = create_app(get_settings(), warm_up=True)
    async with app.lifespan():
        reading = app.state["warming"]

    assert reading.done()


async def test_metrics_count_answers_by_the_name_of_the_route(client):
    await client.get("/fr/about")
    await client.get("/ar/about?token=secret")
    await client.get("/nothing/secret")

    text = (await client.get("/metrics")).text

    assert 'tajhiz_requests_total{method="GET",route="about",status="200"} 2.0' in text
    assert 'tajhiz_request_seconds_count{route="about"} 2.0' in text
    assert re.search(r'tajhiz_requests_total\{method="GET",route="\w+",status="404"\} 1.0', text)
    assert "tajhiz_requests_in_flight 1.0" in text
    assert re.search(r"tajhiz_database_connections [1-9]", text)
    assert "tajhiz_jobs_waiting 0.0" in text
    assert "tajhiz_search_dirty 0.0" in text
    assert "secret" not in text


@pytest.fixture
async def behind_proxy(db):
    app = create_app(get_settings().model_copy(update={"trusted_proxies": 1}))
    async with app.lifespan():
        transport = ASGITransport(app=app)
        async with AsyncClient(transport=transport, base_url="http://portal.test") as client:
            yield client


async def metrics_for(client_address: str, **settings: object) -> Callable[..., Awaitable[int]]:
    """Return how to ask for the measures from an address, and what the answer's status is."""
    app = create_app(get_settings().model_copy(update=settings))

    async def ask(**headers: str) -> int:
        async with app.lifespan():
            transport = ASGITransport(app=app, client=(client_address, 4000))
            async with AsyncClient(transport=transport, base_url="http://portal.test") as client:
                return (await client.get("/metrics", headers=headers)).status_code

    return ask


async def test_without_a_proxy_only_this_machine_reads_the_measures(db):
    here, elsewhere = await metrics_for("127.0.0.1"), await metrics_for("203.0.113.9")
    assert (await here(), await elsewhere()) == (200, 404)
    assert await (await metrics_for("::1"))() == 200
    # A proxy on this machine that we were not told of.
    assert await here(**{"X-Forwarded-For": "203.0.113.9"}) == 404


async def test_with_a_token_only_who_has_it_reads_the_measures(db):
    token = SecretStr("sixteen letters and more")
    here = await metrics_for("127.0.0.1", metrics_token=token)
    elsewhere = await metrics_for("203.0.113.9", metrics_token=token)
    good = {"Authorization": "Bearer sixteen letters and more"}
    assert (await elsewhere(**good), await here()) == (200, 404)
    assert await elsewhere(Authorization="Bearer sixteen letters and mor") == 404


async def test_metrics_are_for_inside_only(behind_proxy):
    outside = await behind_proxy.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"})
    inside = await behind_proxy.get("/metrics")

    assert (outside.status_code, inside.status_code) == (404, 200)
