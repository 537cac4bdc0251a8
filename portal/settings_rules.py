"""What a setting may hold besides its type; a refusal does not repeat it: it may be secret."""

from email.utils import parseaddr
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, TypeVar
from urllib.parse import parse_qs, urlsplit

from pydantic import AfterValidator, SecretStr
from pydantic_core import PydanticCustomError

Text = TypeVar("Text", str, SecretStr)


def address(*schemes: str) -> AfterValidator:
    """Return the check that an address has one of the schemes, a host and a port that can be."""

    def check(value: Text) -> Text:
        text = value.get_secret_value() if isinstance(value, SecretStr) else value
        _must_be_address(text, schemes)
        return value

    return AfterValidator(check)


def addresses(*schemes: str) -> AfterValidator:
    """Return the same check for the servers of a cluster, with commas between them."""

    def check(value: SecretStr) -> SecretStr:
        for one in value.get_secret_value().split(","):
            _must_be_address(one, schemes)
        return value

    return AfterValidator(check)


def _must_be_address(text: str, schemes: tuple[str, ...]) -> None:
    starts = " or ".join(f"{scheme}://" for scheme in schemes)
    try:
        parts = urlsplit(text)
        _ = parts.port  # reading it checks it
    except ValueError as error:
        raise _refusal("this is no address; percent-encode what is special in it") from error
    asked = parse_qs(parts.query)
    if parts.scheme not in schemes or not (parts.hostname or "host" in asked):
        raise _refusal(f"write an address that begins with {starts} and names a host")
    if any(not Path(file).is_file() for file in asked.get("sslrootcert", ())):
        raise _refusal("the file that sslrootcert names cannot be read")


def _public_address(text: str) -> str:
    """Check the address that people use: mails and links are made by appending to it."""
    _must_be_address(text, ("https", "http"))
    if text.endswith("/"):
        raise _refusal("write it without a slash at the end")
    return text


def _mail_sender(text: str) -> str:
    """Check that the sender of mails has an address."""
    if "@" not in parseaddr(text)[1]:
        raise _refusal("write a sender such as « Tajhiz <no-reply@example.org> »")
    return text


def _importable(names: tuple[str, ...]) -> tuple[str, ...]:
    """Check that every package is there."""
    for name in names:
        if not _exists(name):
            raise _refusal("one of the packages does not exist")
    return names


def _exists(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except (ImportError, ValueError):
        return False


def _signing_key(key: SecretStr) -> SecretStr:
    """Check that a private key is 32 bytes in hexadecimal."""
    text = key.get_secret_value()
    if len(text) != 64 or not set(text) <= set("0123456789abcdef"):
        raise _refusal("write 64 hexadecimal digits, such as « openssl rand -hex 32 » gives")
    return key


def _listening(text: str) -> str:
    """Check that it is an address of this machine and a port."""
    host, _colon, port = text.rpartition(":")
    try:
        ip_address(host.strip("[]"))
        fits = port.isdecimal() and int(port) < 65536
    except ValueError:
        fits = False
    if not fits:
        raise _refusal("write an address and a port to listen at, such as 0.0.0.0:8884")
    return text


def _refusal(text: str) -> PydanticCustomError:
    return PydanticCustomError("setting", "{text}", {"text": text})


Listening = Annotated[str, AfterValidator(_listening)]
PublicAddress = Annotated[str, AfterValidator(_public_address)]
Sender = Annotated[str, AfterValidator(_mail_sender)]
Packages = Annotated[tuple[str, ...], AfterValidator(_importable)]
SigningKey = Annotated[SecretStr, AfterValidator(_signing_key)]
