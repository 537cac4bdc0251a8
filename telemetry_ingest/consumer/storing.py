"""One batch, one transaction: readings by COPY, and all that follows from them.

COPY is all or nothing. Nearly every batch is new; one with something that is already there goes
through a temporary table instead. Locks of rows that several workers share come last and in order.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg
from msgspec import Struct

from telemetry_ingest.consumer import ledger, statements
from telemetry_ingest.consumer.batch import Batch, Held
from telemetry_ingest.consumer.following import HOUR_US, MINUTE_US, Hour, Item
from telemetry_ingest.states import Topic
from telemetry_ingest.wire.messages import AlarmMessage, StatusMessage

log = logging.getLogger(__name__)

Connection = Any  # asyncpg's stubs know two kinds of connection that are one
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_DAY = date(1970, 1, 1)
COLUMNS = ("device", "metric", "at", "boot", "seq", "value")
PIECE = 1 << 18
CONNECT_S = 10.0
END_S = 1.0


class Stored(Struct, frozen=True):
    """What a batch changed: rows that are new, readings that were there already."""

    readings: int
    repeated: int
    refused: int


class Stuck(ConnectionError):
    """The database did not answer in time; whether it committed is not known."""


class Store:
    """One connection; for one task at a time."""

    def __init__(self, dsn: str, *, patience_s: float = 30.0, most_held: int = 10_000) -> None:
        self._dsn = dsn
        self._patience_s = patience_s
        self._most_held = most_held
        self._connection: Connection | None = None
        self._days: set[int] = set()

    async def store(self, batch: Batch) -> Stored:
        """Write a batch and commit it; writing it again changes nothing.

        Raises:
            Stuck: it took too long; the connection is given up.
            asyncpg.PostgresError: the database refuses.
            OSError: there is no database.
        """
        # Not `wait_for`: it would wait for the task to end, and COPY may hang when it is cancelled.
        task = asyncio.ensure_future(self._store(batch))
        try:
            done, _ = await asyncio.wait({task}, timeout=self._patience_s)
        except asyncio.CancelledError:
            await self._give_up(task)
            raise
        if not done:
            await self._give_up(task)
            raise Stuck(f"no answer within {self._patience_s:.0f} s")
        if task.exception() is not None:
            self._after(task.exception())
        return task.result()

    async def close(self) -> None:
        """End the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):
                await connection.close(timeout=END_S)

    async def fetch(self, sql: str, *values: object) -> list[Any]:
        """Return the rows of a query."""
        connection = await self._ready()
        return list(await connection.fetch(sql, *values, timeout=CONNECT_S))

    def _after(self, error: BaseException | None) -> None:
        """Give the connection up unless the database said what is wrong and goes on."""
        if isinstance(error, asyncpg.PostgresError) and not error.sqlstate.startswith(("08", "57")):
            self._days.clear()  # a day may have been moved away
            return
        self._drop()

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):
                connection.terminate()

    async def _give_up(self, task: asyncio.Future[Stored]) -> None:
        self._drop()
        task.cancel()
        await asyncio.wait({task}, timeout=END_S)
        if task.done() and not task.cancelled():
            task.exception()  # looked at, so that nobody complains

    async def _ready(self) -> Connection:
        if self._connection is None or self._connection.is_closed():
            self._connection = await asyncpg.connect(
                self._dsn,
                timeout=CONNECT_S,
                # An acknowledged reading is on the disk, whatever the server's usual setting.
                server_settings={
                    "synchronous_commit": "on", "application_name": "tajhiz ingest",
                },
            )  # fmt: skip
            self._days.clear()
            await self._connection.execute(statements.INCOMING)
        return self._connection

    async def _store(self, batch: Batch) -> Stored:
        connection = await self._ready()
        if batch.readings:
            await self._make_days(connection, {hour // 24 for _device, hour in batch.hours()})
        try:
            return await self._write(connection, batch, again=False)
        except asyncpg.UniqueViolationError:
            return await self._write(connection, batch, again=True)

    async def _make_days(self, connection: Connection, days: set[int]) -> None:
        """Make the partitions, each in a transaction of its own: it locks the table for all."""
        for day in sorted(days - self._days):
            await connection.execute(statements.DAY, FIRST_DAY + timedelta(days=day))
            self._days.add(day)

    async def _write(self, connection: Connection, batch: Batch, *, again: bool) -> Stored:
        async with connection.transaction():
            fresh: set[Item] | None = None  # all of them: COPY would have failed
            if batch.readings and again:
                fresh = await self._merge(connection, batch)
            elif batch.readings:
                await copy(connection, "reading", batch)
            said = await _statements(connection, batch)
            refused = await self._refuse(connection, batch)
            await _follow(connection, batch, fresh, said)
        readings = batch.readings if fresh is None else len(fresh)
        return Stored(readings, batch.readings - readings, refused)

    async def _merge(self, connection: Connection, batch: Batch) -> set[Item]:
        await copy(connection, "incoming", batch)
        rows = await connection.fetch(statements.MERGE)
        topic = Topic.READINGS.value
        return {(device, topic, boot, seq, _us(at)) for device, boot, seq, at in rows}

    async def _refuse(self, connection: Connection, batch: Batch) -> int:
        """Put refused messages into the quarantine and count those that were not there."""
        if not batch.held:
            return 0
        full = await self._full(connection, batch.held)
        keep = {
            (one.subject, one.digest): one for one in batch.held if one.device_id not in full
        }  # fmt: skip
        held = sorted(keep.values(), key=lambda one: (one.subject, one.digest))
        rows = await connection.fetch(
            statements.QUARANTINE,
            [one.device_id for one in held], [one.subject for one in held],
            [one.reason.value for one in held], [one.name for one in held],
            [one.digest for one in held], [one.content for one in held],
            [_at(one.received_us) for one in held],
        )  # fmt: skip
        # What is beyond the quarantine's limit is only counted, and again if it comes again.
        counted = [keep[row["subject"], row["digest"]] for row in rows]
        counted += [one for one in batch.held if one.device_id in full]
        found = sorted(batch.refusals(counted).items())
        await connection.execute(
            statements.REFUSED,
            [key[0] for key, _ in found], [FIRST_DAY + timedelta(days=key[1]) for key, _ in found],
            [key[2].value for key, _ in found], [key[3] for key, _ in found],
            [times for _, times in found],
        )  # fmt: skip
        return sum(times for _, times in found)

    async def _full(self, connection: Connection, held: Sequence[Held]) -> set[object]:
        devices = {one.device_id for one in held}
        rows = await connection.fetch(statements.HELD, list(devices - {None}), None in devices)
        return {row["device"] for row in rows if row["held"] >= self._most_held}


async def copy(connection: Connection, table: str, batch: Batch) -> None:
    """Send the readings of a batch to a table."""
    # An iterator is sent as it is; a file would be read by a thread.
    await connection.copy_to_table(
        table, source=_pieces(batch.content()), columns=COLUMNS, format="binary"
    )


async def _pieces(content: bytes) -> AsyncIterator[bytes]:
    for begin in range(0, len(content), PIECE):
        yield content[begin : begin + PIECE]


async def _statements(connection: Connection, batch: Batch) -> set[Item]:
    """Store what devices say of themselves; return what is new."""
    new: set[Item] = set()
    told = [(one, one.message) for one in batch.said]
    status = [(one, said) for one, said in told if isinstance(said, StatusMessage)]
    alarms = [(one, said) for one, said in told if isinstance(said, AlarmMessage)]
    if status:
        rows = await connection.fetch(
            statements.STATUS,
            *_columns([(one.device.number, _at(said.at), said.boot, said.seq, said.state.value,
                        said.firmware or "") for one, said in status], 6),
        )  # fmt: skip
        new |= {(row[0], Topic.STATUS.value, row[1], row[2], _us(row[3])) for row in rows}
    if alarms:
        rows = await connection.fetch(
            statements.ALARM,
            *_columns([(one.device.number, _at(said.at), said.boot, said.seq, one.code,
                        said.priority.value, said.active) for one, said in alarms], 7),
        )  # fmt: skip
        new |= {(row[0], Topic.ALARMS.value, row[1], row[2], _us(row[3])) for row in rows}
    return new


async def _follow(
    connection: Connection, batch: Batch, fresh: set[Item] | None, said: set[Item]
) -> None:
    """Write what follows from the rows; of the readings ``fresh`` are new, or all of them."""
    ledgers = [
        (*key, ledger.written(one.ranges), _at(one.first_us), _at(one.last_us),
         _at(one.received_us))
        for key, one in sorted(batch.ledger().items())
    ]  # fmt: skip
    clock = [
        (device, _at(minute * MINUTE_US), offset, count)
        for (device, minute), (offset, count) in sorted(batch.clock(fresh, said).items())
    ]
    last = [
        (*key, _at(at), boot, seq, value, _at(received))
        for key, (at, boot, seq, value, received) in sorted(batch.last().items())
    ]
    hours = [(device, _at(hour * HOUR_US)) for device, hour in sorted(_touched(batch, fresh, said))]
    if ledgers:
        await connection.execute(
            statements.FOLLOW,
            *_columns(ledgers, 7), *_columns(clock, 4), *_columns(last, 7), *_columns(hours, 2),
        )  # fmt: skip


def _touched(batch: Batch, fresh: set[Item] | None, said: set[Item]) -> set[Hour]:
    """Return the hours that something new belongs to."""
    new = {item for item in said if item[1] == Topic.STATUS} | (fresh or set())
    found = {(item[0], item[4] // HOUR_US) for item in new}
    return found | batch.hours() if fresh is None else found


def _columns(rows: Sequence[tuple[Any, ...]], width: int) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(width)]


def _at(us: int) -> datetime:
    return EPOCH + timedelta(microseconds=us)


def _us(at: datetime) -> int:
    return (at - EPOCH) // timedelta(microseconds=1)
