"""Write a batch of records: compare with what is there, insert and update in bulk, mark for search.

Every function runs in the transaction of its caller, which also moves the run's position: a batch
is in the catalogue and counted, or neither.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

from catalog.importers.records import ReferenceDevice, Term
from catalog.importers.seen import fingerprint
from catalog.states import DeviceState, Origin, Source
from catalog.tables import new_id
from portal import database
from portal.search.dirty import mark_dirty

INDEX = "devices"
FLAGS = (
    "is_sterile", "is_single_use", "is_implantable", "is_active", "is_measuring", "contains_latex",
)  # fmt: skip
# What a register says about a device, with the type to send it in.
TOLD = {
    "manufacturer_name": "varchar", "name_fr": "varchar", "name_ar": "varchar",
    "name_en": "varchar", "summary_en": "text", "brand": "varchar", "reference": "varchar",
    "emdn_code": "varchar", "emdn_known": "boolean", "gmdn_term": "text", "risk_class": "varchar",
    "basic_udi": "varchar", "origin": "varchar", "country": "bpchar",
    **dict.fromkeys(FLAGS, "boolean"),
}  # fmt: skip
FIXED = ("id", "source", "source_key", "is_reference", "state", "published_at", "updated_at")
VARIANT = (
    "id", "device", "position", "name", "reference", "udi_di", "agency", "sizes", "quantity",
)  # fmt: skip
PACK = ("id", "variant", "level", "name", "contains", "udi_di", "agency")

KNOWN = """
    SELECT device.source_key, device.id, read.fingerprint
    FROM device_model device LEFT JOIN imported_record read ON read.device = device.id
    WHERE device.source = $1 AND device.source_key = ANY($2)
"""
REMEMBER = """
    INSERT INTO imported_record (device, fingerprint, run)
    SELECT device, fingerprint, $3 FROM unnest($1::uuid[], $2::bigint[]) AS u (device, fingerprint)
    ON CONFLICT (device) DO UPDATE SET fingerprint = excluded.fingerprint, run = excluded.run
"""
_TYPES = ", ".join(f"${n}::{kind}[]" for n, kind in enumerate(TOLD.values(), 2))
UPDATE = f"""
    UPDATE device_model device
    SET {", ".join(f"{name} = u.{name}" for name in TOLD)},
        version = version + 1, updated_at = now()
    FROM unnest($1::uuid[], {_TYPES}) AS u (id, {", ".join(TOLD)})
    WHERE device.id = u.id
"""  # noqa: S608 — the names are those above
UPSERT_TERMS = """
    INSERT INTO emdn_term AS term (code, parent, level, terminal, name_en, name_fr, name_ar)
    SELECT * FROM unnest($1::varchar[], $2::varchar[], $3::smallint[], $4::boolean[],
                         $5::text[], $6::text[], $7::text[])
    ON CONFLICT (code) DO UPDATE SET
        parent = excluded.parent, level = excluded.level, terminal = excluded.terminal,
        name_en = excluded.name_en, name_fr = excluded.name_fr, name_ar = excluded.name_ar
"""
TERMS = "SELECT code, terminal, name_en, name_fr, name_ar FROM emdn_term WHERE code = ANY($1)"
RECOGNISE = """
    UPDATE device_model device SET emdn_known = NOT emdn_known
    WHERE emdn_code <> ''
      AND emdn_known <> EXISTS (SELECT FROM emdn_term WHERE code = device.emdn_code)
    RETURNING id
"""


Pair = tuple[UUID, ReferenceDevice]


@dataclass(frozen=True)
class Written:
    """What became of the records of one batch."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0


async def write_devices(batch: Sequence[ReferenceDevice], run: UUID) -> Written:
    """Write devices of one register; those that read as last time are left alone."""
    if not batch:
        return Written()
    source = batch[0].source
    rows = await database.fetch(KNOWN, source.value, [record.key for record in batch])
    known = {row["source_key"]: (row["id"], row["fingerprint"]) for row in rows}
    codes = await _known_codes({record.emdn for record in batch if record.emdn})
    created: list[Pair] = []
    changed: list[Pair] = []
    marks: dict[UUID, int] = {}
    for record in batch:
        mark = fingerprint(msgspec.json.encode(record))
        device, before = known.get(record.key, (None, None))
        if device is not None and before == mark:
            continue
        pair = (device or new_id(), record)
        (changed if device else created).append(pair)
        marks[pair[0]] = mark
    await _insert(created, source, codes)
    await _update(changed, codes)
    await _insert_variants([*created, *changed])
    if marks:
        await database.fetch(REMEMBER, list(marks), list(marks.values()), run)
        await mark_dirty(INDEX, list(marks))
    return Written(len(created), len(changed), len(batch) - len(created) - len(changed))


async def _known_codes(codes: set[str]) -> set[str]:
    rows = await database.fetch("SELECT code FROM emdn_term WHERE code = ANY($1)", list(codes))
    return {row["code"] for row in rows}


def _told(record: ReferenceDevice, codes: set[str]) -> tuple[Any, ...]:
    """Return the values of the columns of ``TOLD``."""
    # A maker established in Morocco may make the device anywhere: that is not said here.
    origin = Origin.UNKNOWN if record.country == "MA" else Origin.FOREIGN
    return (
        record.maker, *(record.names.get(language, "") for language in ("fr", "ar", "en")),
        record.summary_en, record.brand, record.reference, record.emdn, record.emdn in codes,
        record.gmdn, record.risk_class.value, record.basic_udi, origin.value, record.country,
        *(record.flags.get(flag) for flag in FLAGS),
    )  # fmt: skip


async def _insert(created: list[Pair], source: Source, codes: set[str]) -> None:
    now = datetime.now(UTC)
    state = DeviceState.PUBLISHED.value
    await copy(
        "device_model",
        (*FIXED, *TOLD),
        [
            (device, source.value, record.key, True, state, now, now, *_told(record, codes))
            for device, record in created
        ],
    )


async def _update(changed: list[Pair], codes: set[str]) -> None:
    if not changed:
        return
    columns = zip(*(_told(record, codes) for _, record in changed), strict=True)
    ids = [device for device, _ in changed]
    await database.fetch(UPDATE, ids, *(list(column) for column in columns))
    await database.fetch("DELETE FROM device_variant WHERE device = ANY($1)", ids)


async def _insert_variants(written: list[Pair]) -> None:
    variants, packs = [], []
    for device, record in written:
        for position, one in enumerate(record.variants):
            variant = new_id()
            agency = one.agency.value
            variants.append(
                (variant, device, position, one.name, one.reference, one.udi_di or None, agency, one.sizes, one.quantity)  # noqa: E501
            )  # fmt: skip
            for pack in one.packs:
                packs.append(
                    (new_id(), variant, pack.level, pack.name, pack.contains, pack.udi_di, pack.agency.value)  # noqa: E501
                )  # fmt: skip
    await copy("device_variant", VARIANT, variants)
    await copy("packaging", PACK, packs)


async def copy(table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows by COPY, in the present transaction."""
    current = database.DB.current_transaction.get()
    assert current is not None, "COPY belongs into a transaction"
    if rows:
        await current.connection.copy_records_to_table(table, records=rows, columns=list(columns))


async def write_terms(batch: Sequence[Term], run: UUID) -> Written:
    """Write terms of the nomenclature; a language the file does not have keeps its names."""
    rows = await database.fetch(TERMS, [term.code for term in batch])
    before = {row["code"]: tuple(row)[1:] for row in rows}
    wanted: list[tuple[Any, ...]] = []
    created = 0
    for term in batch:
        old = before.get(term.code)
        terminal, *names = old or (False, "", "", "")
        terminal = terminal if term.terminal is None else term.terminal
        names = [
            term.names.get(language) or name
            for language, name in zip(("en", "fr", "ar"), names, strict=True)
        ]
        if old != (terminal, *names):
            created += old is None
            wanted.append((term.code, term.parent, term.level, terminal, *names))
    if wanted:
        await database.fetch(UPSERT_TERMS, *(list(column) for column in zip(*wanted, strict=True)))
        await _mark_devices_of([row[0] for row in wanted])
    return Written(created, len(wanted) - created, len(batch) - len(wanted))


async def _mark_devices_of(codes: list[str]) -> None:
    rows = await database.fetch("SELECT id FROM device_model WHERE emdn_code = ANY($1)", codes)
    await mark_dirty(INDEX, [row["id"] for row in rows])


async def recognise_codes() -> int:
    """Set the « known code » flag of every device right after the nomenclature changed."""
    rows = await database.fetch(RECOGNISE)
    await mark_dirty(INDEX, [row["id"] for row in rows])
    return len(rows)
