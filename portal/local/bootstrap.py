"""Make this clone ready for `make run`, `make test` or `make bench`.

Run by whatever Python the machine has (`python3 -m portal.local.bootstrap run`), so it uses the
standard library only. Each step leaves a stamp; a step whose inputs did not change is skipped.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.local import browser_files, system_parts

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NODE_MODULES = ROOT / "node_modules"
STATIC = ROOT / "portal" / "static"
REQUIREMENTS = ROOT / "requirements"
LOG = ROOT / "var" / "log" / "set-up.log"
STAMPS = VENV / ".tajhiz"
# A larger lock holds everything a smaller one does.
LOCKS = ("run", "dev", "bench")
# pip's settings that uv reads under other names.
PIP_TO_UV = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "cert": "SSL_CERT_FILE",
}


class SetUpFailed(Exception):
    """A step failed; the text is one sentence that says what failed and what to do."""


def main(lock: str) -> int:
    """Make the clone ready for what the lock file ``lock`` serves and return the exit status."""
    try:
        LOG.parent.mkdir(parents=True, exist_ok=True)
        with alone():
            set_up(lock)
    except (SetUpFailed, browser_files.IconUnknown) as trouble:
        print(f"✗ {trouble}", file=sys.stderr)
    except KeyboardInterrupt:
        print("\n✗ Stopped; the next make goes on from here.", file=sys.stderr)
    except OSError as error:
        print(f"✗ The set-up cannot go on: {error}.", file=sys.stderr)
    except Exception:
        with LOG.open("a") as log:
            traceback.print_exc(file=log)
        print(f"✗ The set-up failed unexpectedly; please report {LOG}.", file=sys.stderr)
    else:
        return 0
    return 1


def set_up(lock: str) -> None:
    """Do the steps that are not done yet."""
    if not PYTHON.exists():  # also when the Python it was made with is gone
        (VENV / "pyvenv.cfg").unlink(missing_ok=True)
    step("the Python environment", VENV / "pyvenv.cfg", venv_mark(), make_venv)
    held = next((name for name in LOCKS[LOCKS.index(lock) :] if packages_stamp(name)), None)
    if held is None:
        step("the Python packages", STAMPS / lock, mark_of(lock), lambda: install_packages(lock))
    project = ROOT / "pyproject.toml"
    step("the project itself", STAMPS / "project", digest(project), install_project)
    packages = digest(ROOT / "package-lock.json")
    step("the browser files", NODE_MODULES / ".tajhiz", packages, install_browser_files)
    icons = STATIC / "icons.txt"
    sources = digest(ROOT / "package-lock.json", icons, Path(browser_files.__file__))
    step("the static files", STATIC / "vendor" / ".tajhiz", sources, copy_browser_files)
    check_system(lock)


def step(what: str, stamp: Path, mark: str, work: Callable[[], None]) -> None:
    """Do ``work`` unless its stamp carries ``mark``, and stamp it when it is done."""
    if stamp.exists() and mark in stamp.read_text():
        return
    began = time.monotonic()
    print(f"· Preparing {what} …", end="", flush=True)
    try:
        work()
    except BaseException:
        print(flush=True)
        raise
    stamp.parent.mkdir(parents=True, exist_ok=True)
    with stamp.open("a" if stamp.name == "pyvenv.cfg" else "w") as file:
        file.write(f"# {mark}\n")
    print(f" {time.monotonic() - began:.0f} s", flush=True)


def venv_mark() -> str:
    """Return what a usable environment is marked with: it cannot be moved."""
    return f"tajhiz {ROOT}"


def make_venv() -> None:
    """Create `.venv`, anew when the one that is there is not ours or does not run."""
    need(system_parts.VENV)
    if VENV.is_symlink():  # clearing it would empty the environment of another clone
        VENV.unlink()
    run([sys.executable, "-m", "venv", "--clear", str(VENV)], "Creating .venv")


def mark_of(lock: str) -> str:
    """Return the mark of the packages that the lock file ``lock`` names."""
    return digest(REQUIREMENTS / f"{lock}.txt")


def packages_stamp(lock: str) -> bool:
    """Say whether the packages of ``lock`` are installed."""
    stamp = STAMPS / lock
    return stamp.exists() and mark_of(lock) in stamp.read_text()


def install_packages(lock: str) -> None:
    """Install the locked packages: with uv, which is quick, or else with pip."""
    for name in LOCKS:
        (STAMPS / name).unlink(missing_ok=True)
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    wanted = ["--require-hashes", "-r", str(REQUIREMENTS / f"{lock}.txt")]
    quick = ["--require-hashes", "-r", str(REQUIREMENTS / "uv.txt")]
    if attempt([*pip, *quick]) and attempt([*uv(), *wanted], uv_environment()):
        return
    run([*pip, *wanted], "Installing the Python packages")


def install_project() -> None:
    """Install the project itself, so that its files are used where they are."""
    wanted = ["--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
    if not attempt([*uv(), *wanted], uv_environment()):
        run([str(PYTHON), "-m", "pip", "install", "--quiet", *wanted], "Installing the project")


def install_browser_files() -> None:
    """Install the npm packages of the lock with the Node that came as a wheel."""
    environment = {**os.environ, "PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}
    # The lock names no address: npm asks the registry the machine is set to.
    npm = [str(VENV / "bin" / "npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    run(npm, "Installing the browser files", environment)


def copy_browser_files() -> None:
    """Copy what the pages use to `portal/static/vendor`."""
    browser_files.copy(NODE_MODULES, STATIC / "icons.txt", STATIC / "vendor")


def check_system(lock: str) -> None:
    """Install what the operating system lacks, or say what to install."""
    if lock == "run":
        if system_parts.missing(system_parts.PANGO) and not installed(system_parts.PANGO):
            print(f"! {system_parts.advice(system_parts.PANGO)}", file=sys.stderr)
        return
    need(system_parts.PANGO)
    need(system_parts.OPENSSL)
    need(system_parts.CHROMIUM, otherwise=install_playwright_chromium)


def need(part: system_parts.SystemPart, otherwise: Callable[[], None] = lambda: None) -> None:
    """Make sure a system part is there.

    Raises:
        SetUpFailed: it is not and may not be installed; the text names the package.
    """
    if part.present() or installed(part):
        return
    otherwise()
    if not part.present():
        raise SetUpFailed(system_parts.advice(part))


def installed(part: system_parts.SystemPart) -> bool:
    """Install a system part where we may, and say whether it is there now."""
    if not system_parts.may_install():
        return False
    print(f"· Installing {part.name}, which {part.purpose} …", flush=True)
    return system_parts.install([part], LOG)


def install_playwright_chromium() -> None:
    """Install the browser that Playwright itself distributes, for an account without root."""
    # Playwright's own Node needs a library (libatomic) that a bare machine lacks; ours does not.
    environment = {**os.environ, "PLAYWRIGHT_NODEJS_PATH": str(VENV / "bin" / "node")}
    attempt([str(VENV / "bin" / "playwright"), "install", "chromium"], environment)


def uv() -> list[str]:
    """Return the start of a uv command that installs into `.venv`."""
    return [str(VENV / "bin" / "uv"), "pip", "install", "--quiet", "--python", str(PYTHON)]


def uv_environment() -> dict[str, str]:
    """Return our environment with pip's settings under the names uv reads."""
    environment = {**os.environ, "UV_PYTHON_DOWNLOADS": "never"}
    asked = subprocess.run(
        [str(PYTHON), "-m", "pip", "config", "list"], capture_output=True, text=True
    )
    for line in asked.stdout.splitlines():
        name, _, value = line.partition("=")
        meant = PIP_TO_UV.get(name.rpartition(".")[2])
        if meant:
            environment.setdefault(meant, value.strip("'\""))
    return environment


def attempt(command: list[str], environment: dict[str, str] | None = None) -> bool:
    """Run a command with its output in the log and say whether it succeeded."""
    with LOG.open("ab") as log:
        log.write(f"\n$ {' '.join(command)}\n".encode())
        log.flush()
        try:
            done = subprocess.run(
                command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        except OSError as error:
            log.write(f"{error}\n".encode())
            return False
    return done.returncode == 0


def run(command: list[str], what: str, environment: dict[str, str] | None = None) -> None:
    """Run a command that has to succeed.

    Raises:
        SetUpFailed: it did not; the text quotes its last words.
    """
    if attempt(command, environment):
        return
    lines = [line.strip() for line in LOG.read_text(errors="replace").splitlines() if line.strip()]
    raise SetUpFailed(
        f"{what} failed: « {lines[-1][:300]} ». Check the network and the disk, and run make "
        f"again; everything it said is in {LOG}."
    )


def digest(*files: Path) -> str:
    """Return a mark of the contents of the files and of the Python that uses them."""
    marks = hashlib.sha256(f"{sys.version_info[:2]} {ROOT}".encode())
    for file in files:
        marks.update(file.read_bytes())
    return marks.hexdigest()


@contextmanager
def alone() -> Iterator[None]:
    """Hold the set-up for us alone; a second make waits for the first."""
    with (LOG.parent.parent / "set-up.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("· Waiting for the set-up that another make does here …", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def newer_python() -> str | None:
    """Return another Python of this machine that is new enough."""
    names = (f"python3.{minor}" for minor in (14, 13, 12, 11))
    return next((path for name in names if (path := shutil.which(name))), None)


if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036 - this file is what an older Python is asked to run
        better = newer_python()
        if better is None:
            sys.exit("✗ Python 3.11 or newer is needed: install it and run make again.")
        os.execv(better, [better, "-m", "portal.local.bootstrap", *sys.argv[1:]])  # noqa: S606
    sys.exit(main(sys.argv[1]))
