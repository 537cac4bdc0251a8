import os
import subprocess

from portal.local.postgres import binaries
from tests.services import services


def test_a_dump_restores_what_was_there_as_the_manual_says(tmp_path):
    mine = services()
    database = mine.new_database("saved").rpartition("/")[2].partition("?")[0]
    postgres = mine.running.postgres
    restored = f"restored_{mine.worker}"
    environment = {**os.environ, **postgres.environment(), "PGDATABASE": database}

    def tool(*command: str) -> str:
        return subprocess.run(
            [binaries() / command[0], *command[1:]],
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    tables = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"
    tool(
        "psql",
        "-c",
        "CREATE TABLE kept AS SELECT 'é ع'::text AS word, n FROM generate_series(1, 9) n",
    )

    tool("pg_dump", "-Fc", "-f", str(tmp_path / "tajhiz.dump"))
    tool("createdb", restored)
    tool(
        "pg_restore", "--exit-on-error", "--no-owner", "-d", restored, str(tmp_path / "tajhiz.dump")
    )

    for question in (tables, "SELECT word, n FROM kept ORDER BY n"):
        assert tool("psql", "-At", "-d", restored, "-c", question) == tool(
            "psql", "-At", "-c", question
        )
    tool("dropdb", restored)
