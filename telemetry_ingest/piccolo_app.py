"""What Piccolo needs to know about the tables of telemetry."""

from pathlib import Path

from piccolo.conf.apps import AppConfig, table_finder

APP_CONFIG = AppConfig(
    app_name="telemetry_ingest",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    migration_dependencies=["portal.accounts.piccolo_app", "catalog.piccolo_app"],
    table_classes=table_finder(["telemetry_ingest.tables.pilots"], exclude_imported=True),
)
