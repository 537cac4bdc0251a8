"""What ``/metrics`` tells Prometheus about this process."""

import os
from typing import Any

from litestar.types import Scope
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

BUCKETS = (0.005, 0.01, 0.02, 0.04, 0.08, 0.12, 0.25, 0.5, 1, 2.5, 5, 10)


class Measures:
    """The counters of one application; an application has its own so that tests do not add up."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "tajhiz_requests_total",
            "Answers by route and status.",
            ("route", "method", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "tajhiz_request_seconds",
            "Time to the end of the answer, by route.",
            ("route",),
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.in_flight = self._gauge("tajhiz_requests_in_flight", "Requests being answered.")
        self.pool_size = self._gauge("tajhiz_database_connections", "Connections of the pool.")
        self.pool_idle = self._gauge("tajhiz_database_connections_idle", "Of these, the free ones.")
        self.jobs = self._gauge("tajhiz_jobs_waiting", "Jobs in the queue.")
        self.dirty = self._gauge("tajhiz_search_dirty", "Subjects that wait for the search index.")

    def _gauge(self, name: str, text: str) -> Gauge:
        return Gauge(name, text, registry=self.registry, multiprocess_mode="livesum")

    def answered(self, scope: Scope, status: int, seconds: float) -> None:
        """Count one answer."""
        route = route_of(scope)
        self.requests.labels(route, scope.get("method", ""), str(status)).inc()
        self.seconds.labels(route).observe(seconds)

    def text(self) -> bytes:
        """Return everything in the format Prometheus reads, of all processes when they share."""
        if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
            return generate_latest(self.registry)
        shared = CollectorRegistry()
        MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
        return generate_latest(shared)


def route_of(scope: Scope) -> str:
    """Return the name of the route that answered: never the address, which may hold a secret."""
    handler: Any = scope.get("route_handler")
    if handler is None:
        return "none"
    return str(handler.name or scope.get("path_template") or "unnamed")
