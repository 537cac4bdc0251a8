"""The tables of what devices send: keys of several columns and day partitions, in plain SQL."""

from pathlib import Path

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.table import Table

ID = "2026-11-22T05:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "What devices send"
STORAGE = Path(__file__).with_name("telemetry_storage_1.sql")
NAMES = (
    "reading", "device_status", "device_alarm", "device_ledger", "device_clock", "device_last",
    "device_refused", "dirty_hour", "taken_hour", "rollup_minute", "rollup_hour", "rollup_day",
    "cold_day",
    "broker_log",
)  # fmt: skip


class Sql(Table):
    """Only runs SQL: a migration never imports today's tables, which will change."""


async def forwards() -> MigrationManager:
    manager = MigrationManager(
        migration_id=ID, app_name="telemetry_ingest", description=DESCRIPTION
    )

    async def run() -> None:
        functions, marker, rest = STORAGE.read_text(encoding="utf-8").partition(
            "-- Make the partitions"
        )
        for statement in functions.split(";\n"):
            if statement.strip():
                await Sql.raw(statement)
        await Sql.raw(marker + rest)

    async def run_backwards() -> None:
        await Sql.raw("DROP FUNCTION telemetry_day(date)")
        await Sql.raw(f"DROP TABLE {', '.join(NAMES)}")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
