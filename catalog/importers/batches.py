"""Cut a file into batches: first records of a key, refusals, and where the batch ends."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from catalog.importers.opening import parts
from catalog.importers.reasons import Reason, Refusal
from catalog.importers.records import Item, Reader, Record, Term
from catalog.importers.seen import Seen

ROWS = 2000


@dataclass
class Batch:
    """A stretch of a file.

    ``position`` counts the rows from the file's start to the end of the batch; ``share`` is how
    much of the file that is, from 0 to 1, as far as can be told.
    """

    records: list[Record] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    position: int = 0
    share: float = 1.0


def batches(path: Path, read: Reader, *, rows: int = ROWS) -> Iterator[Batch]:
    """Yield the whole file in batches; the same file always gives the same ones."""
    seen, position, size = Seen(), 0, path.stat().st_size if path.is_file() else 1
    pending: list[Item] = []
    for part in parts(path):
        for item in read(part):
            if isinstance(item, Refusal) and "/" in part.name:
                item = replace(item, part=part.name)
            pending.append(item)
            if len(pending) == rows:
                position += rows
                yield _batch(pending, seen, position, part.whole.tell() / size)
                pending = []
    if pending:
        yield _batch(pending, seen, position + len(pending), 1.0)


def key_of(record: Record) -> str:
    """Return what identifies a record in its file."""
    return record.code if isinstance(record, Term) else record.key


def _batch(pending: list[Item], seen: Seen, position: int, share: float) -> Batch:
    batch = Batch(position=position, share=share)
    batch.refusals = [one for one in pending if isinstance(one, Refusal)]
    records = [one for one in pending if not isinstance(one, Refusal)]
    firsts = seen.first_time([key_of(record) for _, record in records])
    for (line, record), is_first in zip(records, firsts, strict=True):
        if is_first:
            batch.records.append(record)
        else:
            batch.refusals.append(Refusal(line, Reason.KEY_REPEATED, key_of(record)))
    return batch
