"""The catalogue of metrics beside the identifiers of IEEE 11073 that are at hand."""

import csv
from pathlib import Path

import pytest

from telemetry_ingest.metrics import by_code, code_of, metrics

IDENTIFIERS = Path(__file__).parents[3] / "shared/data/ieee11073/mdc_refids.csv"


@pytest.mark.skipif(not IDENTIFIERS.exists(), reason="the list of identifiers is not at hand")
def test_sure_codes_are_those_of_the_standard():
    with IDENTIFIERS.open(newline="") as file:
        known = {row["refid"]: row["cf_code_full"] for row in csv.DictReader(file)}

    assert {one.refid: str(one.code) for one in metrics().values() if one.sure} == {
        one.refid: known[one.refid] for one in metrics().values() if one.sure
    }


def test_codes_are_partition_and_term_of_different_metrics():
    assert len(by_code()) == len(metrics())
    assert all(one.low < one.high for one in metrics().values())


def test_a_metric_is_found_by_name_or_code():
    assert [code_of(one) for one in ("MDC_TEMP_BODY", 150364, "MDC_NONE", 1)] == [
        150364, 150364, None, None,
    ]  # fmt: skip
