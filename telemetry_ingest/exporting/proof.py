"""The readings of an evidence pack as its verification reads them, sent as they are read."""

import asyncio
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

from telemetry_ingest.errors import ReadingsHaveCome
from telemetry_ingest.evidence import keeping
from telemetry_ingest.evidence.merkle import Tree
from telemetry_ingest.evidence.pack import Contents, Pack
from telemetry_ingest.evidence.readings import HEADER, Row, line
from telemetry_ingest.evidence.verify import contents_of
from telemetry_ingest.queries.readings import Stretch, count_of, exact_count_of, pieces

CHUNK = 256 * 1024
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


def kept_with(pack: Pack) -> Path | None:
    """Return the file that was written when the pack was made, if it is still there."""
    path = keeping.file_of(pack.sections["readings"]["root"])
    return path if path.is_file() else None


async def file_of(pack: Pack) -> AsyncIterator[bytes]:
    """Return what is sent: the file kept with the pack, or its readings read once more.

    Raises:
        ReadingsHaveCome: the file is gone, and other readings are there since.
    """
    path = kept_with(pack)
    if path is not None:
        return _copied(path)
    await check_counts(pack)
    return sent(pack)


async def _copied(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while chunk := await asyncio.to_thread(file.read, CHUNK):
            yield chunk


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
