import pytest
from httpx import ASGITransport, AsyncClient
from litestar import post
from valkey.asyncio import Valkey

from portal.app import create_app
from portal.settings import get_settings
from portal.web.guards import public
from portal.web.limits import Alone, Limit, Tally, seconds_to_wait, strictly_limited


@post("/api/guess", guards=[public, strictly_limited], status_code=200)
async def guess() -> str:
    """Stand for what somebody may try to guess."""
    return "wrong"


@pytest.fixture
async def valkey():
    client = Valkey.from_url(get_settings().valkey_url.get_secret_value())
    await client.flushdb()
    yield client
    await client.flushdb()
    await client.aclose()


@pytest.fixture
async def few(db, valkey):
    changes = {"rate_limit_per_minute": 3, "sign_in_attempts_per_hour": 2, "trusted_proxies": 1}
    app = create_app(get_settings().model_copy(update=changes))
    app.register(guess)
    async with app.lifespan():
        transport = ASGITransport(app=app)
        async with AsyncClient(transport=transport, base_url="http://portal.test") as client:
            yield client


def sent_by(address: str) -> dict[str, str]:
    return {"X-Forwarded-For": address}


async def test_the_limit_counts_within_its_window_and_says_how_long_to_wait(valkey):
    limit = Limit("test", most=2, seconds=60)

    waits = [await seconds_to_wait(valkey, limit, "a", now) for now in (0, 10, 20.5, 59, 60)]

    assert waits == [0, 0, 39, 1, 0]
    assert await seconds_to_wait(valkey, limit, "b", 20) == 0


async def test_each_process_counts_alone_while_valkey_does_not_answer(valkey):
    nobody = Valkey.from_url("redis://127.0.0.1:1/0", socket_connect_timeout=0.2)
    limit = Limit("outage", most=2, seconds=60)

    before = await seconds_to_wait(valkey, limit, "a", 0)
    waits = [await seconds_to_wait(nobody, limit, "a", now) for now in (10, 20, 60)]

    assert (before, waits) == (0, [0, 40, 0])  # what passed before the outage counts as well
    assert await seconds_to_wait(nobody, limit, "b", 20) == 0
    await nobody.aclose()


def test_what_a_process_counts_alone_is_bounded():
    alone = Alone(most_kept=10)

    counts = [alone.count(f"old:{n}", 0, 60) for n in range(9)]
    counts += [alone.count("new", 61, 60) for _ in range(2)]
    counts += [alone.count(f"newer:{n}", 61, 60) for n in range(20)]

    assert counts == [1] * 9 + [1, 2] + [1] * 20
    assert alone.count("newer:19", 62, 60) == 2
    assert len(alone._counts) <= 10


async def test_a_tally_counts_at_once_here_and_each_second_with_the_other_processes(valkey):
    here, there = Tally(Limit("test", most=3, seconds=60)), Tally(Limit("test", 3, 60))

    waits = [await here.seconds_to_wait(valkey, "a", now) for now in (120, 120.1, 120.2)]
    unaware = await there.seconds_to_wait(valkey, "a", 120.3)
    told = await here.seconds_to_wait(valkey, "a", 121.1)
    aware = await there.seconds_to_wait(valkey, "a", 121.5)
    next_minute = await there.seconds_to_wait(valkey, "a", 180)

    assert (waits, unaware, told, aware, next_minute) == ([0, 0, 0], 0, 58, 58, 0)
    assert await here.seconds_to_wait(valkey, "b", 122) == 0


async def test_a_tally_goes_on_by_itself_while_valkey_does_not_answer():
    nobody = Valkey.from_url("redis://127.0.0.1:1/0", socket_connect_timeout=0.2)
    tally = Tally(Limit("test", 2, 60))

    waits = [await tally.seconds_to_wait(nobody, "a", now) for now in (0, 2, 4)]

    assert waits == [0, 0, 56]
    await nobody.aclose()


async def test_too_many_requests_get_a_page_that_says_when_to_come_back(few):
    statuses = [(await few.get("/fr", headers=sent_by("10.0.0.1"))).status_code for _ in range(4)]
    refused = await few.get("/fr", headers=sent_by("10.0.0.1"))

    assert statuses == [200, 200, 200, 429]
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert "<h1>Trop de demandes</h1>" in refused.text
    assert refused.headers["x-content-type-options"] == "nosniff"


async def test_another_sender_and_static_files_are_not_held_back(few):
    for _ in range(5):
        await few.get("/fr", headers=sent_by("10.0.0.2"))

    assert (await few.get("/fr", headers=sent_by("10.0.0.3"))).status_code == 200
    static = await few.get("/static/img/star.svg", headers=sent_by("10.0.0.2"))
    assert static.status_code == 200
    assert (await few.get("/healthz", headers=sent_by("10.0.0.2"))).status_code == 200


async def test_what_the_sender_writes_before_our_proxy_does_not_help(few):
    headers = [sent_by(f"1.2.3.{number}, 10.0.0.4") for number in range(4)]

    statuses = [(await few.get("/fr", headers=one)).status_code for one in headers]

    assert statuses == [200, 200, 200, 429]


async def test_guesses_are_limited_strictly_and_as_json_for_a_program(few):
    answers = [await few.post("/api/guess", headers=sent_by("10.0.0.5")) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].json()["title"] == "Too Many Requests"
    assert 1 <= int(answers[2].headers["retry-after"]) <= 3600
