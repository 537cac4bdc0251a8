"""What Prometheus reads: a part that is away has no figures rather than zeros."""

from dataclasses import replace

from telemetry_ingest.health.families import families
from telemetry_ingest.states import Refusal
from tests.telemetry_ingest.health.snapshots import KEPT, beat, broker, seen


def values(snapshot) -> dict[str, float]:
    return {
        one.name + "".join(f"[{text}]" for text in one.labels.values()): one.value
        for family in families(snapshot)
        for one in family.samples
    }


def test_the_figures_of_everything():
    kept = replace(KEPT, missing=7, refused={Refusal.NOT_RUNNING: 4}, violations=2)
    said = values(
        seen(
            broker=broker(waiting=3, late_s=90),
            kept=kept,
            beats=(beat(messages=5, readings=50), beat(name="two", silent_s=60)),
        )
    )

    assert said["tajhiz_telemetry_lag_messages"] == 3
    assert said["tajhiz_telemetry_lag_seconds"] == 90
    assert said["tajhiz_telemetry_stream_limit_bytes"] == 1000
    assert said["tajhiz_telemetry_ledger_missing"] == 7
    assert said["tajhiz_telemetry_refused_total[not_running]"] == 4
    assert said["tajhiz_telemetry_refused_total[too_large]"] == 0
    assert said["tajhiz_telemetry_violations_total"] == 2
    assert said["tajhiz_telemetry_processes[ingest]"] == 1
    assert said["tajhiz_telemetry_processes_died[ingest]"] == 1
    assert said["tajhiz_telemetry_process_memory_bytes[ingest][one]"] == 50_000_000
    assert said["tajhiz_ingest_readings_total[one]"] == 50


def test_what_is_away_has_no_figures():
    assert values(seen(broker=None, kept=None, beats=None, worker=None)) == {
        "tajhiz_telemetry_nats_up": 0.0
    }
