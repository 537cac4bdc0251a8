"""What the gateway's ``/metrics`` tells Prometheus."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)


class GatewayMeasures:
    """The counters of one application."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.answers = Counter(
            "tajhiz_gateway_answers_total",
            "Requests by topic and by what was answered.",
            ("topic", "answer"),
            registry=self.registry,
        )
        self.messages = Counter(
            "tajhiz_gateway_mqtt5_messages_total",
            "Messages over MQTT 5 by topic and by what was answered.",
            ("topic", "answer"),
            registry=self.registry,
        )
        self.connects = Counter(
            "tajhiz_gateway_mqtt5_connects_total",
            "Attempts to connect over MQTT 5, by the answer.",
            ("answer",),
            registry=self.registry,
        )
        self.ends = Counter(
            "tajhiz_gateway_mqtt5_ends_total",
            "Connections over MQTT 5 that ended, by why.",
            ("reason",),
            registry=self.registry,
        )
        self.connections = Gauge(
            "tajhiz_gateway_mqtt5_connections", "Connections over MQTT 5.", registry=self.registry
        )
        self._counters: dict[tuple[Counter, str, str], Counter] = {}
        self.readings = Counter(
            "tajhiz_gateway_readings_total", "Readings kept.", registry=self.registry
        )
        self.duplicates = Counter(
            "tajhiz_gateway_duplicates_total",
            "Messages that were already kept.",
            registry=self.registry,
        )
        self.seconds = Histogram(
            "tajhiz_gateway_seconds",
            "Time until JetStream acknowledged.",
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.waiting = Gauge(
            "tajhiz_gateway_waiting",
            "Messages that wait for their acknowledgement.",
            registry=self.registry,
        )

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
