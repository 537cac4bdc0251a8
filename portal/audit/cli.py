"""``tajhiz audit``: export the chain, verify a copy or the database."""

import asyncio
import sys
import tempfile
from typing import IO

import click

from portal.audit.verifier import Broken, Intact, file_lines, report, verify


@click.group()
def audit() -> None:
    """Export and verify the record of every action."""


@audit.command("export")
@click.argument("file", type=click.File("wb", atomic=True))
def export_command(file: IO[bytes]) -> None:
    """Write the whole chain to FILE (NDJSON; - is the standard output)."""
    from portal import database
    from portal.audit.exporting import chain_lines

    async def run() -> None:
        async with database.pool(min_size=1, max_size=1):
            async for lines in chain_lines(None):
                file.write(lines)

    asyncio.run(run())


@audit.command("verify")
@click.argument("file", required=False)
@click.option("--head", help="A published digest, which the chain must contain.")
@click.option("--database", "live", is_flag=True, help="Verify the database instead of a file.")
def verify_command(file: str | None, head: str | None, live: bool) -> None:
    """Re-compute every digest of FILE (an export), and exit with 1 at the first fault.

    A missing end is noticed only with --head, as published on the portal's verification page.
    """
    if live == (file is not None):
        raise click.UsageError("Name a FILE, or say --database.")
    outcome = asyncio.run(_live(head)) if live else verify(file_lines(str(file)), head=head)
    text, code = report(outcome)
    click.echo(text)
    sys.exit(code)


async def _live(head: str | None) -> Intact | Broken:
    """Verify what the database holds, by way of a temporary file: it may be longer than memory."""
    from portal import database
    from portal.audit.exporting import chain_lines

    with tempfile.TemporaryFile() as copy:
        async with database.pool(min_size=1, max_size=1):
            async for lines in chain_lines(None):
                copy.write(lines)
        copy.seek(0)
        return verify(copy, head=head)


@audit.command("head")
def head_command() -> None:
    """Print the number and digest of the last record."""
    from portal import database
    from portal.audit.queries import newest

    async def run() -> None:
        async with database.pool(min_size=1, max_size=1):
            head = await newest()
            click.echo(f"{head.seq} {head.digest}")

    asyncio.run(run())


COMMANDS = (audit,)
