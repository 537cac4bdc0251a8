"""Who sends a request, as far as the network tells: the address behind the proxies we trust."""

from ipaddress import IPv6Address, ip_address

from litestar.types import Scope

IPV6_HOME = 64  # bits: what one subscriber is given


def header(scope: Scope, name: bytes) -> str:
    """Return a request header; nothing when it was not sent."""
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")


def client_address(scope: Scope, trusted_proxies: int) -> str:
    """Return the address of the sender.

    Each proxy we run appends the address it saw to ``X-Forwarded-For``; what stands further to
    the left was written by the sender and proves nothing.
    """
    hops = [hop.strip() for hop in header(scope, b"x-forwarded-for").split(",") if hop.strip()]
    if trusted_proxies and len(hops) >= trusted_proxies:
        return hops[-trusted_proxies]
    client = scope.get("client")
    return client[0] if client else ""


def subscriber(address: str) -> str:
    """Return what one subscriber is known by: an IPv4 address, or the prefix of an IPv6 one."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address[:45]
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return f"{IPv6Address(int(parsed) >> IPV6_HOME << IPV6_HOME)}/{IPV6_HOME}"


def cookies_of(scope: Scope) -> dict[str, str]:
    """Return the cookies of a request, as they were sent: ours need no quotes."""
    pairs = (part.partition("=") for part in header(scope, b"cookie").split(";"))
    return {name.strip(): value.strip() for name, sign, value in pairs if sign}
