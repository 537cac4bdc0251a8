import json
import subprocess
import sys

from portal import database
from portal.audit.actions import record
from portal.audit.queries import newest
from portal.permissions import SYSTEM


async def note(**details: object) -> None:
    async with database.transaction():
        await record("device.moved", subject=("device", "1"), actor=SYSTEM, **details)


async def test_the_command_exports_and_verifies(db, tmp_path):
    for number in range(3):
        await note(number=number)
    head = (await newest()).digest
    file = tmp_path / "audit.ndjson"

    def run(*arguments: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "portal.cli", "audit", *arguments],
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout

    assert run("export", str(file)) == (0, "")
    assert run("verify", str(file), "--head", head) == (0, f"INTACT: 3 records, head {head}\n")
    assert run("verify", "--database") == (0, f"INTACT: 3 records, head {head}\n")
    assert run("head") == (0, f"3 {head}\n")
    assert run("verify")[0] == 2

    lines = file.read_bytes().splitlines()
    changed = json.loads(lines[1])
    changed["record"]["details"]["number"] = 7
    file.write_bytes(b"\n".join([lines[0], json.dumps(changed).encode(), lines[2]]))
    code, text = run("verify", str(file))
    assert (code, text.startswith("BROKEN at line 2 (record 2): what the record says")) == (1, True)
