"""The readings of an evidence pack as its verification reads them, sent as they are read."""

import asyncio
import zlib
from collections.abc import AsyncIterator

from telemetry_ingest.errors import ReadingsHaveCome
from telemetry_ingest.evidence.merkle import Tree
from telemetry_ingest.evidence.pack import Contents, Pack
from telemetry_ingest.evidence.readings import HEADER, Row, line
from telemetry_ingest.evidence.verify import contents_of
from telemetry_ingest.queries.readings import Stretch, count_of, exact_count_of, pieces

GZIP = 31  # zlib's word for « with the head and the end of a gzip file »


class OtherReadings(Exception):
    """The readings that were sent are not those of the pack: the file must not look whole."""


def stretches(found: Contents) -> list[Stretch]:
    """Return what a pack is of, in the order of its lines."""
    return [
        Stretch(unit.number, code, found.window.start, found.window.end)
        for unit in sorted(found.units, key=lambda one: one.number)
        for code in sorted(found.protocol.codes)
    ]


async def check_counts(pack: Pack) -> None:
    """See that no reading came since the pack was made, before the first byte is sent.

    Raises:
        ReadingsHaveCome: one did.
    """
    kept = {
        (one["device"], one["metric"]): one["count"] for one in pack.sections["readings"]["series"]
    }
    for one in stretches(contents_of(pack)):
        meant = kept.get((one.device, one.metric), 0)
        # Roll-ups answer at once; where they say something else, each reading is counted.
        if await count_of(one) != meant and await exact_count_of(one) != meant:
            raise ReadingsHaveCome


async def sent(pack: Pack) -> AsyncIterator[bytes]:
    """Yield ``readings.csv.gz``; the same readings give the same bytes.

    Raises:
        OtherReadings: they are not those of the pack; the file is left without its end.
    """
    tree, packer = Tree(), zlib.compressobj(wbits=GZIP)
    yield packer.compress(HEADER + b"\n")
    for one in stretches(contents_of(pack)):
        async for rows in pieces(one):
            if part := await asyncio.to_thread(_packed, rows, tree, packer):
                yield part
    if tree.root != pack.sections["readings"]["root"]:
        raise OtherReadings
    yield packer.flush()


def _packed(rows: list[Row], tree: Tree, packer: "zlib._Compress") -> bytes:
    texts = [line(row) for row in rows]
    for text in texts:
        tree.add(text)
    return packer.compress(b"\n".join(texts) + b"\n")
