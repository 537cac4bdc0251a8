"""Tells Piccolo which tables documents has and where its migrations are."""

from pathlib import Path

from piccolo.conf.apps import AppConfig, table_finder

APP_CONFIG = AppConfig(
    app_name="documents",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=table_finder(["portal.documents.tables"], exclude_imported=True),
    migration_dependencies=[],
)
