"""Devices that send until they are told « stored »: over MQTT 3.1.1 or 5, or over HTTPS."""

import http.client
import threading
import time
from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import Any

import msgspec
import paho.mqtt.client as mqtt

SPO2 = 150456
READINGS = 10


@dataclass
class Device(threading.Thread):
    """One device; ``acknowledged`` are the first numbers of messages that it may forget."""

    device: str
    number: int
    token: str
    port: int
    pause_s: float = 0.01
    acknowledged: list[int] = field(default_factory=list)
    sends: int = 0
    stopping: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def __hash__(self) -> int:
        return self.number

    def run(self) -> None:
        """Send message after message, each until it is acknowledged."""
        seq = 0
        while not self.stopping.is_set():
            content = self.message(seq)
            while not self.stopping.is_set():
                self.sends += 1
                if self.send(content):
                    self.acknowledged.append(seq)
                    seq += READINGS
                    break
                time.sleep(0.1)
            time.sleep(self.pause_s)
        self.close()

    def message(self, seq: int) -> bytes:
        """Return ten readings, the next of the sequence."""
        now = time.time_ns() // 1000
        readings = [(now + place * 1000, SPO2, 97.0) for place in range(READINGS)]
        return msgspec.msgpack.encode({"boot": 1, "seq": seq, "sent": now, "readings": readings})

    def send(self, content: bytes) -> bool:
        """Send once and say whether it was acknowledged."""
        raise NotImplementedError

    def close(self) -> None:
        """End the connection."""


class OnMqtt(Device):
    """A device that publishes with QoS 1 and waits for PUBACK."""

    client: mqtt.Client | None = None
    protocol = mqtt.MQTTv311
    refused = False

    def send(self, content: bytes) -> bool:
        try:
            client, self.refused = self._connected(), False
            sent = client.publish(f"pilots/{self.device}/readings", content, qos=1)
            sent.wait_for_publish(3)
            if sent.is_published() and not self.refused:
                return True
        except (OSError, RuntimeError, ValueError):
            pass
        self.close()
        return False

    def _heard(self, _client: object, _data: object, _mid: int, reason: Any, _said: object) -> None:
        """Remember a PUBACK that says no, which only MQTT 5 has; paho counts it as published."""
        self.refused = bool(reason.is_failure)

    def close(self) -> None:
        client, self.client = self.client, None
        if client is not None:
            with suppress(Exception):
                client.disconnect()
                client.loop_stop()

    def _connected(self) -> mqtt.Client:
        if self.client is None:
            # Own reconnection would send from its own queue: we want to know what is acknowledged.
            client = mqtt.Client(
                mqtt.CallbackAPIVersion.VERSION2, client_id="", protocol=self.protocol,
                reconnect_on_failure=False,
            )  # fmt: skip
            client.on_publish = self._heard
            client.username_pw_set(self.device, self.token)
            client.connect("127.0.0.1", self.port, keepalive=10)
            client.loop_start()
            self.client = client
            for _ in range(300):
                if client.is_connected():
                    return client
                time.sleep(0.01)
            raise OSError("not let in")
        return self.client


class OnMqtt5(OnMqtt):
    """The same at the door of the gateway."""

    protocol = mqtt.MQTTv5


class OnHttps(Device):
    """A device that posts batches and waits for 202."""

    def send(self, content: bytes) -> bool:
        headers = {
            "Authorization": f"Bearer {self.device}.{self.token}",
            "Content-Type": "application/msgpack",
        }
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)) as line:
                line.request("POST", "/v1/readings", content, headers)
                return line.getresponse().status == http.client.ACCEPTED
        except (OSError, http.client.HTTPException):
            return False
