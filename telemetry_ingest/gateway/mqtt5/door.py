"""Where devices connect that speak MQTT 5: who comes in, how many, and how it closes."""

import asyncio
import ipaddress
import logging
import resource
import ssl
from asyncio import StreamReader, StreamWriter, Task
from collections import Counter, defaultdict
from pathlib import Path
from uuid import UUID

from mqtt5 import DisconnectReasonCode as Code

from portal.settings import Settings
from telemetry_ingest.gateway.mqtt5 import greeting, reasons
from telemetry_ingest.gateway.mqtt5.greeting import Guest, Nobody, OldProtocol
from telemetry_ingest.gateway.mqtt5.reasons import End, NotConnected
from telemetry_ingest.gateway.mqtt5.session import Session
from telemetry_ingest.gateway.taking import Taking

logger = logging.getLogger(__name__)
# Half of the files a process may open, so that HTTPS and the database have theirs.
_FILES = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
MOST_CONNECTIONS = 10_000 if _FILES == resource.RLIM_INFINITY else min(10_000, _FILES // 2)
MOST_STRANGERS = 200  # of one address, that have not said who they are
MOST_SESSIONS = 2  # of one device: one that is broken and not noticed yet, and the new one
HANDSHAKE_S = 5.0
STOP_S = 2.0  # the server that runs us waits for three seconds
CLOSE_S = 0.5
RENEWED_S = 60.0
READ_AHEAD = 65_536


class Door:
    """Listens; one for each process. Several may listen at one port: they share who comes."""

    def __init__(self, settings: Settings, taking: Taking) -> None:
        self._host, self._port = address_of(settings)
        self._files = files_of(settings, self._host)
        self._taking = taking
        self._server: asyncio.Server | None = None
        self._renewing: Task[None] | None = None
        self._tasks: set[Task[None]] = set()
        self._strangers: Counter[str] = Counter()
        self._sessions: defaultdict[UUID, list[Session]] = defaultdict(list)

    @property
    def is_open(self) -> bool:
        """Say whether somebody may come."""
        return self._server is not None and self._server.is_serving()

    @property
    def port(self) -> int:
        """Return the port it listens at, also when the system chose it."""
        sockets = self._server.sockets if self._server is not None else ()
        return int(sockets[0].getsockname()[1]) if sockets else self._port

    @property
    def connections(self) -> int:
        """Return how many are here."""
        return len(self._tasks)

    async def start(self) -> None:
        """Listen from now on.

        Raises:
            OSError: the port is taken, or a file cannot be read.
        """
        context = _context(*self._files) if self._files else None
        self._server = await asyncio.start_server(
            self._come, self._host, self._port, ssl=context, limit=READ_AHEAD, reuse_port=True,
            ssl_handshake_timeout=HANDSHAKE_S if context else None,
        )  # fmt: skip
        if context is not None and self._files is not None:
            self._renewing = asyncio.create_task(_keep_renewed(context, *self._files))

    async def stop(self) -> None:
        """Let nobody in, answer what was read, and say goodbye to all."""
        if self._server is not None:
            self._server.close()
        if self._renewing is not None:
            self._renewing.cancel()
        for session in [one for each in self._sessions.values() for one in each]:
            session.end(End(Code.SERVER_SHUTTING_DOWN, reasons.STOPPING))
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=STOP_S)
        while self._tasks:  # strangers, and who does not take the goodbye
            for task in self._tasks:
                task.cancel()
            await asyncio.wait(self._tasks, timeout=STOP_S)

    async def _come(self, reader: StreamReader, writer: StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        address = (writer.get_extra_info("peername") or ("",))[0]
        if len(self._tasks) >= MOST_CONNECTIONS or self._strangers[address] >= MOST_STRANGERS:
            self._taking.measures.ends.labels("full").inc()
            writer.transport.abort()
            return
        self._tasks.add(task)
        try:
            guest = await self._greeted(reader, writer, address)
            if guest is not None:
                await self._kept(Session(guest, reader, writer, self._taking))
        except Exception:
            logger.exception("fault")
        finally:
            self._tasks.discard(task)
            await _closed(writer)

    async def _greeted(
        self, reader: StreamReader, writer: StreamWriter, address: str
    ) -> Guest | None:
        """Return who is let in; whoever is not was told."""
        self._strangers[address] += 1
        said = "nobody"
        try:
            guest, welcome = await greeting.greet(reader, self._taking, address)
            writer.write(welcome)
            said = "success"
        except NotConnected as refused:
            writer.write(greeting.refusal(refused))
            said = refused.code.name.lower()
        except OldProtocol:
            writer.write(greeting.OLD_REFUSAL)
            said = "old_protocol"
        except Nobody:
            pass
        else:
            return guest
        finally:
            self._taking.measures.connects.labels(said).inc()
            self._strangers[address] -= 1
            if not self._strangers[address]:
                del self._strangers[address]
        return None

    async def _kept(self, session: Session) -> None:
        """Run a session; those it takes the place of end."""
        device, name = session.guest.sender.device, session.guest.client_id
        others = self._sessions[device]
        same = [one for one in others if one.guest.client_id == name]
        for one in same or others[: len(others) + 1 - MOST_SESSIONS]:
            one.end(End(Code.SESSION_TAKEN_OVER, reasons.TAKEN_OVER))
        others.append(session)
        try:
            why = await session.run()
            self._taking.measures.ends.labels(why.name).inc()
        finally:
            others.remove(session)
            if not others:
                self._sessions.pop(device, None)


def address_of(settings: Settings) -> tuple[str, int]:
    """Return the host and the port to listen at."""
    host, _colon, port = (settings.ingest_mqtt5_listen or "").rpartition(":")
    return host.strip("[]"), int(port)


def files_of(settings: Settings, host: str) -> tuple[Path, Path] | None:
    """Return certificate and key; none where nobody else can listen.

    Raises:
        ValueError: tokens would be sent in the clear, or one of the two files is not named.
    """
    certificate, key = settings.ingest_mqtt5_certificate, settings.ingest_mqtt5_key
    if certificate is not None and key is not None:
        return certificate, key
    if certificate is not None or key is not None:
        raise ValueError("TAJHIZ_INGEST_MQTT5_CERTIFICATE and _KEY are set together, or neither.")
    if not settings.is_local and not ipaddress.ip_address(host).is_loopback:
        raise ValueError(
            "Devices would send their tokens in the clear: set TAJHIZ_INGEST_MQTT5_CERTIFICATE and "
            "TAJHIZ_INGEST_MQTT5_KEY, or listen at 127.0.0.1 behind a proxy that speaks TLS."
        )
    return None


def _context(certificate: Path, key: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    return context


async def _keep_renewed(
    context: ssl.SSLContext, certificate: Path, key: Path, *, every_s: float = RENEWED_S
) -> None:
    """Read the certificate again when its file changes: who connects then is shown the new one."""
    seen = certificate.stat().st_mtime
    while True:
        await asyncio.sleep(every_s)
        try:
            changed = certificate.stat().st_mtime
            if changed != seen:
                # Tried first: a certificate whose key does not fit takes the place of the old pair.
                _context(certificate, key)
                context.load_cert_chain(certificate, key)
                seen = changed
        except OSError as error:  # in the middle of being replaced: the old one still holds
            logger.warning("the certificate cannot be read: %s", type(error).__name__)


async def _closed(writer: StreamWriter) -> None:
    """Let what was written leave, for a moment, and close."""
    writer.close()
    try:
        async with asyncio.timeout(CLOSE_S):
            await writer.wait_closed()
    except (OSError, TimeoutError):
        writer.transport.abort()
