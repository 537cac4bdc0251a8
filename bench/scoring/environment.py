"""The environment of the peers, `.venv-bench-scoring`: some of them want old packages."""

import subprocess
import sys

from portal.local import bootstrap

VENV = bootstrap.ROOT / ".venv-bench-scoring"
PYTHON = VENV / "bin" / "python"
LOCK = bootstrap.REQUIREMENTS / "bench-scoring.txt"


def ready() -> str | None:
    """Install what is locked unless it is installed; return what went wrong, if something did."""
    try:
        with bootstrap.alone():
            marked = VENV / "pyvenv.cfg"
            bootstrap.step("the environment of the peers", marked, bootstrap.venv_mark(), make)
            done = VENV / ".tajhiz" / "peers"
            bootstrap.step("the peers", done, bootstrap.digest(LOCK), install)
    except bootstrap.SetUpFailed as trouble:
        return str(trouble)
    return None


def make() -> None:
    """Create the environment, without pip: ours installs into it."""
    command = [sys.executable, "-m", "venv", "--clear", "--without-pip", str(VENV)]
    bootstrap.run(command, "Creating .venv-bench-scoring")


def install() -> None:
    """Install the peers as they are locked: with uv, which is quick, or else with pip."""
    locked = ["--require-hashes", "-r", str(LOCK)]
    uv = [str(bootstrap.VENV / "bin" / "uv"), "pip", "install", "--quiet", "--python", str(PYTHON)]
    if bootstrap.attempt([*uv, *locked], bootstrap.uv_environment()):
        return
    pip = [sys.executable, "-m", "pip", "--python", str(PYTHON), "install", "--quiet"]
    bootstrap.run([*pip, *locked], "Installing the peers")


def load() -> str:
    """Return the load of the machine, as `uptime` says it."""
    return subprocess.run(["uptime"], capture_output=True, text=True).stdout.strip()
