from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import Timestamptz
from piccolo.columns.column_types import Varchar
from piccolo.columns.indexes import IndexMethod
from piccolo.constraints import Check

ID = "2026-11-22T10:21:31:299676"
VERSION = "1.38.0"
DESCRIPTION = ""


async def forwards():
    manager = MigrationManager(
        migration_id=ID, app_name="telemetry_ingest", description=DESCRIPTION
    )

    manager.add_column(
        table_class_name="Quarantine",
        tablename="quarantine",
        column_name="again",
        db_column_name="again",
        column_class_name="Varchar",
        column_class=Varchar,
        params={
            "length": 20,
            "default": None,
            "null": True,
            "primary_key": False,
            "unique": False,
            "index": False,
            "index_method": IndexMethod.btree,
            "choices": None,
            "db_column_name": None,
            "secret": False,
        },
        schema=None,
    )

    manager.add_column(
        table_class_name="Quarantine",
        tablename="quarantine",
        column_name="tried_at",
        db_column_name="tried_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={
            "default": None,
            "null": True,
            "primary_key": False,
            "unique": False,
            "index": False,
            "index_method": IndexMethod.btree,
            "choices": None,
            "db_column_name": None,
            "secret": False,
        },
        schema=None,
    )

    manager.add_constraint(
        table_class_name="Quarantine",
        tablename="quarantine",
        constraint_name="again_known",
        constraint_class=Check,
        params={
            "condition": "again IN ('not_readable', 'unknown_field', 'wrong_value', 'too_large', 'wrong_topic', 'unknown_device', 'not_running', 'unknown_metric', 'time_out_of_range', 'not_storable')"
        },
        schema=None,
    )

    return manager
