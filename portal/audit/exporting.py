"""Writing the audit to a file: the whole chain as NDJSON, or a readable list as CSV."""

import csv
from collections.abc import AsyncIterator, Container, Mapping
from io import StringIO
from uuid import UUID

from portal.audit.queries import Sought, in_order
from portal.audit.verifier import canonical
from portal.audit.words import detail_text

CSV_HEAD = (
    "seq", "at", "event", "words", "actor", "organisation", "subject_kind", "subject_id",
    "details", "digest",
)  # fmt: skip
RISKY = ("=", "+", "-", "@", "\t", "\r")


async def chain_lines(readable: Container[UUID] | None) -> AsyncIterator[bytes]:
    """Yield the whole chain in batches of lines; records that may not be read are closed."""
    async for entries in in_order(Sought()):
        lines = [
            canonical(one.line(closed=readable is not None and one.organisation_id not in readable))
            for one in entries
        ]
        yield b"\n".join(lines) + b"\n"


async def table_lines(sought: Sought, words: Mapping[str, str]) -> AsyncIterator[bytes]:
    """Yield part of a trail as CSV with a byte-order mark, so that Excel reads the accents."""
    yield b"\xef\xbb\xbf" + _row(*CSV_HEAD)
    async for entries in in_order(sought):
        yield b"".join(
            _row(
                one.seq,
                one.said()["at"],
                one.event,
                words.get(one.event, one.event),
                one.actor,
                one.organisation_id or "",
                one.subject_kind,
                one.subject_id,
                detail_text(one.details),
                one.digest,
            )
            for one in entries
        )


def _row(*cells: object) -> bytes:
    written = StringIO()
    csv.writer(written).writerow([_harmless(str(cell)) for cell in cells])
    return written.getvalue().encode()


def _harmless(cell: str) -> str:
    """Keep a spreadsheet from taking a text for a formula."""
    return f"'{cell}" if cell.startswith(RISKY) else cell
