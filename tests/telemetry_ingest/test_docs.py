"""What docs/telemetry.md says is proven, is."""

import re

import pytest

from tests.sources import ROOT

PAGE = (ROOT / "docs" / "telemetry.md").read_text(encoding="utf-8")
PROOFS = re.findall(r"`([\w/]+\.py)::(test_\w+)`", PAGE)


def test_there_are_invariants():
    assert len(PROOFS) > 20


@pytest.mark.parametrize(("path", "test"), PROOFS, ids=[test for _path, test in PROOFS])
def test_the_test_of_an_invariant_exists(path, test):
    source = (ROOT / "tests" / "telemetry_ingest" / path).read_text(encoding="utf-8")

    assert re.search(rf"^(async )?def {test}\(", source, re.MULTILINE)


def test_the_folders_it_names_exist():
    table = PAGE.split("## Where things are")[1].split("## What must")[0]
    for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE):
        for name in re.findall(r"`([\w/.]+)`", row):
            assert (ROOT / "telemetry_ingest" / name).exists(), name
