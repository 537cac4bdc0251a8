"""What was made lately: made once, few at a time, and a failure is not kept."""

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
