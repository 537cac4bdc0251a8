"""Ed25519 as RFC 8032 prints it; which key a portal has, and that without one it says so."""

import pytest
from pydantic import SecretStr

from portal.settings import get_settings
from telemetry_ingest.evidence import signing

# RFC 8032, section 7.1, test 1: an empty message.
SECRET = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
PUBLIC = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
SIGNED = (
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
    "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
)


def test_the_vector_of_the_rfc():
    found = signing.signature(bytes.fromhex(SECRET), "")

    assert (found["public_key"], found["signature"]) == (PUBLIC, SIGNED)
    assert signing.signed("", found)
    assert not signing.signed("x", found)


def test_a_deployment_signs_with_its_key_and_never_with_another():
    settings = get_settings()
    production = settings.model_copy(update={"environment": "production", "evidence_key": None})
    with pytest.raises(signing.NoKey):
        signing.seed(production)
    own = settings.model_copy(update={"evidence_key": SecretStr(SECRET)})
    assert signing.public_key(signing.seed(own)) == PUBLIC


def test_on_ones_own_machine_the_key_comes_from_the_secret_and_stays():
    settings = get_settings()
    other = settings.model_copy(update={"secret_key": SecretStr("x" * 40)})

    assert signing.seed(settings) == signing.seed(settings) != signing.seed(other)


def test_old_keys_stay_published_the_present_one_first():
    old = signing.public_key(bytes(range(32)))
    settings = get_settings().model_copy(
        update={"evidence_key": SecretStr(SECRET), "evidence_old_keys": f"{old} {'1' * 64}"}
    )
    assert signing.published(settings) == [PUBLIC, old, "1" * 64]
    retired = settings.model_copy(update={"evidence_key": None, "environment": "production"})
    assert signing.published(retired) == [old, "1" * 64]
    nothing = retired.model_copy(update={"evidence_old_keys": ""})
    with pytest.raises(signing.NoKey):
        signing.published(nothing)


@pytest.mark.parametrize("text", ["x", "1" * 63, "1" * 64 + "," + "2" * 64, "A" * 64])
def test_what_is_no_list_of_keys_stops_the_start(text, monkeypatch):
    monkeypatch.setenv("TAJHIZ_EVIDENCE_OLD_KEYS", text)
    with pytest.raises(ValueError, match=r"evidence_old_keys|EVIDENCE_OLD_KEYS"):
        type(get_settings())()
