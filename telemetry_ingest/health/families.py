"""What telemetry tells Prometheus through the portal's ``/metrics``, and what ``/readyz`` says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from litestar.datastructures import State
from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

from telemetry_ingest.health.beats import GATEWAY, INGEST, Beat
from telemetry_ingest.health.broker import FULL, Broker
from telemetry_ingest.health.collecting import look
from telemetry_ingest.health.snapshot import Kept, Snapshot
from telemetry_ingest.states import Refusal

# Figures of a process → what they are called and what they count.
COUNTED = {
    "messages": "Messages stored.",
    "readings": "Readings stored.",
    "repeated": "Readings that were there already.",
    "refused": "Messages and readings refused.",
    "waits": "Times the database did not take a batch and it was tried again.",
}


async def measured(state: State) -> list[Metric]:
    """Return every family, as things are now."""
    return list(families(await look(state.settings, state.valkey)))


async def beside(state: State) -> dict[str, str]:
    """Return what is away although a page can be answered: the broker, who stores, who takes."""
    seen = await look(state.settings, state.valkey)
    full = seen.broker is not None and seen.broker.fullness >= FULL
    return {
        "nats": "full"
        if full
        else "ok"
        if seen.broker
        else "no stream"
        if seen.no_stream
        else "away",
        "ingest": "ok" if seen.ingests else "none alive",
        "gateway": "ok" if seen.gateways else "none alive",
    }


def families(seen: Snapshot) -> Iterable[Metric]:
    """Yield what a snapshot says; a part that is away has no figures rather than zeros."""
    yield _gauge("nats_up", "Whether the broker and its stream answer.", seen.broker is not None)
    if seen.broker is not None:
        yield from _of_broker(seen, seen.broker)
    if seen.kept is not None:
        yield from _of_database(seen.kept)
    if seen.beats is not None:
        yield from _of_processes(seen, seen.beats)


def _of_broker(seen: Snapshot, broker: Broker) -> Iterable[Metric]:
    yield _gauge("lag_messages", "Messages kept and not stored.", broker.behind)
    yield _gauge("lag_seconds", "Age of the oldest message that is not stored.", seen.late_s or 0)
    yield _gauge("unacknowledged_messages", "Of these, those a lane has.", broker.unacknowledged)
    yield _counter("received_messages", "Messages ever kept by the stream.", broker.last)
    yield _counter("stored_messages", "Messages ever stored out of it.", broker.done)
    yield _gauge("stream_messages", "Messages in the stream.", broker.messages)
    yield _gauge("stream_bytes", "Room the stream takes.", broker.bytes)
    yield _gauge("stream_limit_bytes", "Room the stream has.", broker.most_bytes)


def _of_database(kept: Kept) -> Iterable[Metric]:
    yield _by_reason(kept.refused)
    yield _counter("violations", "What devices tried and may not.", kept.violations)
    for name, text, value in (
        ("quarantine_messages", "Refused messages not played again.", kept.quarantined),
        ("quarantine_playable_messages", "Those whose content is kept.", kept.playable),
        ("ledger_expected", "Numbers given to readings, in running pilots.", kept.expected),
        ("ledger_missing", "Those that are not stored.", kept.missing),
        ("dirty_hours", "Hours whose roll-ups wait to be counted.", kept.dirty_hours),
        ("taken_hours", "Hours a worker has in hand.", kept.taken_hours),
        ("days_ahead", "Days after today that have partitions.", kept.days_ahead),
        ("cold_days", "Days moved to files.", kept.cold_days),
        ("cold_readings", "Readings in these files.", kept.cold_readings),
        ("overdue_days", "Days that should be in files.", kept.overdue_days),
        ("devices", "Devices of running pilots.", kept.devices),
        ("silent_devices", "Those not heard of for an hour.", kept.silent_devices),
    ):
        yield _gauge(name, text, value)


def _of_processes(seen: Snapshot, beats: Iterable[Beat]) -> Iterable[Metric]:
    alive = _labelled("processes", "Processes that say they run.", "kind")
    dead = _labelled("processes_died", "Those killed in the last hour.", "kind")
    for kind in (INGEST, GATEWAY):
        alive.add_metric([kind], len(seen.alive(kind)))
        dead.add_metric([kind], len(seen.dead(kind)))
    memory = GaugeMetricFamily(
        "tajhiz_telemetry_process_memory_bytes", "Memory held.", labels=("kind", "process")
    )
    running = [one for kind in (INGEST, GATEWAY) for one in seen.alive(kind)]
    for one in running:
        memory.add_metric([one.kind, one.name], one.memory)
    yield from (alive, dead, memory)
    if seen.worker is not None:
        yield _gauge("worker_up", "Whether a worker was heard of lately.", seen.worker)
    yield from _counts(running)


def _counts(running: Iterable[Beat]) -> Iterable[Metric]:
    for name, text in COUNTED.items():
        family = CounterMetricFamily(f"tajhiz_ingest_{name}", text, labels=("process",))
        for one in running:
            if one.kind == INGEST:
                family.add_metric([one.name], one.figures.get(name, 0))
        yield family


def _by_reason(refused: Mapping[Refusal, int]) -> Metric:
    family = CounterMetricFamily(
        "tajhiz_telemetry_refused", "Messages and readings refused.", labels=("reason",)
    )
    for reason in Refusal:
        family.add_metric([reason.value], refused.get(reason, 0))
    return family


def _labelled(name: str, text: str, label: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"tajhiz_telemetry_{name}", text, labels=(label,))


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"tajhiz_telemetry_{name}", text, value=float(value))


def _counter(name: str, text: str, value: float) -> Metric:
    return CounterMetricFamily(f"tajhiz_telemetry_{name}", text, value=float(value))
