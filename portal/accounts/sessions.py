"""Who is signed in, kept in Valkey: the browser has a random token, we have only its digest."""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

import msgspec
from valkey.asyncio import Valkey

from portal.accounts.sealing import digest, new_token
from portal.settings import Settings

SECOND_STEP_S = 10 * 60  # between the password and the code
AGENT_LENGTH = 200
WRITE_EVERY_S = 60  # « last seen » is exact to the minute, so that reading a page writes nothing


class Session(msgspec.Struct, frozen=True):
    """One browser of one person. ``complete`` is false until the second factor was given."""

    key: str
    person_id: UUID
    complete: bool
    opened_at: float
    seen_at: float
    agent: str
    address: str


@dataclass(frozen=True)
class Browser:
    """What the list of sessions shows about where somebody signed in."""

    agent: str
    address: str


def shortened(address: str) -> str:
    """Return enough of an address to recognise the place: it is personal data (law 09-08)."""
    if ":" in address:
        return ":".join(address.split(":")[:3]) + "::"
    parts = address.split(".")
    return ".".join([*parts[:3], "0"]) if len(parts) == 4 else address


@dataclass(frozen=True)
class Sessions:
    """The sessions of everybody, with the limits of this deployment."""

    valkey: Valkey
    idle_s: int
    absolute_s: int

    @classmethod
    def of(cls, valkey: Valkey, settings: Settings) -> "Sessions":
        """Return the sessions with the limits of the settings."""
        return cls(valkey, settings.session_idle_s, settings.session_absolute_s)

    async def open(
        self, person_id: UUID, browser: Browser, now: datetime, *, complete: bool = True
    ) -> str:
        """Start a session and return the token for the browser's cookie."""
        token = new_token()
        at = now.timestamp()
        session = Session(
            key=digest(token).hex(),
            person_id=person_id,
            complete=complete,
            opened_at=at,
            seen_at=at,
            agent=browser.agent[:AGENT_LENGTH],
            address=shortened(browser.address),
        )
        await self._write(session, now)
        if complete:
            await cast("Awaitable[int]", self.valkey.sadd(_people(person_id), session.key))
            await self.valkey.expire(_people(person_id), self.absolute_s)
        return token

    async def find(self, token: str, now: datetime) -> Session | None:
        """Return the session of a token, if it is neither idle for too long nor too old."""
        session = await self._read(digest(token).hex(), now)
        if session and now.timestamp() - session.seen_at >= min(WRITE_EVERY_S, self.idle_s / 4):
            session = msgspec.structs.replace(session, seen_at=now.timestamp())
            await self._write(session, now, only_existing=True)
        return session

    async def all_of(self, person_id: UUID, now: datetime) -> list[Session]:
        """Return the person's sessions, the last used first."""
        keys = await self._keys(person_id)
        found = [await self._read(key, now) for key in keys]
        return sorted((one for one in found if one), key=lambda one: -one.seen_at)

    async def close(self, person_id: UUID, key: str) -> bool:
        """End one session of this person; say whether it was there and theirs."""
        raw = await self.valkey.get(_one(key))
        if raw is None or _decode(raw).person_id != person_id:
            return False
        await self.valkey.delete(_one(key))
        await cast("Awaitable[int]", self.valkey.srem(_people(person_id), key))
        return True

    async def close_all(self, person_id: UUID, *, but: str | None = None) -> None:
        """End every session of this person, except the one with the key ``but``."""
        for key in await self._keys(person_id):
            if key != but:
                await self.close(person_id, key)

    async def _keys(self, person_id: UUID) -> list[str]:
        found = self.valkey.smembers(_people(person_id))
        return [key.decode() for key in await cast("Awaitable[set[bytes]]", found)]

    async def _read(self, key: str, now: datetime) -> Session | None:
        raw = await self.valkey.get(_one(key))
        if raw is None:
            return None
        session = _decode(raw)
        if self._left_s(session, now) > 0:
            return session
        await self.close(session.person_id, key)
        return None

    def _left_s(self, session: Session, now: datetime) -> float:
        at = now.timestamp()
        left = min(session.seen_at + self.idle_s - at, session.opened_at + self.absolute_s - at)
        return left if session.complete else min(left, session.opened_at + SECOND_STEP_S - at)

    async def _write(self, session: Session, now: datetime, *, only_existing: bool = False) -> None:
        left_s = max(1, int(self._left_s(session, now)))
        # A session that was closed meanwhile must not come back.
        await self.valkey.set(
            _one(session.key), msgspec.msgpack.encode(session), ex=left_s, xx=only_existing
        )


def _decode(raw: bytes) -> Session:
    return msgspec.msgpack.decode(raw, type=Session)


def _one(key: str) -> str:
    return f"session:{key}"


def _people(person_id: UUID) -> str:
    return f"sessions:{person_id}"
