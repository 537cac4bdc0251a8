"""The gateway is as it describes itself: whatever the description allows is read and kept."""

import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, given, note, settings
from schemathesis import GenerationMode

from telemetry_ingest.gateway.description import EXAMPLES, answers, description
from telemetry_ingest.states import Topic
from telemetry_ingest.wire import Refused, decode
from telemetry_ingest.wire.messages import LARGEST_SEQ, SHAPES
from tests.services import services
from tests.telemetry_ingest.broker.brokers import prepared
from tests.telemetry_ingest.gateway.gateways import enrolled, gateway, send

DOCUMENT = description("https://ingest.example")


def whole(value):
    """Return a message with 0.0 as 0: JSON Schema takes both for integers, the gateway one."""
    if isinstance(value, dict):
        return {name: whole(one) for name, one in value.items()}
    if isinstance(value, list):
        return [whole(one) for one in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


@pytest.mark.parametrize("topic", Topic)
def test_what_the_description_allows_is_read(topic):
    operation = schemathesis.openapi.from_dict(DOCUMENT)[f"/v1/{topic.name.lower()}"]["POST"]
    seen = []

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
    def holds(case):
        if case.media_type != "application/json":
            return
        message = whole(case.body)
        note(message)
        if message["seq"] + len(message.get("readings", ())) <= LARGEST_SEQ:
            decode(topic, msgspec.json.encode(message))
            seen.append(message)

    holds()
    assert len(seen) > 10


@pytest.mark.parametrize("topic", Topic)
def test_nothing_else_may_be_sent(topic):
    body = DOCUMENT["components"]["schemas"][SHAPES[topic].__name__]

    assert body["additionalProperties"] is False
    with pytest.raises(Refused):
        decode(topic, msgspec.json.encode(EXAMPLES[topic] | {"patient": "x"}))


async def test_its_examples_are_kept_and_it_publishes_itself(db):
    async with prepared(services()), gateway() as client:
        device = await enrolled()
        for topic, message in EXAMPLES.items():
            answer = await send(client, device, message, topic=topic.name.lower())
            assert (answer.status_code, set(answer.json())) == (202, {"readings", "duplicate"})
        published = (await client.get("/openapi.json")).json()
    assert published["paths"] == msgspec.to_builtins(DOCUMENT["paths"])


def test_every_refusal_stands_in_it_with_its_answer():
    responses = DOCUMENT["paths"]["/v1/readings"]["post"]["responses"]

    told = {
        code
        for one in responses.values()
        for code in one["content"].get("application/problem+json", {}).get("examples", {})
    }
    assert told == {one.code for one in answers()}
    assert set(responses) == {"202", "400", "401", "403", "413", "415", "422", "429", "500", "503"}
    assert "Retry-After" in responses["429"]["headers"]
