from uuid import UUID, uuid4

import pytest

from telemetry_ingest.broker.tokens import bearer, credentials, hash_of, matches, new_token


def test_a_token_is_long_and_never_the_same():
    tokens = {new_token() for _ in range(50)}

    assert (len(tokens), {len(one) for one in tokens}) == (50, {43})


def test_only_the_token_itself_matches_its_hash():
    token = new_token()
    kept = hash_of(token)

    assert (matches(token, kept), matches(new_token(), kept), matches(token, None)) == (
        True,
        False,
        False,
    )


def test_no_token_matches_a_device_that_has_none():
    assert not matches("", None)
    assert not matches("", bytes(32))


def test_the_header_of_a_batch_is_read():
    device, token = uuid4(), new_token()
    read = bearer(f"Bearer {device.hex}.{token}")

    assert read is not None
    assert (read.device, read.token) == (device, token)
    assert token not in repr(read)


DEVICE = UUID("0192f0c1-0000-7000-8000-0123456789ab")


@pytest.mark.parametrize(
    "said",
    [
        None,
        "",
        "Bearer",
        "Bearer x.y",
        "Basic QQ==",
        f"Bearer {DEVICE.hex}",
        f"Bearer {DEVICE}.{'a' * 43}",
        f"Bearer {DEVICE.hex}.{'a' * 42}",
        f"Bearer {DEVICE.hex}.{'a' * 44}",
        f"Bearer {DEVICE.hex}.{'é' * 43}",
    ],
)
def test_anything_else_is_no_credentials(said):
    assert bearer(said) is None


def test_a_user_name_is_the_hex_of_the_device():
    device, token = uuid4(), new_token()

    assert credentials(str(device), token) is None
    assert credentials(device.hex.upper(), token) is None
    assert credentials(device.hex, token) is not None
