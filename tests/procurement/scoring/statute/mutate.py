"""Change one comparison, constant or sign of the statutory rules at a time: a test must notice.

    .venv/bin/python -m tests.procurement.scoring.statute.mutate [module …]

Each mutant is run in a process of its own against this folder's tests, until the first failure.
A mutant that survives is a missing test, or changes nothing that anyone can observe: then it
stands in ``mutate_equal`` with the reason.
"""

import ast
import copy
import importlib.machinery
import importlib.util
import os
import signal
import sys
from functools import partial
from pathlib import Path

import hypothesis
import numpy  # noqa: F401  imported once, before the processes are made
import pytest

import procurement.scoring.draw
import procurement.scoring.references
import procurement.scoring.wording  # noqa: F401
from tests.procurement.scoring.statute.mutate_equal import EQUAL

HERE = Path(__file__).parent
ROOT = HERE.parents[3]
PACKAGE = ROOT / "procurement" / "scoring" / "statute"
SECONDS = 60

# The tests that are about a module; the others are about those that rank and award.
ABOUT = {
    "batch": ["test_batch"],
    "fields": ["test_hindsight"],
    "hindsight": ["test_hindsight"],
    "rectification": ["test_rectification"],
    "words": ["test_words"],
}
RANKING = [
    "test_vectors", "test_reference_price", "test_preference", "test_studies", "test_turns",
    "test_lots", "test_versions",
]  # fmt: skip

COMPARED = {
    ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt), ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,), ast.In: (ast.NotIn,), ast.NotIn: (ast.In,),
}  # fmt: skip
COMPUTED = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult,
}  # fmt: skip


def mutants(tree):
    """Yield (line, what, changed tree) for every mutant of a module."""
    for place, node in enumerate(deciding(tree)):
        for what, change in changes(node):
            changed = copy.deepcopy(tree)
            change(list(deciding(changed))[place])
            yield node.lineno, what, ast.fix_missing_locations(changed)


def deciding(tree):
    """Walk through what can decide: no annotation, no decorator, no keyword of a class."""
    todo = [tree]
    while todo:
        node = todo.pop(0)
        if isinstance(node, (ast.Compare, ast.BinOp, ast.BoolOp, ast.UnaryOp, ast.Constant)):
            yield node
        if isinstance(node, ast.keyword) and node.arg == "strict":
            continue  # a mark for readers: the lists have one length
        for name, value in ast.iter_fields(node):
            if name in {"annotation", "returns", "decorator_list", "keywords"} and not isinstance(
                node, ast.Call
            ):
                continue
            parts = value if isinstance(value, list) else [value]
            todo += [part for part in parts if isinstance(part, ast.AST)]


def changes(node):
    """Yield (what, function that makes the change) for one node."""
    if isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            for other in COMPARED[type(operator)]:
                what = f"{type(operator).__name__} -> {other.__name__}"
                yield what, partial(compare, place=place, other=other)
    elif isinstance(node, ast.BinOp) and type(node.op) in COMPUTED:
        other = COMPUTED[type(node.op)]
        yield f"{type(node.op).__name__} -> {other.__name__}", partial(put, op=other())
    elif isinstance(node, ast.BoolOp):
        other = ast.Or if isinstance(node.op, ast.And) else ast.And
        yield f"-> {other.__name__}", partial(put, op=other())
    elif isinstance(node, ast.UnaryOp):
        yield from unary_changes(node)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        other = not node.value if isinstance(node.value, bool) else node.value + 1
        yield f"{node.value} -> {other}", partial(put, value=other)


def unary_changes(node):
    if isinstance(node.op, ast.USub):
        yield "- -> +", partial(put, op=ast.UAdd())
    elif isinstance(node.op, ast.Not):
        yield (
            "not -> not not",
            partial(put, operand=ast.UnaryOp(op=ast.Not(), operand=node.operand)),
        )


def compare(node, place, other):
    node.ops[place] = other()


def put(node, **fields):
    for name, value in fields.items():
        setattr(node, name, value)


class Changed(importlib.machinery.SourceFileLoader):
    """Loads a module from a changed tree."""

    def __init__(self, name, path, tree):
        super().__init__(name, path)
        self.tree = tree

    def get_code(self, fullname):
        return compile(self.tree, self.path, "exec")


class Finder:
    """Finds the one module that is changed."""

    def __init__(self, name, path, tree):
        self.name, self.path, self.tree = name, path, tree

    def find_spec(self, name, path=None, target=None):
        if name != self.name:
            return None
        loader = Changed(name, str(self.path), self.tree)
        return importlib.util.spec_from_file_location(name, self.path, loader=loader)


def survives(name, path, tree):
    """Run the tests against a changed module in another process."""
    child = os.fork()
    if child == 0:
        signal.alarm(SECONDS)  # an endless loop is noticed too
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1), os.dup2(quiet, 2)
        sys.meta_path.insert(0, Finder(name, path, tree))
        try:
            os._exit(int(tests(path.stem)))
        except BaseException:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    return status == 0


def tests(module):
    files = [str(HERE / f"{name}.py") for name in ABOUT.get(module, RANKING)]
    hypothesis.settings.register_profile(
        "mutants", max_examples=40, derandomize=True, database=None, deadline=None,
        phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
    )  # fmt: skip
    hypothesis.settings.load_profile("mutants")
    # None of the plugins of the whole suite: to load them takes longer than these tests.
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    return pytest.main(
        ["-x", "-q", "-W", "error", "-c", os.devnull, f"--rootdir={ROOT}", "--noconftest",
         "--import-mode=importlib", "--assert=plain", "-p", "no:cacheprovider", *files]
    )  # fmt: skip


def main(names):
    """Try every mutant; return 1 if one survives that should not, or the other way round."""
    alive, made = [], 0
    paths = [PACKAGE / f"{name}.py" for name in names] or sorted(PACKAGE.glob("[a-z]*.py"))
    for path in paths:
        source = path.read_text(encoding="utf-8")
        if not survives(f"procurement.scoring.statute.{path.stem}", path, ast.parse(source)):
            sys.exit("the tests fail on the unchanged module")
        count, found = tried(path, source)
        made, alive = made + count, alive + found
        print(f"{path.stem}: {count} mutants, {len(found)} alive", flush=True)
    lines = [line for line in alive if line not in EQUAL]
    gone = {line for line in EQUAL if line[0] in {path.stem for path in paths}} - set(alive)
    print(f"{made} mutants, {len(lines)} alive that should not be")
    for line in gone:
        print(f"no longer alive: {line}")
    return bool(lines or gone)


def tried(path, source):
    """Return how many mutants a module has, and those that survive."""
    count, alive = 0, []
    for line, what, tree in mutants(ast.parse(source)):
        count += 1
        if survives(f"procurement.scoring.statute.{path.stem}", path, tree):
            alive.append((path.stem, source.splitlines()[line - 1].strip(), what))
            print(f"{path.stem}:{line} {what}: {alive[-1][1]}", flush=True)
    return count, alive


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
