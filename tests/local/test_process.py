import signal
import sys
import time

import pytest

from portal.local.process import Child, LocalTrouble
from portal.local.supervisor import Supervisor


def make_child(tmp_path, script: str, **more) -> Child:
    return Child(
        name="child",
        command=[sys.executable, "-c", script],
        log=tmp_path / "child.log",
        pid_file=tmp_path / "child.pid",
        **more,
    )


def test_a_child_that_ends_while_starting_is_quoted(tmp_path):
    child = make_child(tmp_path, "raise ValueError('no room')", healthy=lambda: False)
    child.start()

    with pytest.raises(LocalTrouble) as refused:
        child.wait_ready()

    log = tmp_path / "child.log"
    assert str(refused.value) == (
        f"child stopped while starting: « ValueError: no room » (see {log})."
    )
    child.stop()


def test_a_child_that_waits_for_one_that_ended_does_not_wait_on(tmp_path):
    ends = "print('[1] 2026/11/22 [FTL] port taken'); raise SystemExit(1)"
    ended = make_child(tmp_path / "ended", ends, healthy=lambda: False)
    waits = make_child(tmp_path, "import time; time.sleep(60)", healthy=lambda: False)
    for child in (ended, waits):
        child.start()

    with pytest.raises(LocalTrouble) as refused:
        waits.wait_ready(needs=[waits, ended])

    log = tmp_path / "ended" / "child.log"
    assert str(refused.value) == (
        f"child stopped while starting: « [1] 2026/11/22 [FTL] port taken » (see {log})."
    )
    for child in (ended, waits):
        child.end_now()
        child.stop()


def test_a_child_that_never_answers_is_given_up(tmp_path):
    child = make_child(
        tmp_path, "import time; time.sleep(60)", healthy=lambda: False, patience_s=0.2
    )
    child.start()

    with pytest.raises(LocalTrouble, match="did not answer within 0 s"):
        child.wait_ready()
    child.stop()


def test_a_child_deaf_to_the_polite_signal_is_ended_by_force(tmp_path):
    deaf = (
        "import signal, time; signal.signal(15, signal.SIG_IGN);"
        "print('deaf', flush=True); time.sleep(60)"
    )
    log = tmp_path / "child.log"
    child = make_child(tmp_path, deaf, healthy=lambda: log.read_text() == "deaf\n")
    child.start()
    child.wait_ready()
    process = child.process

    child.stop(grace_s=0.2)

    assert process.returncode == -signal.SIGKILL


def test_a_child_that_keeps_crashing_is_started_less_and_less_often(tmp_path):
    said = []
    supervisor = Supervisor(said.append)
    supervisor.start([make_child(tmp_path, "raise SystemExit('again')")])
    deadline = time.monotonic() + 2.5
    watch = supervisor.watches[0]
    while time.monotonic() < deadline:
        supervisor._look_after(watch, time.monotonic(), ask=False)
        time.sleep(0.01)
    supervisor.stop()

    pauses = [line.rpartition(" in ")[2] for line in said]
    assert pauses[:3] == ["0.2 s.", "0.4 s.", "0.8 s."]


def test_a_log_that_grew_large_is_turned_over(tmp_path):
    (tmp_path / "child.log").write_bytes(b"x" * (10 * 1024 * 1024 + 1))
    child = make_child(tmp_path, "print('new')")

    child.start()
    child.process.wait()
    child.stop()

    assert (tmp_path / "child.log").read_text() == "new\n"
    assert (tmp_path / "child.log.1").stat().st_size == 10 * 1024 * 1024 + 1
