"""The source files of the repository and what they import, for the tests that read them."""

import ast
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
FLOORS = ("portal", "catalog", "telemetry_ingest", "events", "procurement")
SKIPPED = {"piccolo_migrations", "vendor", "__pycache__"}


def files(ending: str) -> list[Path]:
    """Return the files of the packages with this ending, without generated ones."""
    found = [path for floor in FLOORS for path in (ROOT / floor).rglob(f"*{ending}")]
    return sorted(path for path in found if not SKIPPED & set(path.parts))


def hidden(path: Path) -> bool:
    """Say whether a file stands in a folder that is not ours: an environment, a cache."""
    return any(part.startswith(".") for part in path.relative_to(ROOT).parts)


def name(path: Path) -> str:
    """Return how a test names a file."""
    return str(path.relative_to(ROOT))


def module_of(path: Path) -> str:
    """Return the dotted name of a module."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@lru_cache
def tree(path: Path) -> ast.Module:
    """Return the syntax of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


@lru_cache
def imported(path: Path) -> frozenset[str]:
    """Return the dotted names a file imports, also ``module.name`` of each imported name."""
    names: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (source := _source(path, node)):
            names.add(source)
            names |= {f"{source}.{alias.name}" for alias in node.names}
    return frozenset(names)


def _source(path: Path, node: ast.ImportFrom) -> str:
    """Return the module that names are imported from, also from beside the file."""
    beside = path.relative_to(ROOT).parts[: -node.level] if node.level else ()
    return ".".join((*beside, *filter(None, [node.module])))


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Return every function of a file, also those inside classes and functions."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [node for node in ast.walk(tree(path)) if isinstance(node, kinds)]


def calls(path: Path, *called: str) -> list[ast.Call]:
    """Return the calls of functions with these names, whatever they are called on."""
    found = []
    for node in ast.walk(tree(path)):
        if not isinstance(node, ast.Call):
            continue
        last = node.func.attr if isinstance(node.func, ast.Attribute) else None
        if (last or getattr(node.func, "id", None)) in called:
            found.append(node)
    return found


def texts(node: ast.AST | None) -> set[str]:
    """Return the texts an argument may be: a literal, or the branches of a conditional."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value}
    if isinstance(node, ast.IfExp):
        return texts(node.body) | texts(node.orelse)
    return set()
