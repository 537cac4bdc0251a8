"""The example of docs/scoring.md is what it says it is."""

import json
import re
from pathlib import Path

from procurement.scoring import reading, recompute, record
from procurement.scoring.engine import evaluate

PAGE = (Path(__file__).parents[3] / "docs" / "scoring.md").read_text(encoding="utf-8")


def test_the_example_is_evaluated_as_the_page_says():
    (example,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    file = reading.read(example)

    (lot,) = evaluate(file).lots

    reference = next(line for line in lot.lines if line.code == "statute.reference")
    assert (lot.winner, lot.amount, reference.values) == (
        "b1", 94_000_000, {"reference": 98_500_000},
    )  # fmt: skip
    assert recompute.differences(json.loads(record.written(record.make(file)))) == []
