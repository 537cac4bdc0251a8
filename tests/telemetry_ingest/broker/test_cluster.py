"""The campaign of `make cluster-test`, short: one server of three is killed."""

import socket

import nats
import pytest

from bench.telemetry import cluster as clusters
from bench.telemetry.cluster import campaign, cluster, prepare
from portal.local.places import any_port
from portal.local.process import LocalTrouble
from telemetry_ingest.wire.subjects import STREAM


async def test_nothing_acknowledged_is_lost_when_a_server_is_killed(tmp_path):
    with cluster(tmp_path, "always") as children:
        await prepare(list(children), replicas=1)  # as a single server left it; the next raises it
        result = await campaign(children, kills=1, senders=3, rate=150)
        nc = await nats.connect([node.url for node in children])
        copies = (await nc.jetstream().stream_info(STREAM)).config.num_replicas
        await nc.close()

    assert (result.kills, copies) == (1, 3)
    assert result.sent > 0
    assert (result.acknowledged, result.stored, result.lost) == (result.sent, result.sent, 0)


def test_servers_whose_port_is_taken_are_started_once_more_on_others(tmp_path, monkeypatch):
    with socket.create_server(("127.0.0.1", any_port())) as somebody:
        ports = iter([any_port() for _ in range(4)] + [somebody.getsockname()[1]])
        monkeypatch.setattr(clusters, "any_port", lambda: next(ports, None) or any_port())
        with cluster(tmp_path, "always") as children:
            assert all(node.caught_up() for node in children)

    said = (tmp_path / "first" / "n2.log").read_text()
    assert "address already in use" in said
    assert (tmp_path / "second" / "n2.log").exists()


def test_servers_that_cannot_start_say_which_and_why_at_once(tmp_path):
    with (
        pytest.raises(LocalTrouble, match=r"n\d stopped while starting: .*invalid duration"),
        cluster(tmp_path, "never"),
    ):
        pass
