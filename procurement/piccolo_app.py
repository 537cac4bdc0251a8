"""What Piccolo needs to know about the tables of buying."""

from pathlib import Path

from piccolo.conf.apps import AppConfig, table_finder

APP_CONFIG = AppConfig(
    app_name="procurement",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    migration_dependencies=[],
    table_classes=table_finder(["procurement.tables"], exclude_imported=True),
)
