import subprocess
import sys
import urllib.request

from portal.local.__main__ import arguments
from portal.local.instance import ROOT
from portal.local.run import VAR
from tests.local.conftest import children_of, gone, running


def command(var, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "portal.local", "--var", str(var), *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def everybody(pid: int) -> dict[str, int]:
    """Return a process's children, their children, and so on."""
    found = children_of(pid)
    for child in list(found.values()):
        found |= everybody(child)
    return found


def test_the_local_data_are_below_var_unless_another_folder_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "argv", ["portal.local", "run"])
    assert arguments().var == VAR

    monkeypatch.setattr(sys, "argv", ["portal.local", "--var", str(tmp_path), "run"])
    assert arguments().var == tmp_path


def test_run_starts_the_portal_and_killed_hard_leaves_no_process(launcher):
    began = ["-m", "portal.local", "--var", str(launcher.var), "run"]
    portal = launcher.start_other(began)
    lines = []
    while not (lines and lines[-1].startswith("  Ctrl-C")):
        lines.append(portal.stdout.readline())
        assert lines[-1] != "", "".join(lines)
    address = next(line.split()[3] for line in lines if line.startswith("  Tajhiz is at"))
    family = everybody(portal.pid)

    with urllib.request.urlopen(address) as answer:
        assert answer.status == 200
    said = command(
        launcher.var, "with", "psql", "-At", "-c", "SELECT count(*) > 0 FROM device_model"
    )
    assert (said.stdout, said.stderr) == ("t\n", "")
    portal.kill()
    assert gone(family)


def test_with_says_when_no_portal_runs(tmp_path):
    said = command(tmp_path, "with", "psql")

    assert said.returncode == 1
    assert said.stderr == (
        "✗ The portal does not run here: start « make run », then « psql » in another terminal.\n"
    )


def test_forget_removes_the_data_and_keeps_the_logs(launcher):
    launcher.start()
    launcher.process.terminate()
    launcher.process.communicate()

    said = command(launcher.var, "forget")

    assert (said.returncode, said.stderr) == (0, "")
    assert [path.name for path in launcher.var.iterdir() if path.is_dir()] == ["log"]


def test_forget_refuses_while_the_portal_runs(launcher):
    launched = launcher.start()

    said = command(launcher.var, "forget")

    assert said.returncode == 1
    assert said.stderr.startswith("✗ The portal of this clone runs already")
    assert running(launched["pids"]) == list(launched["pids"])
