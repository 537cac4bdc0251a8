import pytest

from portal.web.client import client_address, cookies_of, subscriber


def scope(forwarded: str = "", client: tuple[str, int] | None = ("192.0.2.1", 1)) -> dict:
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    return {"headers": headers, "client": client}


@pytest.mark.parametrize(
    ("forwarded", "proxies", "address"),
    [
        ("", 0, "192.0.2.1"),
        ("203.0.113.9", 0, "192.0.2.1"),
        ("203.0.113.9", 1, "203.0.113.9"),
        ("6.6.6.6, 203.0.113.9", 1, "203.0.113.9"),
        ("6.6.6.6, 203.0.113.9, 10.0.0.1", 2, "203.0.113.9"),
        ("203.0.113.9", 2, "192.0.2.1"),
        ("", 1, "192.0.2.1"),
    ],
)
def test_client_address_believes_only_our_own_proxies(forwarded, proxies, address):
    assert client_address(scope(forwarded), proxies) == address


def test_client_address_is_empty_without_a_network():
    assert client_address(scope(client=None), 0) == ""


@pytest.mark.parametrize(
    ("address", "known_by"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("not an address", "not an address"),
    ],
)
def test_subscriber_is_the_network_somebody_was_given(address, known_by):
    assert subscriber(address) == known_by


@pytest.mark.parametrize(
    ("sent", "cookies"),
    [
        (b"", {}),
        (b"language=fr; csrf=a=b;theme=", {"language": "fr", "csrf": "a=b", "theme": ""}),
        (b"nothing; a=1", {"a": "1"}),
    ],
)
def test_cookies_are_read_as_they_were_sent(sent, cookies):
    assert cookies_of({"headers": [(b"cookie", sent)]}) == cookies
