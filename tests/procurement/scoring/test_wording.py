"""Every number of an outcome has its sentence, and every sentence is used."""

import ast
import re
from pathlib import Path

from procurement.scoring import wording

ROOT = Path(__file__).parents[3] / "procurement" / "scoring"
SOURCES = [path for path in sorted(ROOT.rglob("*.py")) if path.parent.name != "wording"]
CODE = re.compile(r"[a-z][a-z0-9_.]*")


def test_every_code_of_a_line_has_a_sentence():
    used = {
        keyword.value.value
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Line"
        for keyword in node.keywords
        if keyword.arg == "code" and isinstance(keyword.value, ast.Constant)
    }

    assert used - wording.sentences().keys() == set()


def test_every_sentence_is_used():
    written = {
        node.value
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }

    assert wording.sentences().keys() - written == set()


def test_codes_are_written_one_way():
    assert [code for code in wording.sentences() if not CODE.fullmatch(code)] == []
