"""Every refusal is typed, raised somewhere, reached by a test and said in three languages."""

import ast
import re
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest

from portal.messages import read
from procurement import scoring
from procurement.scoring.errors import ScoringError

ROOT = Path(__file__).parents[3]
SOURCES = [*(ROOT / "procurement" / "scoring").rglob("*.py")]
TESTS = [path for path in Path(__file__).parent.rglob("test_*.py") if path.name != "test_errors.py"]
PLACE = re.compile(r"%\((\w+)\)s")


def every(kind: type) -> list[type]:
    return [kind, *(one for below in kind.__subclasses__() for one in every(below))]


def errors() -> list[type]:
    for module in walk_packages(scoring.__path__, f"{scoring.__name__}."):
        if not module.name.endswith("__main__"):  # a program, not a module
            with suppress(ModuleNotFoundError):  # the optional extra may be missing
                import_module(module.name)
    return sorted(set(every(ScoringError)) - {ScoringError}, key=lambda one: one.__name__)


def calls_of(paths: list[Path], name: str) -> list[ast.Call]:
    return [
        node
        for path in paths
        if name in (text := path.read_text(encoding="utf-8"))
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == name
    ]


@pytest.mark.parametrize("error", errors(), ids=lambda one: one.__name__)
def test_an_error_is_raised_and_reached(error):
    written = "\n".join(path.read_text(encoding="utf-8") for path in TESTS)

    assert calls_of(SOURCES, error.__name__) != []
    assert re.search(
        rf"\b{error.__name__}\b", re.sub(r"^from .*|^import .*", "", written, flags=re.M)
    )


@pytest.mark.parametrize("error", errors(), ids=lambda one: one.__name__)
def test_an_error_has_values_for_all_places_of_its_sentence(error):
    wanted = set(PLACE.findall(error.message)) - {"field", "rule"}

    assert [
        ast.unparse(call)
        for call in calls_of(SOURCES, error.__name__)
        if not wanted <= {keyword.arg for keyword in call.keywords}
    ] == []


@pytest.mark.parametrize("code", ["fr", "ar"])
def test_an_error_is_translated(code):
    catalogue = read(ROOT / "procurement" / "locale" / f"{code}.po", code)

    missing = [
        error.__name__
        for error in errors()
        if not (found := catalogue.get(error.message)) or not found.string
    ]

    assert missing == []
