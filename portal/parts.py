"""Single files of the packages of this deployment, for those who need no whole package.

A ``package.py`` brings all pages along: a second of processor time that a command does not need.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from portal.settings import get_settings


@contextmanager
def loading() -> Iterator[None]:
    """Keep the garbage collector from the modules, which stay: it is a sixth of a start."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def names_of(part: str) -> list[str]:
    """Return the full names of the files called ``part`` of the packages that have one."""
    names = [f"{package}.{part}" for package in get_settings().packages]
    return [name for name in names if find_spec(name) is not None]


def parts(part: str) -> Iterator[ModuleType]:
    """Import the files called ``part`` of the packages that have one."""
    return map(import_module, names_of(part))
