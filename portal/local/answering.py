"""Whether a server of ours answers at its address for health."""

import http.client
from contextlib import closing

HOST = "127.0.0.1"


def answers(port: int, *, patience_s: float = 2) -> bool:
    """Say whether « /healthz » of a server on this machine answers 200."""
    line = http.client.HTTPConnection(HOST, port, timeout=patience_s)
    with closing(line):
        try:
            line.request("GET", "/healthz")
            return line.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
