"""What has to come from the operating system: found, installed where that is allowed, or named.

Standard library only: it runs before anything is installed.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

# The first draws no window around a page: a story takes it a third less of the processor's time.
CHROMIUM_NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
PANGO_LIBRARIES = {
    "linux": ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0"),
    "darwin": ("libpango-1.0.dylib", "libpangoft2-1.0.dylib", "libharfbuzz-subset.dylib"),
}


@dataclass(frozen=True)
class SystemPart:
    """One part, how to see whether it is there, and its Debian packages."""

    name: str
    purpose: str
    packages: tuple[str, ...]
    present: Callable[[], bool]


def chromium() -> str | None:
    """Return the browser for the tests: ours by name, else the one Playwright installed."""
    named = os.environ.get("TAJHIZ_CHROMIUM")
    if named:
        return named
    found = next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)
    return found or _playwright_chromium()


def has_pango() -> bool:
    """Say whether the libraries that lay out PDF documents can be loaded."""
    for library in PANGO_LIBRARIES.get(sys.platform, ()):
        try:
            ctypes.CDLL(library)
        except OSError:
            return False
    return True


def has_venv() -> bool:
    """Say whether this Python can make a virtual environment with pip in it."""
    done = subprocess.run([sys.executable, "-c", "import venv, ensurepip"], capture_output=True)
    return done.returncode == 0


PANGO = SystemPart(
    "Pango",
    "makes the PDF documents",
    ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"),
    has_pango,
)
CHROMIUM = SystemPart(
    "Chromium",
    "runs the browser tests",
    ("chromium-headless-shell",),
    lambda: chromium() is not None,
)
OPENSSL = SystemPart(
    "OpenSSL",
    "makes the certificates of the deployment, which the tests try",
    ("openssl",),
    lambda: shutil.which("openssl") is not None,
)
VENV = SystemPart("Python's venv module", "holds the Python packages", ("python3-venv",), has_venv)


def missing(*parts: SystemPart) -> list[SystemPart]:
    """Return the parts that are not there."""
    return [part for part in parts if not part.present()]


def may_install() -> bool:
    """Say whether we may install packages: Debian or Ubuntu, as root or with sudo unasked."""
    return shutil.which("apt-get") is not None and _privilege() is not None


def install(parts: list[SystemPart], log: Path) -> bool:
    """Install the parts with apt-get and say whether they are there now."""
    before = _privilege() or []
    packages = [package for part in parts for package in part.packages]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    commands = (
        [*before, "apt-get", "update", "-q"],
        [*before, "apt-get", "install", "-q", "-y", "--no-install-recommends", *packages],
    )
    with log.open("ab") as output:
        for command in commands:
            subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=environment
            )
    return not missing(*parts)


def advice(part: SystemPart) -> str:
    """Return the one line that tells a person what to install."""
    packages = " ".join(part.packages)
    return (
        f"{part.name} is missing ({part.purpose}): install the package {packages}, "
        f"on Debian or Ubuntu with « sudo apt-get install {packages} », and run make again."
    )


def _privilege() -> list[str] | None:
    """Return what to put before a command that needs root, or ``None`` when we may not be root."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    asked = subprocess.run(["sudo", "-n", "true"], stdin=subprocess.DEVNULL, capture_output=True)
    return ["sudo", "-n"] if asked.returncode == 0 else None


def _playwright_chromium() -> str | None:
    folder = os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright"
    for kind in ("chromium_headless_shell-*/*/*headless?shell", "chromium-*/chrome-linux*/chrome"):
        if found := sorted(Path(folder).glob(kind)):
            return str(found[-1])
    return None
