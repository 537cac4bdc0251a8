"""Run the services, and nothing that needs a migrated portal, the way `make run` does.

`python -m tests.local.launcher VAR` prints one JSON line with the processes once all answer.
"""

import json
import sys
from pathlib import Path

from portal.local.process import Child, LocalTrouble
from portal.local.run import bring_up, run, say
from portal.local.supervisor import Supervisor

# A child with a child of its own, like a web server with its workers.
PARENT = """
import subprocess
child = subprocess.Popen(["sleep", "600"])
print("both run", flush=True)
child.wait()
"""


def start(var: Path, supervisor: Supervisor) -> None:
    instance = bring_up(var, supervisor)
    log = instance.places.log_of("family")
    log.unlink(missing_ok=True)
    family = Child(
        name="family",
        command=[sys.executable, "-c", PARENT],
        log=log,
        pid_file=instance.places.pid_of("family"),
        healthy=lambda: log.read_text() == "both run\n",
    )
    supervisor.start([family])
    pids = {
        watch.child.name: watch.child.process.pid
        for watch in supervisor.watches
        if watch.child.process
    }
    database = instance.postgres
    say(json.dumps({"pids": pids, "port": database.port, "data": str(database.data)}))


if __name__ == "__main__":
    try:
        sys.exit(run(Path(sys.argv[1]), start))
    except LocalTrouble as trouble:
        sys.exit(f"✗ {trouble}")
