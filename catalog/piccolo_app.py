"""What Piccolo needs to know about the catalogue's tables."""

from pathlib import Path

from piccolo.conf.apps import AppConfig, table_finder

APP_CONFIG = AppConfig(
    app_name="catalog",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    migration_dependencies=["portal.accounts.piccolo_app", "portal.documents.piccolo_app"],
    table_classes=table_finder(["catalog.tables"], exclude_imported=False),
)
