"""What a library prints by itself does not come between our lines."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PRINTED = """
import ctypes
from procurement.silence import hushed
c = ctypes.CDLL(None)
print("before")
with hushed():
    c.puts(b"HighsMipSolverData")
print("after")
c.puts(b"of others")
"""
EVALUATED = """
import ctypes, sys
from procurement import commands
from procurement.scoring import engine

def noisy(file, **how):
    ctypes.CDLL(None).puts(b"HighsMipSolverData")
    return engine.evaluate(file, **how)

commands.evaluate = noisy
commands.evaluate_file(__import__("pathlib").Path(sys.argv[1]), None, None, "en", verify=True)
"""


def run(code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
        check=True,
    )  # fmt: skip


def test_what_c_prints_in_the_block_goes_nowhere_and_the_rest_comes_out():
    assert sorted(run(PRINTED).stdout.split("\n")) == ["", "after", "before", "of others"]


def test_a_closed_output_is_no_trouble():
    code = f"import os; os.close(1)\n{PRINTED}"

    assert run(code.replace('print("', 'str("').replace("c.puts", "str")).stdout == ""
    never_open = f"import sys; sys.stdout = None\n{code}"
    assert run(never_open.replace('print("', 'str("').replace("c.puts", "str")).stdout == ""


def test_the_command_prints_its_own_lines_only(tmp_path):
    path = tmp_path / "tender.json"
    path.write_text(FILE, encoding="utf-8")

    printed = run(EVALUATED, path).stdout

    assert ("The reference price is" in printed, "HighsMip" in printed) == (True, False)


FILE = """{"format": "tajhiz.evaluation/1", "tender": {"id": "T", "opened_on": "2026-03-10",
"method": {"kind": "reference_price", "category": "supplies"},
"lots": [{"id": "L", "estimate": 1000}]}, "dossier": {"bidders": [{"id": "A"}],
"bids": [{"id": "A", "bidder": "A", "lots": ["L"], "price": 900}]}}"""
