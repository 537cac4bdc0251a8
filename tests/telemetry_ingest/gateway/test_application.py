"""What a device is answered, on the real broker and database."""

import asyncio
import time

import msgspec
import pytest

from portal import database
from portal.permissions import SYSTEM
from telemetry_ingest import sparkplug
from telemetry_ingest.actions.devices import revoke, rotate
from telemetry_ingest.gateway import application, posting, taking
from telemetry_ingest.gateway.entry import EVERY_S
from telemetry_ingest.states import PilotState, Topic
from telemetry_ingest.wire import MOST_BYTES, subject_of
from telemetry_ingest.wire.subjects import STREAM
from tests.telemetry_ingest.gateway.gateways import AT, beside, enrolled, gateway, readings, send
from tests.telemetry_ingest.pilots import hold, release

PROBLEM = "application/problem+json"
SOON_S = 20 * EVERY_S  # a busy machine makes no test fail


@pytest.fixture
async def http(broker):
    async with gateway() as client:
        yield client


async def stored(nc) -> int:
    return (await nc.jetstream().stream_info(STREAM)).state.messages


async def test_the_very_bytes_are_kept_under_the_devices_own_subject(broker, device, http):
    body = b' {"boot":1,"seq":0,"sent":1,"readings":[[1,"MDC_PULS_OXIM_SAT_O2",97.5]]}'

    answer = await send(http, device, body)

    subject = subject_of(device.row.id, Topic.READINGS)
    kept = await broker.jetstream().get_last_msg(STREAM, subject)
    assert (answer.status_code, answer.json()) == (202, {"readings": 1, "duplicate": False})
    assert kept.data == body


@pytest.mark.parametrize(
    ("topic", "message"),
    [
        ("status", {"boot": 1, "seq": 0, "sent": AT, "at": AT, "state": "up"}),
        ("alarms", {"boot": 1, "seq": 0, "sent": AT, "at": AT, "code": 150456,
                    "priority": "high", "active": True}),
    ],
)  # fmt: skip
async def test_status_and_alarms_go_the_same_way(broker, device, http, topic, message):
    answer = await send(http, device, message, topic=topic)

    assert (answer.status_code, answer.json()["readings"], await stored(broker)) == (202, 0, 1)


async def test_msgpack_is_taken_too(broker, device, http):
    body = msgspec.msgpack.encode(readings(count=3))

    answer = await send(http, device, body, headers={"content-type": "application/msgpack"})

    assert (answer.status_code, answer.json()["readings"]) == (202, 3)


async def test_the_same_message_twice_is_kept_once(broker, device, http):
    answers = [await send(http, device, readings()) for _ in range(2)]
    other = await send(http, device, readings(count=3))

    assert [one.json()["duplicate"] for one in (*answers, other)] == [False, True, False]
    assert await stored(broker) == 2


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        (b"neither", 400, None),
        (b'{"boot":1', 400, None),
        (b"", 400, None),
        ({**readings(), "patient": "x"}, 422, "patient"),
        ({**readings(), "boot": -1}, 422, "boot"),
        ({**readings(), "readings": []}, 422, "readings"),
        (b" " * (MOST_BYTES + 1), 413, None),
        (readings(count=10_001), 413, "readings"),
    ],
)
async def test_what_is_not_right_is_refused_in_words(broker, device, http, body, status, field):
    answer = await send(http, device, body)

    told = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM)
    assert (told["status"], told.get("field")) == (status, field)
    assert len(told["detail"]) > 40
    assert await stored(broker) == 0


async def test_a_refusal_is_counted_with_the_device(broker, device, http):
    for _ in range(2):
        await send(http, device, {**readings(), "patient": "x"})

    rows = await database.fetch("SELECT device, reason, field, messages FROM device_refused")
    assert [tuple(row) for row in rows] == [(device.row.number, "unknown_field", "patient", 2)]


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer x", "Bearer {hex}.{wrong}", "Basic {hex}.{token}", "Bearer {other}.{token}"],
)
async def test_nobody_else_gets_in(broker, device, http, authorization):
    said = authorization.format(
        hex=device.row.id.hex, token=device.token, wrong="A" * 43, other="0" * 32
    )

    answer = await send(http, device, readings(), headers={"authorization": said})

    assert (answer.status_code, answer.headers["www-authenticate"][:6]) == (401, "Bearer")
    assert (answer.headers["content-type"], await stored(broker)) == (PROBLEM, 0)


@pytest.mark.parametrize("ending", [revoke, rotate])
async def test_a_device_is_out_at_once_when_its_token_ends(broker, device, http, ending):
    before = await send(http, device, readings())
    await ending(device.row.id, token_number=device.row.token_number, actor=SYSTEM)

    ended, status, seq = time.monotonic(), 202, 0
    while status == 202 and time.monotonic() < ended + SOON_S:
        seq += 2
        status = (await send(http, device, readings(seq=seq))).status_code

    assert (before.status_code, status) == (202, 401)
    assert time.monotonic() - ended < SOON_S
    assert await stored(broker) == seq // 2


@pytest.mark.parametrize("side", ["owner", "host"])
async def test_a_suspended_side_shuts_the_door_at_once_and_the_same_token_opens_it_again(
    broker, device, http, side
):
    before = await send(http, device, readings())
    await hold(device.row.pilot, side)
    ended, status, seq = time.monotonic(), 202, 0
    while status == 202 and time.monotonic() < ended + SOON_S:
        seq += 2
        answer = await send(http, device, readings(seq=seq))
        status = answer.status_code
    took = time.monotonic() - ended

    await release(device.row.pilot, side)
    await asyncio.sleep(2 * EVERY_S)
    again = await send(http, device, readings(seq=seq))

    assert [before.status_code, status, again.status_code] == [202, 403, 202]
    assert answer.json()["type"] == "urn:tajhiz:ingest:suspended"
    assert took < SOON_S
    assert await stored(broker) == seq // 2 + 1


async def test_without_the_database_a_known_device_is_let_in_for_two_seconds(
    broker, device, http, monkeypatch
):
    first = await send(http, device, readings())
    monkeypatch.setattr(http.app.state.entry, "_ask", away)

    statuses, until = (
        {(await send(http, device, readings(seq=2))).status_code},
        time.monotonic() + 30,
    )
    while statuses == {202} and time.monotonic() < until:
        await asyncio.sleep(0.1)
        answer = await send(http, device, readings(seq=4))
        statuses.add(answer.status_code)

    assert (first.status_code, statuses) == (202, {202, 503})
    assert (answer.headers["retry-after"], await stored(broker)) == ("5", 3)


async def away(_devices):
    raise OSError


@pytest.mark.parametrize(
    ("state", "status"),
    [(PilotState.AGREED, 403), (PilotState.WITHDRAWN, 403), (PilotState.CLOSED, 202)],
)
async def test_a_pilot_has_to_have_begun(broker, http, state, status):
    device = await enrolled(state)

    assert (await send(http, device, readings())).status_code == status


@pytest.mark.parametrize(
    "headers",
    [{"content-type": "text/plain"}, {"content-type": ""}, {"content-encoding": "gzip"}],
)
async def test_another_type_is_refused(broker, device, http, headers):
    answer = await send(http, device, readings(), headers=headers)

    assert (answer.status_code, await stored(broker)) == (415, 0)


async def test_a_device_that_comes_too_often_has_to_wait(broker, device):
    async with gateway(ingest_requests_per_minute=2) as http:
        answers = [await send(http, device, readings(seq=seq)) for seq in range(0, 6, 2)]

    assert [one.status_code for one in answers] == [202, 202, 429]
    assert 0 < int(answers[2].headers["retry-after"]) <= 60


@pytest.mark.parametrize(("method", "path", "status"), [
    ("POST", "/v1/waves", 404), ("GET", "/v1/readings", 405), ("GET", "/elsewhere", 404),
])  # fmt: skip
async def test_other_addresses_say_where_to_send(broker, http, method, path, status):
    answer = await http.request(method, path)

    assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM)


async def test_it_tells_supervisors_and_prometheus(broker, device, http):
    await send(http, device, readings(count=3))

    health, ready = await http.get("/healthz"), await http.get("/readyz")
    text = (await http.get("/metrics")).text

    assert (health.status_code, ready.json()["parts"]) == (200, {"nats": "ok", "postgresql": "ok"})
    assert 'tajhiz_gateway_answers_total{answer="kept",topic="readings"} 1.0' in text
    assert "tajhiz_gateway_readings_total 3.0" in text


async def test_what_was_measured_is_not_for_everybody(broker, http):
    answer = await http.get("/metrics", headers={"x-forwarded-for": "192.0.2.1"})

    assert answer.status_code == 404


def test_a_fault_of_ours_is_said_without_details():
    problem = application.problem_of(RuntimeError("secret"))

    assert (problem.status, b"secret" in problem.body()) == (500, False)


async def test_sparkplug_is_taken_too(broker, device, http):
    body = sparkplug.written(readings(count=3))

    answer = await send(http, device, body, headers={"content-type": "application/x-protobuf"})

    assert (answer.status_code, answer.json()["readings"]) == (202, 3)


@pytest.mark.parametrize(
    ("asked", "language", "words"),
    [("", "en", "has a field"), ("ar", "ar", "حقل"), ("fr-MA, en;q=0.5", "fr", "un champ")],
)
async def test_a_problem_is_said_in_the_language_that_is_asked_for(
    broker, device, http, asked, language, words
):
    headers = {"accept-language": asked} if asked else {}

    answer = await send(http, device, {**readings(), "patient": "x"}, headers=headers)

    assert (answer.headers["content-language"], answer.status_code) == (language, 422)
    assert words in answer.json()["detail"]


async def test_a_body_without_a_length_is_read_as_far_as_it_may_be_long(broker, device, http):
    async def parts(count):
        for _ in range(count):
            yield b" " * 100_000
        yield msgspec.json.encode(readings())

    answers = [
        await http.post("/v1/readings", content=parts(count), headers=device.headers)
        for count in (3, 11)
    ]

    assert [one.status_code for one in answers] == [202, 413]


async def test_messages_have_room_together(broker, device, http, monkeypatch):
    monkeypatch.setattr(taking, "MOST_BYTES_AT_ONCE", 10)
    full = await send(http, device, readings())
    monkeypatch.setattr(taking, "MOST_BYTES_AT_ONCE", 10_000)
    refused = await send(http, device, b"{")
    answers = [await send(http, device, readings(seq=seq)) for seq in range(0, 400, 2)]

    assert (full.status_code, full.headers["retry-after"]) == (503, "5")
    assert (refused.status_code, {one.status_code for one in answers}) == (400, {202})


async def test_a_message_that_does_not_come_whole_gives_its_room_back(
    broker, device, http, monkeypatch
):
    monkeypatch.setattr(posting, "READ_S", 0.1)
    # Room for one message without a length, or for any that says how short it is.
    monkeypatch.setattr(taking, "MOST_BYTES_AT_ONCE", posting.MOST_BYTES + 10)

    async def never():
        yield b"{"
        await asyncio.sleep(60)

    slow = await http.post("/v1/readings", content=never(), headers=device.headers)
    answer = await http.post("/v1/readings", content=whole(), headers=device.headers)

    assert (slow.status_code, slow.json()["type"][-8:], answer.status_code) == (
        503,
        "not_kept",
        202,
    )


async def whole():
    yield msgspec.json.encode(readings())


async def test_a_device_that_goes_away_gets_no_answer_and_nothing_is_kept(broker, device, http):
    events = iter([
        {"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"},
    ])  # fmt: skip
    said = []

    async def receive():
        return next(events)

    async def send_(event):
        said.append(event)

    scope = {
        "type": "http", "method": "POST", "path": "/v1/readings", "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in device.headers.items()],
    }  # fmt: skip
    await http.app(scope, receive, send_)

    assert (said, await stored(broker)) == ([], 0)


async def test_a_device_that_sends_slowly_leaves_room_for_the_others(broker, http, monkeypatch):
    monkeypatch.setattr(posting, "READ_S", 3.0)
    slow = await enrolled()
    other = await beside(slow)

    async def trickle():
        yield b" "
        await asyncio.sleep(60)

    # Short ones too, and however the token is written: it is one device.
    short = slow.headers | {"content-length": "9"}
    ways = [short | {"authorization": f" Bearer{' ' * n}{short['authorization'][7:]}"}
            for n in range(1, 65)]  # fmt: skip
    posts = [
        asyncio.create_task(http.post("/v1/readings", content=trickle(), headers=one))
        for one in ways
    ]
    while sum(one.done() for one in posts) < 60:  # noqa: ASYNC110 — until four hold all the room
        await asyncio.sleep(0.01)
    in_time = await send(http, other, readings())
    answers = [await one for one in posts]
    after = await send(http, slow, readings())
    refused = [one for one in answers if one.status_code == 429]

    assert sorted(one.status_code for one in answers) == [429] * 60 + [503] * 4
    assert {one.headers["retry-after"] for one in refused} == {"1"}
    assert {one.headers["content-type"] for one in refused} == {"application/problem+json"}
    assert (in_time.status_code, after.status_code, await stored(broker)) == (202, 202, 2)
