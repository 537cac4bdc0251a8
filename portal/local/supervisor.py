"""Start children in stages, keep them running, and stop them in the opposite order."""

import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import NoReturn

from portal.local.process import LIBC, PR_SET_PDEATHSIG, Child, LocalTrouble

Say = Callable[[str], None]
LONGEST_PAUSE_S = 30.0
STEADY_S = 60.0
HEALTH_EVERY_S = 5.0
HEALTH_MISSES = 6
GRACE_S = 6.0


class StopRequested(BaseException):
    """Somebody asked us to stop: Ctrl-C, SIGTERM, a closed terminal, the end of `make`."""


@dataclass
class Watch:
    """What we remember about one child while it runs."""

    child: Child
    crashes: int = 0
    misses: int = 0
    started_s: float = 0
    again_s: float | None = None


@dataclass
class Supervisor:
    """The children in the order they were started.

    Attributes:
        say: takes one line for the person who watches.
    """

    say: Say
    stages: list[list[Watch]] = field(default_factory=list)

    @property
    def watches(self) -> list[Watch]:
        """Return the children of all stages."""
        return [watch for stage in self.stages for watch in stage]

    def start(self, children: Sequence[Child]) -> None:
        """Start the children of one stage together and return when all of them answer.

        Raises:
            LocalTrouble: one did not come up.
        """
        stage = [Watch(child) for child in children]
        self.stages.append(stage)
        for watch in stage:
            self._begin(watch)
        for watch in stage:
            self._wait_ready(watch)

    def watch_until_stopped(self) -> NoReturn:
        """Start again whatever ends or no longer answers; only :class:`StopRequested` ends it."""
        checked_s = time.monotonic()
        pause = threading.Event()
        while True:
            pause.wait(0.1)
            now = time.monotonic()
            ask = now - checked_s > HEALTH_EVERY_S
            checked_s = now if ask else checked_s
            for watch in self.watches:
                self._look_after(watch, now, ask=ask)

    def stop(self) -> None:
        """Stop the children, the last started first; those of one stage wait for nobody."""
        with impatience(self.end_now):
            for stage in reversed(self.stages):
                for watch in stage:
                    watch.child.ask_to_stop()
                for watch in stage:
                    watch.child.finish(GRACE_S)
        self.stages.clear()

    def end_now(self) -> None:
        """End all children by force."""
        for watch in self.watches:
            watch.child.end_now()

    def _begin(self, watch: Watch) -> None:
        watch.again_s = None
        watch.misses = 0
        watch.started_s = time.monotonic()
        watch.child.start()

    def _wait_ready(self, watch: Watch) -> None:
        for attempt in range(1, watch.child.tries + 1):
            try:
                watch.child.wait_ready()
                return
            except LocalTrouble:
                if attempt == watch.child.tries or watch.child.alive():
                    raise
                watch.child.finish(0)
                time.sleep(0.5 * attempt)
                self._begin(watch)

    def _look_after(self, watch: Watch, now: float, *, ask: bool) -> None:
        if watch.again_s is not None:
            if now >= watch.again_s:
                self._begin(watch)
        elif not watch.child.alive():
            self._plan_restart(watch, now, f"stopped: {watch.child.last_words()}")
        elif ask and now - watch.started_s > watch.child.patience_s:
            watch.misses = 0 if watch.child.healthy() else watch.misses + 1
            if watch.misses >= HEALTH_MISSES:
                self._plan_restart(watch, now, "no longer answers")

    def _plan_restart(self, watch: Watch, now: float, what: str) -> None:
        if now - watch.started_s > STEADY_S:
            watch.crashes = 0
        pause = min(LONGEST_PAUSE_S, 0.2 * 2**watch.crashes)
        watch.crashes += 1
        watch.again_s = now + pause
        self.say(f"! {watch.child.name} {what}\n  Starting it again in {pause:.1f} s.")
        watch.child.stop(GRACE_S)


@contextmanager
def stop_signals() -> Iterator[None]:
    """Turn the signals that ask us to stop into :class:`StopRequested`."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise StopRequested

    with _handling(stop):
        yield


@contextmanager
def impatience(end_now: Callable[[], None]) -> Iterator[None]:
    """While we stop politely, let a second request end everything by force."""

    def hurry(number: int, frame: FrameType | None) -> None:
        end_now()

    with _handling(hurry):
        yield


@contextmanager
def _handling(handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(number, handler) for number in numbers]
    try:
        yield
    finally:
        for number, previous in zip(numbers, before, strict=True):
            signal.signal(number, previous)


def stop_with_parent() -> None:
    """Ask the kernel to send us SIGTERM when the process that started us ends."""
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
