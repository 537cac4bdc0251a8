"""The campaign of `make cluster-test`, short: one server of three is killed."""

import nats

from bench.telemetry.cluster import campaign, cluster, prepare
from telemetry_ingest.wire.subjects import STREAM


async def test_nothing_acknowledged_is_lost_when_a_server_is_killed(tmp_path):
    with cluster(tmp_path, "always") as children:
        await prepare(list(children), replicas=1)  # as a single server left it; the next raises it
        result = await campaign(children, kills=1, senders=3, rate=150)
        nc = await nats.connect([node.url for node in children])
        copies = (await nc.jetstream().stream_info(STREAM)).config.num_replicas
        await nc.close()

    assert (result.kills, copies) == (1, 3)
    assert result.sent > 100
    assert (result.acknowledged, result.stored, result.lost) == (result.sent, result.sent, 0)
