import json
import logging
import sys

import pytest
from pydantic import SecretStr

from portal.logging import (
    JsonLines,
    ReadableLines,
    Redaction,
    Uneventful,
    request_id,
    secrets_of,
)
from portal.settings import get_settings


def line(formatter: logging.Formatter, message: str, *args: object, **extra: object) -> str:
    record = logging.makeLogRecord({"name": "portal", "msg": message, "args": args, **extra})
    Redaction(["a long secret", "hunter2"]).filter(record)
    return formatter.format(record)


def test_production_writes_one_json_object_a_line():
    token = request_id.set("abc")
    found = json.loads(line(JsonLines(), "GET %s", "devices", levelname="INFO", status=200))
    request_id.reset(token)

    assert found.pop("time")[-6:] == "+00:00"
    assert found == {
        "level": "info",
        "logger": "portal",
        "message": "GET devices",
        "request_id": "abc",
        "status": 200,
    }


def test_ones_own_machine_writes_readable_lines():
    assert line(ReadableLines("%(name)s: %(message)s"), "GET %s", "x", ms=3) == "portal: GET x ms=3"


def test_secrets_are_taken_out_of_messages_arguments_and_tracebacks():
    try:
        raise ValueError("no a long secret here")
    except ValueError:
        text = line(JsonLines(), "with %s", "a long secret", exc_info=sys.exc_info())

    assert "a long secret" not in text
    assert json.loads(text)["message"] == "with [secret]"
    assert "no [secret] here" in json.loads(text)["exception"]


@pytest.mark.parametrize("message", ["a\nb", 'quote " and \\', "عربي é"])
def test_a_line_stays_one_line_whatever_is_in_it(message):
    text = line(JsonLines(), "%s", message)

    assert "\n" not in text
    assert json.loads(text)["message"] == message


def test_the_secrets_are_those_of_the_settings_and_the_passwords_in_addresses():
    settings = get_settings().model_copy(
        update={"database_url": SecretStr("postgresql://me:my-password@db/portal")}
    )

    found = secrets_of(settings)

    assert settings.secret_key.get_secret_value() in found
    assert "my-password" in found


@pytest.mark.parametrize(
    ("text", "level", "kept"),
    [
        ("  1.01s → search.sweep()", "INFO", False),
        ("  0.00s ← search.sweep ● 0", "INFO", False),
        ("  0.02s ← search.sweep ● 3", "INFO", True),
        ("recording health: Nov-22 01:08:38 j_complete=150 j_failed=13", "INFO", False),
        ("  0.01s ! search.sweep failed, OSError: gone", "ERROR", True),
        ("  0.10s → notifications.send_mail('839664a0')", "INFO", True),
    ],
)
def test_sweeps_that_found_nothing_are_not_worth_a_line(text, level, kept):
    record = logging.makeLogRecord({"msg": text, "levelno": getattr(logging, level)})

    assert Uneventful().filter(record) is kept
