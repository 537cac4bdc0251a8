"""The database is what the tables say, and takes every state there is."""

import re
from enum import StrEnum
from importlib import import_module

import pytest
from piccolo.apps.migrations.commands.new import AutoMigrationManager
from piccolo.conf.apps import Finder

from portal import database
from portal.settings import get_settings
from tests.sources import FLOORS, ROOT, hidden, name

APPS = sorted(
    config.app_name
    for config in Finder().get_app_registry().app_configs.values()
    if config.table_classes
)
MIGRATIONS = sorted(
    path
    for path in ROOT.glob("**/piccolo_migrations/*.py")
    if path.name != "__init__.py" and not hidden(path)
)


@pytest.mark.parametrize("app_name", APPS)
async def test_the_migrations_say_what_the_tables_say(app_name, db):
    missing = await AutoMigrationManager().get_alter_statements(Finder().get_app_config(app_name))

    assert [statement for group in missing for statement in group.statements] == []


@pytest.mark.parametrize("path", MIGRATIONS, ids=name)
def test_a_migration_never_imports_todays_tables(path):
    text = path.read_text(encoding="utf-8")

    lines = [line.split() for line in text.splitlines() if line.startswith(("from ", "import "))]
    assert [line[1] for line in lines if line[1].split(".")[0] in FLOORS] == []


def enums() -> list[type[StrEnum]]:
    """Return the closed lists of the packages."""
    modules = ["portal.permissions"]
    for package in get_settings().packages:
        folder = ROOT / package.replace(".", "/")
        modules += [
            f"{package}.{one}" for one in ("states", "kinds") if (folder / f"{one}.py").exists()
        ]
    found = [value for module in modules for value in vars(import_module(module)).values()]
    return [
        one
        for one in found
        if isinstance(one, type) and issubclass(one, StrEnum) and one is not StrEnum
    ]


# Closed lists that are words of one module, not states.
PLAIN = [{"confirm", "reset"}]


async def closed_columns() -> dict[tuple[str, str], set[str]]:
    """Return the values that a CHECK lists for a column, by table and constraint."""
    rows = await database.fetch(
        "SELECT conrelid::regclass::text AS place, conname, pg_get_constraintdef(oid) AS rule"
        " FROM pg_constraint WHERE contype = 'c' AND connamespace = 'public'::regnamespace"
    )
    return {
        (row["place"], row["conname"]): set(
            re.findall(r"'([^']+)'::character varying", row["rule"])
        )
        or set(re.findall(r"'([^']+)'::text", row["rule"]))
        for row in rows
        if "ANY" in row["rule"] and "ARRAY" in row["rule"] and "::character varying" in row["rule"]
    }


async def test_the_database_takes_every_member_of_a_closed_list_and_no_other(db):
    known = [*PLAIN, *({one.value for one in enum} for enum in enums())]

    odd = {
        place: values for place, values in (await closed_columns()).items() if values not in known
    }

    assert odd == {}
