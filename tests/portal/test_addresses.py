import pytest
from pydantic import ValidationError

from portal.settings import Settings

REQUIRED = {
    "secret_key": "x" * 32,
    "database_url": "postgresql://a:b@localhost/c",
    "valkey_url": "redis://localhost",
}


@pytest.mark.parametrize(
    "url", ["nats://a:b@n1:4222", "tls://a:b@n1:4222,tls://a:b@n2:4222,tls://a:b@n3:4222"]
)
def test_one_server_or_those_of_a_cluster(url):
    settings = Settings(_env_file=None, nats_url=url, **REQUIRED)

    assert settings.nats_url.get_secret_value() == url


@pytest.mark.parametrize("url", ["http://n1", "nats://n1,http://n2", "nats://n1:x", "nats://n1,"])
def test_anything_else_is_no_address_of_a_broker(url):
    with pytest.raises(ValidationError) as refused:
        Settings(_env_file=None, nats_url=url, **REQUIRED)

    assert [one["loc"] for one in refused.value.errors()] == [("nats_url",)]
