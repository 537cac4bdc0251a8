"""The rules of docs/structure.md, read from the source."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.sources import ROOT, calls, files, functions, imported, module_of, name

PYTHON = files(".py")
TEMPLATES = files(".html") + files(".txt")

# A floor may import the ones below it; the portal none of them.
MAY_IMPORT = {
    "portal": set(),
    "catalog": {"portal"},
    "telemetry_ingest": {"portal", "catalog"},
    "events": {"portal", "catalog"},
    "procurement": {"portal", "catalog", "telemetry_ingest"},
}
FRAMEWORKS = {"litestar", "piccolo", "asyncpg", "arq", "jinja2"}
# Inside a package a file may import only from its own level and those before it.
LEVELS = (
    {"states", "rules"},
    {"tables"},
    {"queries", "actions"},
    {"search", "jobs", "importers"},
    {"forms", "pages", "api", "cli"},
    {"package"},
)
LEVEL = {module: level for level, modules in enumerate(LEVELS) for module in modules}
JINJA = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)
FORBIDDEN = {"utils", "util", "helpers", "common", "manager", "base", "handler", "misc"}

FILE_LINES, FUNCTION_LINES, TEMPLATE_LINES = 400, 40, 150


def floor_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0]


def package_of(path: Path) -> tuple[str, ...]:
    """Return the folder of the package a file is in: the one that has a ``package.py``."""
    folder = path.parent
    while folder != ROOT and not (folder / "package.py").exists():
        folder = folder.parent
    return () if folder == ROOT / "portal" else folder.relative_to(ROOT).parts


def level_of(dotted: str, package: tuple[str, ...]) -> int | None:
    """Return the level of a module of this package; ``None`` for others."""
    parts = tuple(dotted.split("."))
    if not package or parts[: len(package)] != package or len(parts) == len(package):
        return None
    return LEVEL.get(parts[len(package)])


@pytest.mark.parametrize("path", PYTHON, ids=name)
def test_a_floor_imports_only_floors_below_it(path):
    floor = floor_of(path)
    others = {one.split(".")[0] for one in imported(path)} & set(MAY_IMPORT)

    assert others - {floor} - MAY_IMPORT[floor] == set()


@pytest.mark.parametrize("path", PYTHON, ids=name)
def test_a_file_imports_only_levels_before_its_own(path):
    package = package_of(path)
    level = level_of(module_of(path), package)
    if level is None:  # a kernel, access rules, an adapter …: it knows no page and no package
        level = LEVEL["jobs"]

    later = {one for one in imported(path) if (level_of(one, package) or 0) > level}

    assert later == set()


def pure(path: Path) -> bool:
    named = path.stem in {"rules", "states"} or path.parent.name == "rules"
    return named or path.is_relative_to(ROOT / "procurement" / "scoring")


@pytest.mark.parametrize("path", [path for path in PYTHON if pure(path)], ids=name)
def test_rules_and_states_are_pure(path):
    roots = {one.split(".")[0] for one in imported(path)}
    clocks = [call for call in calls(path, "now", "today", "utcnow", "time", "monotonic")]

    assert (roots & FRAMEWORKS, "portal.database" in imported(path), clocks) == (set(), False, [])


@pytest.mark.parametrize(
    "path", [one for one in PYTHON if one.is_relative_to(ROOT / "procurement/scoring")], ids=name
)
def test_the_scoring_engine_can_be_used_alone(path):
    others = {one for one in imported(path) if one.split(".")[0] in {"portal", "catalog"}}
    inside = {one for one in imported(path) if one.startswith("procurement")}

    assert (others, {one for one in inside if not one.startswith("procurement.scoring")}) == (
        set(),
        set(),
    )


def faces(path: Path) -> bool:
    parts = {*path.parts, path.stem}
    return bool(parts & {"pages", "forms"})


@pytest.mark.parametrize("path", [path for path in PYTHON if faces(path)], ids=name)
def test_pages_and_forms_know_no_database(path):
    known = {"piccolo", "asyncpg", "portal.database"}
    own_tables = {one for one in imported(path) if one.split(".")[-1] == "tables"}

    assert (
        {one for one in imported(path) if one in known or one.split(".")[0] in known},
        own_tables,
    ) == (set(), set())


@pytest.mark.parametrize("path", PYTHON, ids=name)
def test_python_keeps_to_its_budget(path):
    lines = len(path.read_text(encoding="utf-8").splitlines())
    long = {
        one.name: one.end_lineno - one.lineno + 1
        for one in functions(path)
        if one.end_lineno - one.lineno + 1 > FUNCTION_LINES
    }

    assert (lines <= FILE_LINES, long) == (True, {}), f"{lines} lines"


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_keeps_to_its_budget(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= TEMPLATE_LINES


@pytest.mark.parametrize("path", PYTHON, ids=name)
def test_a_module_has_a_name_that_says_something(path):
    assert {path.stem, path.parent.name} & FORBIDDEN == set()


def test_templates_carry_no_style_and_no_script():
    """The content security policy would refuse them; say so here rather than in a browser."""
    marks = (
        ' style="',
        " onclick=",
        " onchange=",
        " onsubmit=",
        " onload=",
        "<style",
        "javascript:",
    )
    markup = {path: JINJA.sub("", path.read_text(encoding="utf-8")) for path in files(".html")}
    found = {
        name(path): [mark for mark in marks if mark in markup[path]] for path in files(".html")
    }

    assert {path: marks for path, marks in found.items() if marks} == {}


# Modules whose functions are tested through others, each with the reason.
UNTESTED = {
    "portal/asgi.py": "one line; the browser tests start it",
    "catalog/cli.py": "tests/catalog/importers/test_commands.py runs it",
    "portal/local/guard.py": "a process; tests/local kills the launcher it guards",
    "catalog/searching/api.py": "tests/catalog/test_search_pages.py asks it by address",
    "catalog/searching/groups.py": "tests/portal/search/test_pages.py asks it by address",
    "portal/local/mail.py": "a process; tests/local and every mail test run it",
}


def mirror(path: Path) -> list[Path]:
    """Return the test files of the package a module is in."""
    package = package_of(path) or ("portal",)
    folder = ROOT.joinpath("tests", *package)
    return sorted(folder.glob("test_*.py") if package == ("portal",) else folder.rglob("test_*.py"))


@cache
def covered() -> frozenset[str]:
    """Return the modules that a test imports or is named after, and those they import in turn.

    Pages are asked by address, so that a test of a page is known by its name.
    """
    imports = {one for test in (ROOT / "tests").rglob("*.py") for one in imported(test)}
    modules = {module_of(path): path for path in PYTHON}
    named = {one for one, path in modules.items() if has_test_of_its_name(path)}
    found = (imports | named) & set(modules)
    waiting = list(found)
    while waiting:
        path = modules[waiting.pop()]
        if path.name == "package.py":  # it imports everything and says nothing
            continue
        for one in (imported(path) & set(modules)) - found:
            if package_of(modules[one]) == package_of(path):
                found.add(one)
                waiting.append(one)
    return frozenset(found)


def has_test_of_its_name(path: Path) -> bool:
    return any(path.stem in test.stem for test in mirror(path))


def with_functions() -> list[Path]:
    return [
        path
        for path in PYTHON
        if functions(path) and path.stem not in {"package", "piccolo_app", "__init__"}
    ]


@pytest.mark.parametrize("path", with_functions(), ids=name)
def test_a_module_with_functions_is_tested(path):
    assert module_of(path) in covered() or name(path) in UNTESTED, (
        f"write tests/{path.parent.relative_to(ROOT)}/test_{path.stem}.py"
    )


def test_exemptions_are_still_needed():
    assert [one for one in UNTESTED if not (ROOT / one).exists()] == []


@pytest.mark.parametrize("path", PYTHON, ids=name)
def test_every_module_says_what_it_is(path):
    body = ast.parse(path.read_text(encoding="utf-8"))

    assert body.body == [] or ast.get_docstring(body) is not None
