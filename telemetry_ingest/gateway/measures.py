"""What the gateway's ``/metrics`` tells Prometheus."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)


class GatewayMeasures:
    """The counters of one application."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.answers = self._counter(
            "answers", "Requests by topic and by what was answered.", "topic", "answer"
        )
        self.readings = self._counter("readings", "Readings kept.")
        self.duplicates = self._counter("duplicates", "Messages that were already kept.")
        self.seconds = Histogram(
            "tajhiz_gateway_seconds",
            "Time until JetStream acknowledged.",
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.waiting = self._gauge("waiting", "Messages that wait for their acknowledgement.")
        self.messages = self._counter(
            "mqtt5_messages", "Messages over MQTT 5, by topic and answer.", "topic", "answer"
        )
        self.connects = self._counter(
            "mqtt5_connects", "Attempts to connect over MQTT 5, by the answer.", "answer"
        )
        self.ends = self._counter("mqtt5_ends", "Connections that ended, by why.", "reason")
        self.connections = self._gauge("mqtt5_connections", "Connections over MQTT 5.")
        self._counters: dict[tuple[Counter, str, str], Counter] = {}

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(f"tajhiz_gateway_{name}_total", text, labels, registry=self.registry)

    def _gauge(self, name: str, text: str) -> Gauge:
        return Gauge(f"tajhiz_gateway_{name}", text, registry=self.registry)

    def figures(self, waiting: int) -> dict[str, float]:
        """Return what this process leaves for the health page."""
        return {
            "readings": self._sum("tajhiz_gateway_readings_total"),
            "duplicates": self._sum("tajhiz_gateway_duplicates_total"),
            "requests": self._sum("tajhiz_gateway_answers_total")
            + self._sum("tajhiz_gateway_mqtt5_messages_total"),
            "waiting": waiting,
        }

    def _sum(self, name: str) -> float:
        samples = [one for family in self.registry.collect() for one in family.samples]
        return sum(one.value for one in samples if one.name == name)

    def answered(self, topic: str, answer: str) -> None:
        """Count one answer over HTTPS."""
        self._count(self.answers, topic, answer)

    def over_mqtt5(self, topic: str, answer: str) -> None:
        """Count one answer over MQTT 5."""
        self._count(self.messages, topic, answer)

    def _count(self, family: Counter, topic: str, answer: str) -> None:
        counter = self._counters.get((family, topic, answer))
        if counter is None:
            counter = self._counters[family, topic, answer] = family.labels(topic, answer)
        counter.inc()

    def text(self) -> bytes:
        """Return everything in the format Prometheus reads."""
        return generate_latest(self.registry)
