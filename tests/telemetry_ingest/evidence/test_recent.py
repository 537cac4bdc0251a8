"""What was made lately: made once, few at a time, and a failure is not kept."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from telemetry_ingest.evidence.recent import Recent


def test_what_was_asked_for_lately_is_kept_and_the_oldest_goes():
    made: list[str] = []
    recent = Recent[str](2)

    def ask(name: str) -> str:
        return recent.of(name, lambda: made.append(name) or name.upper())

    assert [ask(one) for one in "abacab"] == list("ABACAB")
    assert made == ["a", "b", "c", "b"]


def test_what_failed_is_tried_again():
    recent = Recent[float](2)
    with pytest.raises(ZeroDivisionError):
        recent.of("x", lambda: 1 / 0)
    assert recent.of("x", lambda: 1.0) == 1.0


def test_who_asks_for_what_is_being_made_waits_for_it_and_nobody_else_does():
    made: list[str] = []
    begun, go = Event(), Event()
    recent = Recent[str](2)

    def slowly() -> str:
        begun.set()
        assert go.wait(10)
        made.append("slow")
        return "slow"

    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(recent.of, "a", slowly)
        assert begun.wait(10)
        second = pool.submit(recent.of, "a", slowly)
        assert recent.of("b", lambda: "quick") == "quick"
        go.set()
        assert (first.result(10), second.result(10)) == ("slow", "slow")
    assert made == ["slow"]
