"""The published cases with known answers, where the folder with them is at hand."""

import json
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[5] / "shared" / "data" / "scoring_cases"


def case(name: str) -> dict:
    """Return a case, or skip the test where the cases are not."""
    file = FOLDER / f"{name}.json"
    if not file.exists():
        pytest.skip(f"the published cases are not beside this clone ({name})")
    return json.loads(file.read_text(encoding="utf-8"))
