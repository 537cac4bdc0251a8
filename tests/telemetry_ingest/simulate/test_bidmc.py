"""Recordings of the BIDMC data set."""

import pytest

from telemetry_ingest.simulate import bidmc


def test_a_folder_without_recordings_is_said(tmp_path):
    with pytest.raises(ValueError, match="no "):
        bidmc.recordings(tmp_path)


def test_a_file_of_something_else_is_said():
    with pytest.raises(ValueError, match="no column"):
        bidmc.rows_of(["a,b", "1,2"])


@pytest.mark.parametrize(
    ("text", "value"), [("97", 97.0), ("", None), ("NaN", None), ("0", None), ("-?-", None)]
)
def test_zero_and_nothing_are_failed_measurements(text, value):
    assert bidmc.value_of(text) == value


def test_recordings_come_in_order(tmp_path):
    for name, spo2 in (("b", 98), ("a", 97)):
        (tmp_path / f"{name}_Numerics.csv").write_text(f"Time [s], SpO2\n0,{spo2}\n")

    assert [one[0]["MDC_PULS_OXIM_SAT_O2"] for one in bidmc.recordings(tmp_path)] == [97.0, 98.0]
