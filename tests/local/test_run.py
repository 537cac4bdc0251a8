import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress

import pytest

from portal.local.instance import ROOT
from portal.local.places import reachable
from portal.local.postgres import Postgres
from portal.local.process import started_at
from tests.local.conftest import PORT_SHIFT, children_of, gone, python_for_everybody, running

NOBODY = 65534


def psql(launched: dict, launcher, statement: str) -> str:
    from portal.local.places import Places

    return Postgres(Places(launcher.var), launched["port"]).sql(statement, "tajhiz")


def test_killed_hard_no_process_is_left(launcher):
    launched = launcher.start()
    everybody = launched["pids"] | children_of(launched["pids"]["family"])
    everybody |= children_of(launched["pids"]["postgres"])
    assert running(everybody) == list(everybody)

    launcher.process.kill()

    assert gone(everybody)


def test_killed_hard_the_next_start_has_the_data(launcher):
    launched = launcher.start()
    psql(launched, launcher, "CREATE TABLE kept (a int); INSERT INTO kept VALUES (7)")
    launcher.process.kill()

    again = launcher.start()

    assert psql(again, launcher, "SELECT a FROM kept") == "7"
    assert again["pids"].keys() == launched["pids"].keys()


def test_everything_killed_hard_at_once_the_next_start_recovers(launcher):
    launched = launcher.start()
    psql(launched, launcher, "CREATE TABLE kept (a int); INSERT INTO kept VALUES (7)")
    everybody = launched["pids"] | children_of(launched["pids"]["family"])
    for pid in (launcher.process.pid, *launched["pids"].values()):
        os.kill(pid, signal.SIGKILL)

    again = launcher.start()

    assert psql(again, launcher, "SELECT a FROM kept") == "7"
    assert gone(everybody)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_asked_to_stop_it_stops_all_in_order(launcher, number):
    launched = launcher.start()
    everybody = launched["pids"] | children_of(launched["pids"]["family"])

    launcher.process.send_signal(number)
    said, _ = launcher.process.communicate(timeout=20)

    assert launcher.process.returncode == 0
    assert said.splitlines()[-1] == "Stopped. « make run » starts again where you left off."
    assert running(everybody) == []
    assert list((launcher.var / "run").glob("*.pid")) == []


def test_it_stops_with_the_make_that_started_it(launcher):
    script = (
        "import subprocess, sys;"
        "from portal.local.supervisor import stop_with_parent;"
        f"subprocess.run([sys.executable, '-c', {STOPS_WITH_PARENT!r}, sys.argv[1]])"
    )
    make = subprocess.Popen(
        [sys.executable, "-c", script, str(launcher.var)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    launcher.runs.append(make)
    assert make.stdout.readline().startswith("{")
    everybody = children_of(make.pid)

    make.kill()

    assert gone(everybody)


STOPS_WITH_PARENT = """
import sys
from pathlib import Path
from portal.local.run import run
from portal.local.supervisor import stop_with_parent
from tests.local.launcher import start
stop_with_parent()
run(Path(sys.argv[1]), start)
"""


@pytest.mark.parametrize("name", ["postgres", "valkey", "nats", "mail", "family"])
def test_a_child_that_crashes_is_started_again(launcher, name):
    launched = launcher.start()
    killed = launched["pids"][name]
    others = {other: pid for other, pid in launched["pids"].items() if other != name}

    os.kill(killed, signal.SIGKILL)
    fresh = _steady_pid(launcher, name, killed)

    assert started_at(fresh) != ""
    assert running(others) == list(others)


def _steady_pid(launcher, name: str, killed: int) -> int:
    """Return the number of the process that replaced the killed one and has run for a while."""
    file = launcher.var / "run" / f"{name}.pid"
    seen, since = killed, time.monotonic()
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        number, *_ = file.read_text().split() if file.exists() else ["0"]
        if int(number) != seen:
            seen, since = int(number), time.monotonic()
        if seen not in (0, killed) and started_at(seen) and time.monotonic() - since > 0.5:
            return seen
        time.sleep(0.02)
    raise AssertionError(f"{name} was not started again")


def test_two_at_once_in_one_folder_are_refused_in_one_sentence(launcher):
    launcher.start()

    second = subprocess.run(
        [sys.executable, "-m", "tests.local.launcher", str(launcher.var)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert second.returncode == 1
    assert second.stderr == (
        f"✗ The portal of this clone runs already (process {launcher.process.pid}): use that one, "
        "or stop it with Ctrl-C in its terminal.\n"
    )


def test_ports_that_are_taken_are_left_alone(launcher):
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with suppress(OSError):  # somebody else has it already: just as good
            other.bind(("127.0.0.1", 5432 + PORT_SHIFT))
        other.listen()

        launched = launcher.start()

    assert launched["port"] == 5433 + PORT_SHIFT
    assert psql(launched, launcher, "SELECT 1") == "1"


def test_a_number_given_to_another_process_since_is_not_killed(launcher):
    (launcher.var / "run").mkdir(parents=True)
    with subprocess.Popen(["sleep", "60"]) as bystander:
        (launcher.var / "run" / "valkey.pid").write_text(f"{bystander.pid} 1\n")

        launcher.start()

        assert bystander.poll() is None
        bystander.kill()


def test_a_lock_of_postgres_with_a_reused_number_is_no_obstacle(launcher):
    launched = launcher.start()
    launcher.process.kill()
    assert gone(launched["pids"])
    launcher.process.communicate()
    with subprocess.Popen(["sleep", "60"], user=NOBODY if os.geteuid() == 0 else None) as bystander:
        (launcher.var / "postgres/data/postmaster.pid").write_text(f"{bystander.pid}\n/tmp\n")

        again = launcher.start()

        assert psql(again, launcher, "SELECT 1") == "1"
        bystander.kill()


def test_an_ordinary_account_needs_nothing_more(launcher):
    if os.geteuid() == 0:
        python = python_for_everybody()
        if python is None or not reachable(ROOT):
            pytest.skip(f"an ordinary account may not use {sys.executable} or {ROOT}")
        launcher.user, launcher.python = NOBODY, python
        os.chown(launcher.var.parent, NOBODY, NOBODY)

    launched = launcher.start()

    assert os.stat(f"/proc/{launched['pids']['postgres']}").st_uid == (
        launcher.user or os.geteuid()
    )


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs a second account")
def test_root_in_a_closed_folder_keeps_the_database_outside(launcher):
    launcher.var.parent.chmod(0o700)

    launched = launcher.start()

    assert launched["data"].startswith("/var/lib/tajhiz/")
    assert psql(launched, launcher, "SELECT 1") == "1"
    assert os.stat(f"/proc/{launched['pids']['postgres']}").st_uid == NOBODY
