"""What a process of the pipeline says of itself: counts, and how far it is behind."""

import time

from msgspec import Struct

from telemetry_ingest.consumer.batch import Batch
from telemetry_ingest.consumer.storing import Stored


class Figures(Struct):
    """Counts since the process started.

    Attributes:
        pending: messages the broker still has for the consumer, when it was last asked.
        lag_us: from when the broker kept the oldest message of the last batch to its commit.
        stored_at: when something was last committed, seconds since 1970.
        waits: how often the database did not take a batch and it was tried again.
    """

    messages: int = 0
    readings: int = 0
    repeated: int = 0
    refused: int = 0
    batches: int = 0
    waits: int = 0
    pending: int = 0
    lag_us: int = 0
    stored_at: float = 0.0
    started_at: float = 0.0

    def stored(self, messages: int, batch: Batch, stored: Stored, oldest_us: int) -> None:
        """Count a committed batch."""
        self.messages += messages
        self.readings += stored.readings
        self.repeated += stored.repeated
        self.refused += stored.refused
        self.batches += 1
        self.stored_at = time.time()
        self.lag_us = int(self.stored_at * 1e6) - oldest_us
