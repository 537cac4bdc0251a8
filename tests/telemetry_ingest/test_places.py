import pytest
from pydantic import SecretStr

from portal.settings import get_settings
from telemetry_ingest.places import https_address, mqtt_address

UNSET = {"mqtt_url": None, "ingest_url": None}


def addresses(**said: object) -> tuple[str, str]:
    settings = get_settings().model_copy(update=UNSET | said)
    return mqtt_address(settings), https_address(settings)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (
            {"mqtt_url": "mqtts://a.example:8883", "ingest_url": "https://a.example/in"},
            ("mqtts://a.example:8883", "https://a.example/in"),
        ),
        (
            {
                "nats_url": SecretStr("nats://me:secret@127.0.0.1:7222"),
                "base_url": "http://localhost:11000",
            },
            ("mqtt://127.0.0.1:4883", "http://localhost:11010"),
        ),
        (
            {"nats_url": None, "base_url": "http://localhost:8000"},
            ("", "http://localhost:8010"),
        ),
        (
            {"environment": "production", "base_url": "https://portal.example"},
            ("", "https://portal.example/ingest"),
        ),
    ],
)
def test_a_token_comes_with_the_addresses_it_is_for(said, found):
    assert addresses(**said) == found
