"""A server answers, answers wrongly, or is not there."""

import http.server
import threading
from contextlib import contextmanager

import pytest

from portal.local.answering import answers
from portal.local.places import any_port


@contextmanager
def serving(status: int):
    class Healthz(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/healthz" else 404)
            self.end_headers()

        def log_message(self, *_said: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Healthz) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


@pytest.mark.parametrize(("status", "healthy"), [(200, True), (503, False)])
def test_only_200_is_health(status, healthy):
    with serving(status) as port:
        assert answers(port) is healthy


def test_nobody_there_is_no_health():
    assert not answers(any_port())
