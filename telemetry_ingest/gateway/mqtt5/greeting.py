"""The first packet of a connection and the answer to it: who is there, and what they may do."""

import secrets
from asyncio import StreamReader, timeout

from mqtt5 import ConnAckPacket, ConnAckReasonCode, ConnectPacket, QoS
from msgspec import Struct

from telemetry_ingest.broker.callout import may_be_called
from telemetry_ingest.gateway import problems
from telemetry_ingest.gateway.entry import Sender
from telemetry_ingest.gateway.mqtt5 import packets, reasons
from telemetry_ingest.gateway.mqtt5.packets import Malformed
from telemetry_ingest.gateway.mqtt5.reasons import NotConnected
from telemetry_ingest.gateway.problems import Problem
from telemetry_ingest.gateway.taking import Taking
from telemetry_ingest.states import Topic
from telemetry_ingest.wire import MOST_BYTES

CONNECT_S = 5.0  # to say who one is: until then a connection is a stranger's
MOST_CONNECT = 8_192
MOST_KEEP_ALIVE_S = 300
MOST_PACKET = MOST_BYTES + 4_096  # the largest message, with its topic and properties
ALIASES = len(Topic)
# Messages a device may send ahead. Who sends more, as paho may, is not punished: they wait in the
# line, and no more than « taking.MOST_OF_ONE » are in hand.
SENT_AHEAD = 32
# CONNACK of MQTT 3.1.1: « unacceptable protocol version ». Such devices speak with the broker.
OLD_REFUSAL = bytes([0x20, 2, 0, 1])


class OldProtocol(Exception):
    """MQTT 3.1.1 or older: the broker speaks it."""


class Nobody(Exception):
    """What came is no CONNECT: there is nothing to answer."""


class Guest(Struct, frozen=True):
    """A device that was let in.

    Attributes:
        authorization: what it showed, as HTTPS has it; looked at again with each message.
        explained: whether it wants to read why a message is refused.
        most_size: the largest packet it takes.
    """

    sender: Sender
    authorization: bytes
    address: str
    client_id: str
    keep_alive_s: int
    explained: bool
    most_size: int | None


async def greet(reader: StreamReader, taking: Taking, address: str) -> tuple[Guest, bytes]:
    """Read who is there, and return that with the answer to it.

    Raises:
        NotConnected: they are not let in, and are told why.
        OldProtocol: they speak MQTT 3.1.1.
        Nobody: they do not speak MQTT, or not in time.
    """
    said = await _connect(reader)
    guest = await _let_in(said, taking, address)
    return guest, _welcome(said, guest).write()


async def _connect(reader: StreamReader) -> ConnectPacket:
    try:
        async with timeout(CONNECT_S):
            begun = await packets.heading(reader)
            if begun.kind != packets.CONNECT:
                raise Nobody
            if begun.size > MOST_CONNECT:
                raise NotConnected(ConnAckReasonCode.PACKET_TOO_LARGE, "")
            rest = await reader.readexactly(begun.size)
    except (Malformed, TimeoutError, EOFError, OSError):
        raise Nobody from None
    spoken = packets.level(rest)
    if spoken in packets.OLD_LEVELS:
        raise OldProtocol
    if spoken not in (packets.LEVEL, packets.NO_LEVEL):
        raise NotConnected(ConnAckReasonCode.UNSUPPORTED_PROTOCOL_VERSION, "")
    try:
        said = packets.packet(begun, rest)
    except Malformed as error:
        raise NotConnected(ConnAckReasonCode.MALFORMED_PACKET, str(error)) from None
    assert isinstance(said, ConnectPacket)
    return said


async def _let_in(said: ConnectPacket, taking: Taking, address: str) -> Guest:
    if said.authentication_method is not None:
        raise NotConnected(ConnAckReasonCode.BAD_AUTHENTICATION_METHOD, "")
    user, token = said.username or "", (said.password or b"").decode("latin-1")
    authorization = f"Bearer {user}.{token}".encode()
    try:
        sender = await taking.admitted(authorization, lambda: address)
        if not taking.publisher.connected:
            raise problems.not_kept()
    except Problem as problem:
        raise reasons.refused(problem) from None
    if said.will is not None:
        raise NotConnected(ConnAckReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, reasons.NO_WILL)
    if said.client_id and not may_be_called(said.client_id, sender.device):
        raise NotConnected(ConnAckReasonCode.CLIENT_ID_NOT_VALID, reasons.CLIENT_ID)
    return Guest(
        sender=sender,
        authorization=authorization,
        address=address,
        client_id=said.client_id or secrets.token_hex(11),
        keep_alive_s=min(said.keep_alive or MOST_KEEP_ALIVE_S, MOST_KEEP_ALIVE_S),
        explained=said.request_problem_info,
        most_size=said.max_packet_size,
    )


def _welcome(said: ConnectPacket, guest: Guest) -> ConnAckPacket:
    return ConnAckPacket(
        # Nothing of a connection outlives it: what has no PUBACK is sent again.
        session_expiry_interval=0 if said.session_expiry_interval else None,
        assigned_client_id=None if said.client_id else guest.client_id,
        server_keep_alive=None if guest.keep_alive_s == said.keep_alive else guest.keep_alive_s,
        receive_max=SENT_AHEAD,
        max_packet_size=MOST_PACKET,
        topic_alias_max=ALIASES,
        max_qos=QoS.AT_LEAST_ONCE,
        retain_available=False,
        wildcard_subscription_available=False,
        subscription_id_available=False,
        shared_subscription_available=False,
    )


def refusal(refused: NotConnected) -> bytes:
    """Return the CONNACK to somebody who is not let in."""
    return ConnAckPacket(reason_code=refused.code, reason_str=refused.words or None).write()
