"""The OpenAPI description of the gateway, made from the very types that read its messages. Pure."""

from collections.abc import Iterable
from typing import Any

import msgspec

from telemetry_ingest.gateway import problems
from telemetry_ingest.gateway.problems import Problem
from telemetry_ingest.gateway.taking import Kept
from telemetry_ingest.states import Refusal, Topic
from telemetry_ingest.wire.messages import MOST_BYTES, SHAPES
from telemetry_ingest.wire.subjects import TOPICS

Json = dict[str, Any]
REFS = "#/components/schemas/{name}"
ABOUT = (
    "Readings of pilot devices over HTTPS, for those that cannot speak MQTT. One message each. "
    "The answer 202 means that the message is kept on disk; until then keep it, and send the same "
    "bytes again after anything else that may pass (429, 500, 503, or no answer): what was kept is "
    "not kept twice. Integers have no decimal point. "
    "The device guide says how to number readings and set clocks."
)
SUMMARIES = {
    Topic.READINGS: "Send readings",
    Topic.STATUS: "Say in which condition the device is",
    Topic.ALARMS: "Say that an alarm begins or ends",
}
SENT = 1_772_350_000_000_000
START: Json = {"v": 1, "boot": 12, "sent": SENT}
EXAMPLES: dict[Topic, Json] = {
    Topic.READINGS: START | {
        "seq": 4_000,
        "readings": [
            [SENT - 2_000_000, "MDC_PULS_OXIM_SAT_O2", 97.0],
            [SENT - 1_000_000, "MDC_PULS_OXIM_SAT_O2", None],
            [SENT - 1_000_000, 149530, 71.0],
        ],
    },
    Topic.STATUS: START | {"seq": 3, "at": SENT, "state": "up", "firmware": "2.1.0"},
    Topic.ALARMS: START | {
        "seq": 7, "at": SENT, "code": 150456, "priority": "high", "active": True,
    },
}  # fmt: skip


def answers() -> list[Problem]:
    """Return every refusal there is, one of each kind."""
    places = {Refusal.UNKNOWN_FIELD: "patient", Refusal.WRONG_VALUE: "readings[0][1]"}
    refusals = (
        Refusal.NOT_READABLE, Refusal.UNKNOWN_FIELD, Refusal.WRONG_VALUE, Refusal.TOO_LARGE,
    )  # fmt: skip
    return [
        *(problems.of_refusal(one, places.get(one, "")) for one in refusals),
        problems.not_signed_in(), problems.not_running(), problems.suspended(),
        problems.wrong_media_type(), problems.too_often(20), problems.not_kept(), problems.fault(),
    ]  # fmt: skip


def description(server: str) -> Json:
    """Return the OpenAPI document."""
    shapes, schemas = msgspec.json.schema_components([*SHAPES.values(), Kept], ref_template=REFS)
    bodies = dict(zip(SHAPES, shapes, strict=False))
    return {
        "openapi": "3.1.0",
        "info": {"title": "Tajhiz telemetry gateway", "version": "1", "description": ABOUT},
        "servers": [{"url": server}],
        "security": [{"device": []}],
        "paths": {
            f"/v1/{name}": {"post": _operation(topic, bodies[topic], shapes[-1])}
            for name, topic in TOPICS.items()
        },
        "components": {
            "schemas": {name: _read(one) for name, one in schemas.items()} | {"Problem": PROBLEM},
            "securitySchemes": {
                "device": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "<device>.<token>, shown once when the device is enrolled.",
                }
            },
        },
    }


PROBLEM: Json = {
    "type": "object",
    "description": "What went wrong, as problem details (RFC 9457); what to do stands in detail.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "One for each reason: urn:tajhiz:ingest:…"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "In Content-Language."},
        "field": {"type": "string", "description": "The place in the message, never its value."},
    },
}


def _operation(topic: Topic, body: Json, kept: Json) -> Json:
    return {
        "operationId": topic.name.lower(),
        "summary": SUMMARIES[topic],
        "tags": ["Telemetry"],
        "requestBody": {
            "required": True,
            "description": f"At most {MOST_BYTES:,} bytes; a msgpack map of the same shape too.",
            "content": {
                "application/json": {"schema": body, "example": EXAMPLES[topic]},
                "application/msgpack": {"schema": {}},
            },
        },
        "responses": {
            "202": {
                "description": "The message is kept.",
                "content": {"application/json": {"schema": kept}},
            },
            **_refusals(answers()),
        },
    }


def _refusals(found: Iterable[Problem]) -> Json:
    """Return the refusals by status, each reason with the very answer it gives."""
    said: Json = {}
    for one in found:
        answer = said.setdefault(
            str(one.status),
            {
                "description": "",
                "content": {
                    problems.MEDIA_TYPE: {
                        "schema": {"$ref": REFS.format(name="Problem")},
                        "examples": {},
                    }
                },
            },
        )
        answer["description"] = " / ".join(filter(None, (answer["description"], one.code)))
        value = msgspec.json.decode(one.body())
        answer["content"][problems.MEDIA_TYPE]["examples"][one.code] = {"value": value}
        if one.wait_s:
            answer["headers"] = {"Retry-After": {"schema": {"type": "integer"}}}
    return said


def _read(schema: Json) -> Json:
    """Return a schema with the first paragraph of its description only: the rest is for Python."""
    text = str(schema.get("description", "")).partition("\n\n")[0]
    return schema | {"description": text}
